import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { auditAndOutboxContract } from "./audit-outbox.contract.ts";
import { candleContract } from "./candle-repository.contract.ts";
import { datasetContract } from "./dataset-repository.contract.ts";
import { IMPLEMENTATIONS, type Implementation } from "./implementations.ts";
import { marketSnapshotContract } from "./market-snapshot-repository.contract.ts";
import { orderBookContract } from "./order-book-repository.contract.ts";
import { priceFeedContract, priceFeedListContract } from "./price-feed-repository.contract.ts";
import { retentionContract } from "./retention.contract.ts";
import { scenarioRunContract } from "./scenario-run-repository.contract.ts";
import { symbolContract } from "./symbol-repository.contract.ts";
import { unitOfWorkContract } from "./unit-of-work.contract.ts";

const CONTRACTS: readonly ((implementation: Implementation) => void)[] = [
  priceFeedContract,
  priceFeedListContract,
  candleContract,
  marketSnapshotContract,
  symbolContract,
  orderBookContract,
  datasetContract,
  scenarioRunContract,
  auditAndOutboxContract,
  unitOfWorkContract,
  retentionContract,
];

const passed = new Map<string, number>();

for (const implementation of IMPLEMENTATIONS) {
  const { name, skip } = implementation;
  describe(`market data in ${name}`, { skip }, () => {
    afterEach((test) => {
      if ("passed" in test && test.passed) passed.set(name, (passed.get(name) ?? 0) + 1);
    });
    for (const contract of CONTRACTS) contract(implementation);
  });
}

describe("the implementations of market data", () => {
  it("pass the same number of tests, each of them", () => {
    const tested = IMPLEMENTATIONS.filter(({ skip }) => skip === false);
    const counts = tested.map(({ name }) => passed.get(name));
    assert.ok((counts[0] ?? 0) > 0);
    assert.deepEqual(
      counts,
      tested.map(() => counts[0]),
    );
  });
});
