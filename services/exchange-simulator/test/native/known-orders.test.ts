import { deepEqual, equal, notEqual, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import { faultsOf, startProduction } from "../support/production.ts";
import { BUY, clientFor, clientOf, SELL } from "./clients.ts";

const FUNDS = { USD: "100000", BTC: "10" };

describe("GET /api/v1/orders", () => {
  it("lists an account's orders newest first, by status, symbol and time", async () => {
    await using production = await startProduction();
    const client = await clientOf(production, { ...FUNDS, ETH: "10" });
    const ids: string[] = [];
    for (const terms of [BUY, SELL, { ...SELL, symbol: "ETH/USD", price: "2600" }]) {
      ids.unshift((await client.order(terms)).body.order.orderId);
    }
    await client.delete(`/orders/${ids[0]}`);
    const listed = async (query: string) => {
      const { status, body } = await client.get(`/orders?${query}`);
      equal(status, 200);
      return body.orders.map(({ orderId }: { orderId: string }) => ids.indexOf(orderId));
    };

    deepEqual(await listed(""), [0, 1, 2]);
    deepEqual(await listed("status=OPEN"), [1, 2]);
    deepEqual(await listed("status=OPEN,CANCELLED"), [0, 1, 2]);
    deepEqual(await listed("symbol=ETHUSD"), [0]);
    deepEqual(await listed(`accountId=${client.account.id}`), [0, 1, 2]);
    deepEqual(await listed("to=2026-01-05T14:00:00Z"), []);
    deepEqual(await listed("from=2026-01-05T15:00:00%2B01:00"), [0, 1, 2]);
  });

  it("comes in pages that neither repeat nor skip while orders come in", async () => {
    await using production = await startProduction();
    const client = await clientOf(production, FUNDS);
    for (let count = 0; count < 5; count++) await client.order(BUY);

    const seen: number[] = [];
    let cursor = "";
    do {
      const { body } = await client.get(`/orders?limit=2${cursor}`);
      seen.push(...body.orders.map(({ orderSeq }: { orderSeq: number }) => orderSeq));
      await client.order(BUY);
      cursor = body.nextCursor === null ? "" : `&cursor=${body.nextCursor}`;
    } while (cursor !== "");

    deepEqual(seen, [5, 4, 3, 2, 1]);
  });

  it("refuses cursors that it didn't give", async () => {
    await using production = await startProduction();
    const client = await clientOf(production, FUNDS);
    for (let count = 0; count < 2; count++) await client.order(BUY);
    const { body } = await client.get("/orders?limit=1");
    const ofAnotherList = await client.get(`/trades?cursor=${body.nextCursor}`);
    deepEqual([ofAnotherList.status, ofAnotherList.body.code], [400, "invalid_cursor"]);

    for (const cursor of [
      "",
      "x",
      "order:1",
      "b3JkZXI6LTE",
      `${body.nextCursor}=`,
      "%00",
      "9".repeat(5000),
    ]) {
      const reply = await client.get(`/orders?cursor=${cursor}`);
      deepEqual([reply.status, reply.body.code], [400, "invalid_cursor"], cursor);
    }
  });

  it("finds the newest order of a clientOrderId, with its fills", async () => {
    await using production = await startProduction();
    const client = await clientOf(production, FUNDS);
    const first = await client.order({ ...BUY, clientOrderId: "mine" });
    await client.delete(`/orders/${first.body.order.orderId}`);
    const second = await client.order({ ...BUY, clientOrderId: "mine" });

    const { body } = await client.get("/orders?clientOrderId=mine");

    deepEqual([body.order.orderId, body.fills], [second.body.order.orderId, []]);
    const nothing = await client.get("/orders?clientOrderId=yours");
    deepEqual([nothing.status, nothing.body.code], [404, "order_not_found"]);
  });

  it("names the field and the rule of what is wrong in a query", async () => {
    await using production = await startProduction();
    const client = await clientOf(production);
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ["status=open", ["status: one_of"]],
      ["status=", ["status: one_of"]],
      ["limit=0", ["limit: range"]],
      ["limit=501", ["limit: range"]],
      ["limit=1e2", ["limit: range"]],
      ["limit=%20", ["limit: range"]],
      ["limit=1&limit=2", ["limit: type"]],
      ["from=yesterday", ["from: time"]],
      ["from=1767571200000", ["from: time"]],
      ["accountId=1", ["accountId: uuid"]],
      ["clientOrderId=%F0%9F%98%80", ["clientOrderId: pattern"]],
      ["symbol=", ["symbol: length"]],
      ["colour=red", ["colour: unknown_field"]],
    ];

    for (const [query, faults] of cases) {
      const reply = await client.get(`/orders?${query}`);
      deepEqual([reply.status, faultsOf(reply)], [400, faults], query);
    }
  });
});

describe("PATCH /api/v1/orders/{id}", () => {
  it("keeps the order and its priority when only the quantity falls", async () => {
    await using production = await startProduction();
    const client = await clientOf(production, FUNDS);
    const { orderId } = (await client.order(BUY)).body.order;

    const { status, body } = await client.patch(`/orders/${orderId}`, { quantity: "0.004" });

    deepEqual(
      [status, body.keptPriority, body.order.orderId, body.order.quantity],
      [200, true, orderId, "0.00400"],
    );
  });

  it("replaces the order when anything else changes", async () => {
    await using production = await startProduction();
    const client = await clientOf(production, FUNDS);
    const { orderId } = (await client.order({ ...BUY, clientOrderId: "mine" })).body.order;

    const { body } = await client.patch(`/orders/${orderId}`, { price: "44100", quantity: "0.02" });

    equal(body.keptPriority, false);
    notEqual(body.order.orderId, orderId);
    const { replacesOrderId, price, quantity, clientOrderId } = body.order;
    deepEqual(
      [replacesOrderId, price, quantity, clientOrderId],
      [orderId, "44100.00", "0.02000", "mine"],
    );
    const { order: old } = (await client.get(`/orders/${orderId}`)).body;
    deepEqual([old.status, old.rejectReason], ["CANCELLED", "replaced"]);
  });

  it("leaves the order as it is when the change is refused", async () => {
    await using production = await startProduction();
    const client = await clientOf(production, FUNDS);
    const { order } = (await client.order(BUY)).body;
    const path = `/orders/${order.orderId}`;

    const offTick = await client.patch(path, { price: "44000.001" });
    const tooDear = await client.patch(path, { quantity: "90" });

    deepEqual([offTick.status, faultsOf(offTick)], [422, ["price: price_tick"]]);
    deepEqual([tooDear.status, tooDear.body.code], [422, "max_order_size"]);
    deepEqual((await client.get(path)).body.order, order);
    deepEqual(faultsOf(await client.patch(path, {})), ["quantity: required"]);
    deepEqual(faultsOf(await client.patch(path, { price: 1, side: "SELL" })), [
      "price: type",
      "side: unknown_field",
    ]);
  });
});

describe("DELETE /api/v1/orders", () => {
  it("cancels one order, once", async () => {
    await using production = await startProduction();
    const client = await clientOf(production, FUNDS);
    const { orderId } = (await client.order(BUY)).body.order;

    const cancelled = await client.delete(`/orders/${orderId}`);
    const again = await client.delete(`/orders/${orderId}`);

    const { status, rejectReason, cancelledAt } = cancelled.body.order;
    deepEqual([cancelled.status, status, rejectReason], [200, "CANCELLED", "client"]);
    equal(cancelledAt, "2026-01-05T14:00:00.000Z");
    deepEqual([again.status, again.body.code], [409, "order_not_open"]);
    const { body } = await client.get(`/accounts/${client.account.id}/balances/USD`);
    deepEqual(
      [body.balances[0].available, body.balances[0].locked],
      ["100000.00000000", "0.00000000"],
    );
  });

  it("cancels all orders of an account, or those of one symbol", async () => {
    await using production = await startProduction();
    const client = await clientOf(production, { ...FUNDS, ETH: "10" });
    for (const terms of [BUY, SELL, { ...SELL, symbol: "ETH/USD", price: "2600" }])
      await client.order(terms);

    const ofOne = await client.delete("/orders?symbol=ETH-USD");
    const ofAll = await client.delete("/orders");

    deepEqual([ofOne.body.cancelled, ofOne.body.orders[0].symbol], [1, "ETH/USD"]);
    deepEqual([ofAll.body.cancelled, ofAll.body.orders.length], [2, 2]);
    equal((await client.delete("/orders?symbol=XYZ")).status, 404);
  });

  it("finds no order of a stranger, no unknown one, and none by another thing's id", async () => {
    await using production = await startProduction();
    const [one, other] = [await clientOf(production, FUNDS), await clientOf(production, FUNDS)];
    const { orderId } = (await one.order(BUY)).body.order;
    const elsewhen = orderId.replace(/^......../, "00000000");

    for (const id of [orderId, elsewhen, other.account.id]) {
      for (const reply of [
        await other.get(`/orders/${id}`),
        await other.patch(`/orders/${id}`, { price: "44100" }),
        await other.delete(`/orders/${id}`),
      ]) {
        deepEqual([reply.status, reply.body.code], [404, "order_not_found"]);
      }
    }
    equal((await one.get(`/orders/${elsewhen}`)).status, 404);
    deepEqual(faultsOf(await one.get(`/orders/${orderId.toUpperCase()}`)), ["orderId: uuid"]);
    deepEqual(faultsOf(await one.get("/orders/1")), ["orderId: uuid"]);
    equal((await other.order({ ...BUY, accountId: one.account.id })).status, 404);
  });

  it("of a sub-account is the master's to see and to cancel", async () => {
    await using production = await startProduction();
    const master = await clientOf(production);
    const { body } = await master.post(`/accounts/${master.account.id}/sub-accounts`, {
      name: "sub",
    });
    const account = production.venue.accountById(body.account.accountId);
    ok(account !== undefined);
    await production.deposit(account, "USD", "1000");
    const sub = await clientFor(production, account);
    const { orderId } = (await sub.order(BUY)).body.order;

    equal((await master.get(`/orders?accountId=${account.id}`)).body.orders.length, 1);
    equal((await master.get("/orders")).body.orders.length, 0);
    equal((await master.delete(`/orders/${orderId}`)).status, 200);
  });
});
