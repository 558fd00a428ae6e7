import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { Trade, TradeQuery } from "../src/index.ts";
import { anAccount, at, everyPage, orderOf, refused, tradeOf } from "./fixtures.ts";
import { contract, type OpenStore } from "./stores.ts";

const MANY = 10_000;

/** An order with this many trades, of which every 7 share a time and every 3 a quantity. */
async function traded(store: OpenStore, count: number) {
  const order = orderOf(await anAccount(store));
  await store.repositories.orderRepository.saveMany([order]);
  const trades = Array.from({ length: count }, (_, i) =>
    tradeOf(order, { executedAt: at(Math.floor(i / 7)), quantity: BigInt(1 + (i % 3)) }),
  );
  await store.repositories.tradeRepository.saveMany(trades);
  return { order, accountId: order.accountId, trades };
}

const ids = (trades: readonly { tradeId: string }[]) => trades.map(({ tradeId }) => tradeId);

export const pagingContract = contract("paging", (check) => {
  check("shows each of 10,000 rows once, in order, ties broken by the key", async (store) => {
    const { tradeRepository } = store.repositories;
    const { accountId, trades } = await traded(store, MANY);
    const query = (query: TradeQuery) => tradeRepository.query(query);
    const newestFirst = trades.toSorted(
      (one, other) => other.executedAt - one.executedAt || (other.tradeId < one.tradeId ? -1 : 1),
    );

    const { items, pages } = await everyPage(query, { accountId, limit: 1000 });

    assert.equal(pages, 10);
    assert.deepEqual(ids(items), ids(newestFirst));
    const odd = await everyPage(query, { accountId, limit: 999, sortOrder: "asc" });
    assert.deepEqual(ids(odd.items), ids(newestFirst.toReversed()));
  });

  check("is not disturbed by rows that come meanwhile", async (store) => {
    const { tradeRepository } = store.repositories;
    const { order, accountId, trades } = await traded(store, 300);
    const first = await tradeRepository.query({ accountId });
    assert.equal(first.items.length, 100);
    const late = [at(1_000_000), at(-1_000_000)].map((executedAt) =>
      tradeOf(order, { executedAt }),
    );
    await tradeRepository.saveMany(late);

    const rest = await everyPage((query: TradeQuery) => tradeRepository.query(query), {
      accountId,
      cursor: first.nextCursor!,
    });

    const seen = ids([...first.items, ...rest.items]);
    assert.equal(new Set(seen).size, seen.length);
    const older = late[1]!.tradeId;
    assert.deepEqual(new Set(seen), new Set([...ids(trades), older]));
  });

  check("sorts by every column that it says, both ways", async (store) => {
    const { tradeRepository } = store.repositories;
    const { accountId } = await traded(store, 50);
    for (const sortBy of ["executedAt", "symbol", "side", "quantity", "price", "fee"] as const) {
      const query = (query: TradeQuery) => tradeRepository.query(query);
      const up = await everyPage(query, { accountId, limit: 7, sortBy, sortOrder: "ASC" });
      const down = await everyPage(query, { accountId, limit: 9, sortBy, sortOrder: "DESC" });
      assert.deepEqual(ids(down.items), ids(up.items).toReversed());
      const values = up.items.map((trade: Trade) => trade[sortBy]);
      assert.deepEqual(
        values,
        values.toSorted((one, other) => (one < other ? -1 : one > other ? 1 : 0)),
      );
    }
    const named = await tradeRepository.query({
      accountId,
      sortBy: "executed_at",
      sortOrder: "desc",
    });
    assert.deepEqual(named, await tradeRepository.query({ accountId }));
  });

  check("counts limit and offset as it says", async (store) => {
    const { tradeRepository } = store.repositories;
    const { accountId } = await traded(store, 120);
    const all = (await tradeRepository.query({ accountId, limit: 1000 })).items;
    assert.equal(all.length, 120);
    assert.equal((await tradeRepository.query({ accountId, limit: 0 })).items.length, 100);
    const page = await tradeRepository.query({ accountId, limit: 10, offset: 115 });
    assert.deepEqual(ids(page.items), ids(all.slice(115)));
    assert.equal(page.nextCursor, undefined);
    const exact = await tradeRepository.query({ accountId, limit: 60, offset: 60 });
    assert.equal(exact.nextCursor, undefined);
    assert.equal((await tradeRepository.query({ accountId, offset: 500 })).items.length, 0);
  });

  check("refuses a query that makes no sense", async (store) => {
    const { tradeRepository, accountRepository } = store.repositories;
    const { accountId } = await traded(store, 3);
    const { nextCursor: cursor = "" } = await tradeRepository.query({ accountId, limit: 1 });
    const forged = (...parts: unknown[]) =>
      Buffer.from(JSON.stringify(parts)).toString("base64url");
    const queries: TradeQuery[] = [
      { limit: -1 },
      { limit: 1.5 },
      { limit: 1001 },
      { offset: -1 },
      { offset: Number.NaN },
      { sortBy: "metadata" },
      { sortBy: "trade_id; drop table trades" },
      { sortOrder: "sideways" },
      { sortOrder: "" },
      { cursor: "" },
      { cursor: "AAAA" },
      { cursor: `${cursor}x` },
      { cursor, sortOrder: "ASC" },
      { cursor, sortBy: "price" },
      { cursor, offset: 1 },
      { cursor: forged("trades executedAt DESC", "1", randomUUID()) },
      { cursor: forged("trades executedAt DESC", 1, "x") },
      { cursor: forged("trades executedAt DESC", 1) },
      { cursor: forged("trades executedAt DESC", 1e300, randomUUID()) },
    ];
    for (const query of queries) {
      await refused("invalid_query", () => tradeRepository.query({ accountId, ...query }));
    }
    await refused("invalid_query", () => accountRepository.query({ cursor }));
    assert.equal((await tradeRepository.query({ accountId, cursor })).items.length, 2);
  });
});
