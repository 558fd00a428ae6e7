import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { Trade } from "../src/index.ts";
import { anAccount, at, LARGEST, minor, nextSeq, orderOf, refused, tradeOf } from "./fixtures.ts";
import { contract, type OpenStore } from "./stores.ts";

const ids = (trades: readonly { tradeId: string }[]) => trades.map(({ tradeId }) => tradeId);

async function anOrder(store: OpenStore, symbol = "BTC/USD") {
  const order = orderOf(await anAccount(store), { symbol });
  await store.repositories.orderRepository.saveMany([order]);
  return order;
}

export const tradeRepositoryContract = contract("trades", (check) => {
  check("fills what a new trade leaves out, and computes its quote quantity", async (store) => {
    const { tradeRepository: trades } = store.repositories;
    const { orderId, accountId } = await anOrder(store);
    const needed = {
      orderId,
      accountId,
      symbol: "BTC/USD",
      side: "BUY",
      feeCurrency: "USD",
    } as const;

    const made = await trades.create({ ...needed, quantity: 29_000_000n, price: 310_000_000n });

    const expected: Trade = {
      ...needed,
      tradeId: made.tradeId,
      matchId: undefined,
      tradeSeq: undefined,
      liquidity: "TAKER",
      quantity: 29_000_000n,
      price: 310_000_000n,
      quoteQuantity: minor(89_900_000n),
      fee: minor(0n),
      executedAt: store.clock.now(),
      metadata: undefined,
    };
    assert.deepEqual(made, expected);
    assert.deepEqual(await trades.getById(made.tradeId), expected);
  });

  check("keeps every field, and rounds a product beyond eight digits half up", async (store) => {
    const { tradeRepository: trades } = store.repositories;
    const order = await anOrder(store);
    const trade = tradeOf(order, {
      matchId: randomUUID(),
      tradeSeq: nextSeq(),
      quantity: 5n,
      price: 10_000_000n,
      fee: minor(LARGEST),
      metadata: { a: [1] },
      executedAt: at(999_999),
    });
    await trades.saveMany([trade]);

    assert.deepEqual(await trades.getById(trade.tradeId), { ...trade, quoteQuantity: 1n });
  });

  check("refuses the same trade twice, and stores none of a refused batch", async (store) => {
    const { tradeRepository: trades } = store.repositories;
    const order = await anOrder(store, "ETH/BTC");
    const first = tradeOf(order, { tradeSeq: 1 });
    await trades.saveMany([first]);
    const message = `trade already exists: ${first.tradeId}`;

    await refused("already_exists", () => trades.create({ ...first, tradeSeq: 2 }), message);
    const same = tradeOf(order, { tradeSeq: 1 });
    await refused("already_exists", () => trades.saveMany([tradeOf(order), same]));
    await refused("conflict", () => trades.create(tradeOf(order, { orderId: randomUUID() })));
    await refused("conflict", () => trades.create(tradeOf(order, { quantity: 0n })));
    await refused("conflict", () => trades.create(tradeOf(order, { price: 0n })));
    await refused("conflict", () => trades.create(tradeOf(order, { fee: minor(-1n) })));
    await refused("conflict", () => trades.create(tradeOf(order, { liquidity: "X" as "MAKER" })));
    await refused("invalid_query", () =>
      trades.create(tradeOf(order, { quantity: LARGEST, price: LARGEST })),
    );
    await trades.saveMany([tradeOf(order, { tradeSeq: 1, side: "SELL" })]);
    assert.equal((await trades.getByOrderId(order.orderId)).length, 2);
  });

  check("says which trade is missing", async ({ repositories: { tradeRepository: trades } }) => {
    const id = randomUUID();
    await refused("not_found", () => trades.getById(id), `trade not found: ${id}`);
    await refused("not_found", () => trades.getById("no id"), "trade not found: no id");
  });

  check("filters by everything it says, and lists newest first", async (store) => {
    const { tradeRepository: trades } = store.repositories;
    const order = await anOrder(store, "SOL/USD");
    const { accountId, orderId } = order;
    const a = tradeOf(order, { executedAt: at(1), tradeSeq: 11 });
    const b = tradeOf(order, { executedAt: at(2), tradeSeq: 12, side: "SELL" });
    const c = tradeOf(order, { executedAt: at(3), symbol: "ADA/USD" });
    await trades.saveMany([b, a, c]);
    const asked = async (query: Parameters<typeof trades.query>[0]) =>
      ids((await trades.query({ accountId, ...query })).items);

    assert.deepEqual(await asked({}), ids([c, b, a]));
    assert.deepEqual(await asked({ orderId }), ids([c, b, a]));
    assert.deepEqual(await asked({ orderId: randomUUID() }), []);
    assert.deepEqual(await asked({ symbol: "ADA/USD" }), ids([c]));
    assert.deepEqual(await asked({ side: "SELL" }), ids([b]));
    assert.deepEqual(await asked({ executedAfter: at(1) }), ids([c, b]));
    assert.deepEqual(await asked({ executedBefore: at(2) }), ids([a]));
    assert.deepEqual(await asked({ afterSeq: 11 }), ids([b]));
    assert.deepEqual(await asked({ beforeSeq: 12 }), ids([a]));
    assert.deepEqual(await asked({ sortBy: "tradeSeq" }), ids([b, a]));
    assert.deepEqual(ids(await trades.getByOrderId(orderId)), ids([c, b, a]));
    assert.deepEqual(ids(await trades.getBySymbol("SOL/USD", 1)), ids([b]));
    assert.deepEqual(ids(await trades.getByAccount(accountId)), ids([c, b, a]));
    assert.deepEqual(ids(await trades.getByAccount(accountId, 2)), ids([c, b]));
  });
});
