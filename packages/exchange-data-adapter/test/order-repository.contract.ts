import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { Order } from "../src/index.ts";
import { anAccount, at, LARGEST, minor, nextSeq, orderOf, refused } from "./fixtures.ts";
import { contract } from "./stores.ts";

const ids = (orders: readonly Order[]) => orders.map(({ orderId }) => orderId);

export const orderRepositoryContract = contract("orders", (check) => {
  check("fills what a new order leaves out", async (store) => {
    const { orderRepository: orders } = store.repositories;
    const { accountId } = await anAccount(store);
    const now = store.clock.advance(1);

    const made = await orders.create({
      accountId,
      symbol: "BTC/USD",
      orderType: "MARKET",
      side: "SELL",
      quantity: 1n,
    });

    const { orderId, orderSeq, status, timeInForce, price, createdAt, updatedAt, metadata } = made;
    assert.ok(orderSeq > 0);
    assert.deepEqual(
      { status, timeInForce, price, createdAt, updatedAt, metadata },
      {
        status: "PENDING",
        timeInForce: "GTC",
        price: undefined,
        createdAt: now,
        updatedAt: now,
        metadata: undefined,
      },
    );
    assert.deepEqual(await orders.getById(orderId), made);
    const next = await orders.create({ ...made, orderId: randomUUID(), orderSeq: orderSeq + 1 });
    assert.equal(next.orderSeq, orderSeq + 1);
  });

  check("gives back every field, at the limits of its type, to the last digit", async (store) => {
    const { orderRepository: orders } = store.repositories;
    const account = await anAccount(store);
    const parent = orderOf(account);
    const order = orderOf(account, {
      orderSeq: Number.MAX_SAFE_INTEGER - nextSeq(),
      prioritySeq: Number.MAX_SAFE_INTEGER,
      clientOrderId: "c".repeat(64),
      parentOrderId: parent.orderId,
      replacesOrderId: parent.orderId,
      orderType: "STOP",
      side: "SELL",
      quantity: LARGEST,
      quoteQuantity: minor(LARGEST),
      price: LARGEST,
      stopPrice: 1n,
      triggerKind: "TRAILING",
      trailingDeltaBps: 2_147_483_647,
      displayQuantity: 12_345_678_901_234_567_890_123n,
      postOnly: true,
      stpMode: "TRANSFER",
      filledQuantity: LARGEST - 1n,
      filledQuote: minor(LARGEST),
      averagePrice: -1n,
      reservedAmount: minor(LARGEST),
      status: "PARTIAL",
      rejectReason: "r".repeat(100),
      timeInForce: "GTD",
      expiresAt: at(999_999),
      createdAt: at(1),
      updatedAt: at(123_456),
      triggeredAt: at(654_321),
      filledAt: at(100_000),
      cancelledAt: at(10),
      correlationId: "x",
      metadata: {},
    });
    await orders.saveMany([parent, order]);

    assert.deepEqual(await orders.getById(order.orderId), order);
    assert.deepEqual(await orders.getById(parent.orderId), parent);
  });

  check("refuses what a DECIMAL(24,8) cannot hold", async (store) => {
    const { orderRepository: orders } = store.repositories;
    const account = await anAccount(store);
    await refused("invalid_query", () =>
      orders.saveMany([orderOf(account, { price: LARGEST + 1n })]),
    );
    await refused("invalid_query", () =>
      orders.saveMany([orderOf(account, { averagePrice: -LARGEST - 1n })]),
    );
  });

  check("refuses an id twice, and a client's order id while it is open", async (store) => {
    const { orderRepository: orders } = store.repositories;
    const account = await anAccount(store);
    const first = await orders.create(orderOf(account, { clientOrderId: "mine" }));
    const other = await anAccount(store);

    await refused(
      "already_exists",
      () => orders.create(orderOf(account, { orderId: first.orderId })),
      `order already exists: ${first.orderId}`,
    );
    await refused("already_exists", () =>
      orders.create(orderOf(account, { clientOrderId: "mine" })),
    );
    await refused("already_exists", () =>
      orders.saveMany([orderOf(account, { clientOrderId: "mine" })]),
    );
    await refused("already_exists", () =>
      orders.create(orderOf(account, { orderSeq: first.orderSeq })),
    );
    await orders.create(orderOf(other, { clientOrderId: "mine" }));
    await orders.cancel(first.orderId);
    await orders.create(orderOf(account, { clientOrderId: "mine" }));
  });

  check("refuses what breaks a rule of the table", async (store) => {
    const { orderRepository: orders } = store.repositories;
    const account = await anAccount(store);
    const broken: Partial<Order>[] = [
      { accountId: randomUUID() },
      { parentOrderId: randomUUID() },
      { quantity: 0n },
      { quantity: -1n },
      { price: 0n },
      { price: undefined },
      { orderType: "MARKET" },
      { orderType: "STOP" },
      { timeInForce: "GTD" },
      { filledQuantity: 100_000_001n },
      { filledQuote: minor(-1n) },
      { reservedAmount: minor(-1n) },
      { status: "EXPIRED" },
      { status: "FILLED", reservedAmount: minor(0n) },
      { status: "CANCELLED", reservedAmount: minor(0n) },
      { side: "HOLD" as "BUY" },
      { trailingDeltaBps: 0 },
    ];
    for (const change of broken) {
      await refused("conflict", () => orders.create(orderOf(account, change)));
    }
    assert.deepEqual((await orders.query({ accountId: account.accountId })).items, []);
  });

  check("a status takes its time with it, once, and frees what was reserved", async (store) => {
    const { orderRepository: orders } = store.repositories;
    const account = await anAccount(store);
    const order = await orders.create(orderOf(account));
    const now = store.clock.advance(1);

    const cancelled = await orders.updateStatus(order.orderId, "CANCELLED");

    assert.deepEqual(cancelled, {
      ...order,
      status: "CANCELLED",
      cancelledAt: now,
      updatedAt: now,
      reservedAmount: 0n,
    });
    const later = store.clock.advance(1);
    const again = await orders.updateStatus(order.orderId, "CANCELLED");
    assert.deepEqual(again, { ...cancelled, updatedAt: later });
    const filled = await orders.updateStatus(
      (await orders.create(orderOf(account))).orderId,
      "FILLED",
    );
    assert.equal(filled.filledAt, later);
    assert.equal(filled.reservedAmount, 0n);
    const open = await orders.updateStatus(
      (await orders.create(orderOf(account))).orderId,
      "PARTIAL",
    );
    assert.equal(open.reservedAmount, 200_000_000n);
  });

  check("never opens a final order again", async (store) => {
    const { orderRepository: orders } = store.repositories;
    const account = await anAccount(store);
    for (const status of ["FILLED", "CANCELLED", "REJECTED", "EXPIRED"] as const) {
      const { orderId } = await orders.create(orderOf(account));
      const final = await orders.updateStatus(orderId, status);
      for (const next of ["OPEN", "PENDING", "PARTIAL"] as const) {
        await refused("order_not_open", () => orders.updateStatus(orderId, next));
      }
      await refused(
        "order_not_open",
        () => orders.cancel(orderId),
        `order is ${status}: ${orderId}`,
      );
      await refused("order_not_open", () => orders.updateFilled(orderId, 1n, 1n));
      assert.deepEqual(await orders.getById(orderId), final);
    }
  });

  check("fills by absolute quantities, to the quantity and no further", async (store) => {
    const { orderRepository: orders } = store.repositories;
    const account = await anAccount(store);
    const order = await orders.create(orderOf(account));
    const first = store.clock.advance(1);

    const untouched = await orders.updateFilled(order.orderId, 0n, undefined);
    assert.deepEqual(untouched, { ...order, updatedAt: first });
    const partial = await orders.updateFilled(order.orderId, 99_999_999n, 199n);
    assert.deepEqual(partial, {
      ...untouched,
      status: "PARTIAL",
      filledQuantity: 99_999_999n,
      averagePrice: 199n,
    });
    await refused("conflict", () => orders.updateFilled(order.orderId, 100_000_001n, 1n));
    await refused("conflict", () => orders.updateFilled(order.orderId, -1n, 1n));
    const full = store.clock.advance(1);
    const filled = await orders.updateFilled(order.orderId, 100_000_000n, 200n);
    assert.equal(filled.status, "FILLED");
    assert.equal(filled.filledAt, full);
    assert.equal(filled.reservedAmount, 0n);
    store.clock.advance(1);
    const again = await orders.updateFilled(order.orderId, 100_000_000n, 200n);
    assert.equal(again.filledAt, full);
  });

  check("cancels with a reason", async (store) => {
    const { orderRepository: orders } = store.repositories;
    const order = await orders.create(orderOf(await anAccount(store)));
    const cancelled = await orders.cancel(order.orderId, "client");
    assert.equal(cancelled.status, "CANCELLED");
    assert.equal(cancelled.rejectReason, "client");
    assert.equal(cancelled.cancelledAt, store.clock.now());
  });

  check("says which order is missing, whatever is asked of it", async (store) => {
    const { orderRepository: orders } = store.repositories;
    for (const id of [randomUUID(), "no id"]) {
      const message = `order not found: ${id}`;
      await refused("not_found", () => orders.getById(id), message);
      await refused("not_found", () => orders.cancel(id), message);
      await refused("not_found", () => orders.updateStatus(id, "OPEN"), message);
      await refused("not_found", () => orders.updateFilled(id, 1n, 1n), message);
    }
  });

  check("filters by everything it says, and lists newest first", async (store) => {
    const { orderRepository: orders } = store.repositories;
    const account = await anAccount(store);
    const { accountId } = account;
    const [a, b, c] = [
      orderOf(account, { createdAt: at(1), clientOrderId: "a", status: "PENDING" }),
      orderOf(account, { createdAt: at(2), symbol: "ETH/USD", side: "SELL" }),
      orderOf(account, {
        createdAt: at(3),
        orderType: "MARKET",
        price: undefined,
        status: "EXPIRED",
        reservedAmount: minor(0n),
      }),
    ] as const;
    await orders.saveMany([b, c, a, orderOf(await anAccount(store))]);
    const asked = async (query: Parameters<typeof orders.query>[0]) =>
      ids((await orders.query({ accountId, ...query })).items);

    assert.deepEqual(await asked({}), ids([c, b, a]));
    assert.deepEqual(await asked({ symbol: "ETH/USD" }), ids([b]));
    assert.deepEqual(await asked({ orderType: "MARKET" }), ids([c]));
    assert.deepEqual(await asked({ side: "SELL" }), ids([b]));
    assert.deepEqual(await asked({ status: "OPEN" }), ids([b]));
    assert.deepEqual(await asked({ status: ["OPEN", "PENDING"] }), ids([b, a]));
    assert.deepEqual(await asked({ status: [] }), []);
    assert.deepEqual(await asked({ createdAfter: at(1) }), ids([c, b]));
    assert.deepEqual(await asked({ createdBefore: at(3) }), ids([b, a]));
    assert.deepEqual(await asked({ createdAfter: at(1), createdBefore: at(3) }), ids([b]));
    assert.deepEqual(await asked({ clientOrderId: "a" }), ids([a]));
    assert.deepEqual(await asked({ afterSeq: a.orderSeq }), ids([c, b]));
    assert.deepEqual(await asked({ beforeSeq: c.orderSeq, sortBy: "orderSeq" }), ids([b, a]));
    assert.deepEqual(ids(await orders.getPendingByAccount(accountId)), ids([b, a]));
    assert.deepEqual(ids(await orders.getByAccountAndSymbol(accountId, "BTC/USD")), ids([c, a]));
    assert.deepEqual(ids(await orders.getByAccountAndSymbol(accountId, "BTC/USD", 1)), ids([c]));
  });

  check("saves many: new ones, known ones, the last of each", async (store) => {
    const { orderRepository: orders } = store.repositories;
    const account = await anAccount(store);
    const [known, fresh] = [orderOf(account), orderOf(account)];
    await orders.saveMany([known]);
    const changed: Order = { ...known, status: "PARTIAL", filledQuantity: 1n, updatedAt: at(8) };

    await orders.saveMany([known, fresh, changed]);

    assert.deepEqual(await orders.getById(known.orderId), changed);
    assert.deepEqual(await orders.getById(fresh.orderId), fresh);
  });
});
