import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MemoryDatabase, uuidV7 } from "@tse/storage/rows";
import { ManualClock } from "@tse/storage/testing";
import { repositoriesOver } from "../src/exchange-repositories.ts";
import { chained } from "../src/index.ts";
import { at, journalOf, minor, orderOf, refused, tradeOf } from "./fixtures.ts";
import { NOON } from "./stores.ts";

function aDatabase(history: number) {
  const clock = new ManualClock(NOON);
  const session = new MemoryDatabase(history);
  return repositoriesOver({ session, clock, newId: () => uuidV7(clock) });
}

describe("a database in memory", () => {
  it("forgets the oldest finished orders, and no open one", async () => {
    const { accountRepository, orderRepository } = aDatabase(3);
    const account = await accountRepository.create({ userId: "u", accountType: "SPOT" });
    const open = orderOf(account, { createdAt: at(0) });
    await orderRepository.saveMany([open]);
    const done = [1, 2, 3, 4, 5].map((i) =>
      orderOf(account, { createdAt: at(i), status: "EXPIRED", reservedAmount: minor(0n) }),
    );
    await orderRepository.saveMany(done);

    const { items } = await orderRepository.query({});

    assert.deepEqual(
      items.map(({ orderId }) => orderId),
      [done[4], done[3], done[2], open].map((order) => order?.orderId),
    );
    await refused("not_found", () => orderRepository.getById(done[0]!.orderId));
  });

  it("stores the trades of an order that the same unit of work finished", async () => {
    const { accountRepository, orderRepository, tradeRepository } = aDatabase(1);
    const account = await accountRepository.create({ userId: "u", accountType: "SPOT" });
    const order = orderOf(account);
    await orderRepository.saveMany([order]);
    await tradeRepository.saveMany([1, 2, 3].map((i) => tradeOf(order, { executedAt: at(i) })));
    const [trade, ...others] = await tradeRepository.getByOrderId(order.orderId);
    assert.equal(trade?.executedAt, at(3));
    assert.equal(others.length, 0);
  });

  it("forgets a ledger journal with all of its entries", async () => {
    const { accountRepository, ledgerRepository } = aDatabase(1);
    const account = await accountRepository.create({ userId: "u", accountType: "SPOT" });
    const [old, kept] = [journalOf(account, 1n), journalOf(account, 2n)] as const;
    await ledgerRepository.append([old, kept]);
    await refused("not_found", () => ledgerRepository.getById(old.journalId));
    assert.equal((await ledgerRepository.queryEntries({})).items.length, 2);
    assert.deepEqual(await ledgerRepository.getById(kept.journalId), kept);
  });

  it("verifies the audit trail from the oldest event that it has, and continues it", async () => {
    const { auditRepository } = aDatabase(10);
    const entry = {
      occurredAt: at(0),
      actor: "a",
      action: "b",
      entityType: "c",
      entityId: "d",
      accountId: undefined,
      correlationId: undefined,
      payload: {},
    };
    for (let i = 0; i < 3; i++) {
      const entries = Array.from({ length: 8 }, () => entry);
      await auditRepository.append(chained(await auditRepository.last(), entries));
    }
    const verdict = await auditRepository.verify();
    assert.equal(verdict.status, "intact");
    assert.equal(verdict.events, 10);
    assert.equal((await auditRepository.last())?.seq, 24);
  });

  it("keeps values, not the objects that it was given", async () => {
    const { accountRepository } = aDatabase(1);
    const metadata = { list: [1] };
    const given = { userId: "u", accountType: "SPOT", metadata } as const;
    const { accountId } = await accountRepository.create(given);
    metadata.list.push(2);
    const stored = await accountRepository.getById(accountId);
    assert.deepEqual(stored.metadata, { list: [1] });
    assert.throws(() => (stored.metadata as typeof metadata).list.push(3), TypeError);
  });
});
