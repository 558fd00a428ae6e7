import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { accountRepositoryContract } from "./account-repository.contract.ts";
import { apiKeyRepositoryContract } from "./api-key-repository.contract.ts";
import { auditRepositoryContract } from "./audit-repository.contract.ts";
import { balanceRepositoryContract } from "./balance-repository.contract.ts";
import {
  idempotencyRepositoryContract,
  outboxRepositoryContract,
  projectionRepositoryContract,
  tapeRepositoryContract,
} from "./delivery.contract.ts";
import { instrumentRepositoryContract } from "./instrument-repository.contract.ts";
import { ledgerRepositoryContract } from "./ledger-repository.contract.ts";
import { orderRepositoryContract } from "./order-repository.contract.ts";
import { pagingContract } from "./paging.contract.ts";
import { STORES } from "./stores.ts";
import { tradeRepositoryContract } from "./trade-repository.contract.ts";
import { transferRepositoryContract } from "./transfer-repository.contract.ts";
import { unitOfWorkContract } from "./unit-of-work.contract.ts";

const CONTRACTS = [
  accountRepositoryContract,
  orderRepositoryContract,
  tradeRepositoryContract,
  balanceRepositoryContract,
  instrumentRepositoryContract,
  apiKeyRepositoryContract,
  transferRepositoryContract,
  ledgerRepositoryContract,
  auditRepositoryContract,
  outboxRepositoryContract,
  tapeRepositoryContract,
  projectionRepositoryContract,
  idempotencyRepositoryContract,
  pagingContract,
  unitOfWorkContract,
];

for (const store of STORES) for (const run of CONTRACTS) run(store);

describe("the stores", () => {
  it("pass equally many tests of their contracts", () => {
    const passed = STORES.filter(({ skip }) => skip === false).map((store) => store.passed);
    assert.ok(passed[0]! > 0);
    assert.deepEqual(new Set(passed).size, 1, passed.join(", "));
  });
});
