import { deepEqual, equal, match, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import { ticks } from "@tse/domain";
import { startProduction } from "../support/production.ts";
import { BUY, clientOf, SELL } from "./clients.ts";

const FUNDS = { USD: "100000", BTC: "10" };

describe("POST /api/v1/orders", () => {
  it("answers with the order as it is after matching, its fills and fees", async () => {
    await using production = await startProduction();
    const [maker, taker] = [await clientOf(production, FUNDS), await clientOf(production, FUNDS)];
    await maker.order({ ...SELL, price: "45000", quantity: "0.004" });
    await maker.order({ ...SELL, price: "45001", quantity: "0.003" });

    const { status, body } = await taker.order({
      side: "BUY",
      price: "45001.00",
      quantity: "0.01",
      clientOrderId: "my-order-1",
    });

    equal(status, 201);
    const { order, fills, marketDataState, sequence } = body;
    deepEqual(order, {
      orderId: order.orderId,
      orderSeq: 3,
      clientOrderId: "my-order-1",
      accountId: taker.account.id,
      symbol: "BTC/USD",
      side: "BUY",
      orderType: "LIMIT",
      status: "PARTIAL",
      timeInForce: "GTC",
      postOnly: false,
      stpMode: "EXPIRE_MAKER",
      quantity: "0.01000",
      quoteQuantity: null,
      price: "45001.00",
      filledQuantity: "0.00700",
      filledQuote: "315.00300000",
      averagePrice: "45000.42857143",
      rejectReason: null,
      replacesOrderId: null,
      correlationId: order.correlationId,
      createdAt: "2026-01-05T14:00:00.000Z",
      updatedAt: "2026-01-05T14:00:00.000Z",
      filledAt: null,
      cancelledAt: null,
    });
    deepEqual(
      fills.map(({ price, quantity, fee, feeCurrency, liquidity }: Record<string, string>) => [
        price,
        quantity,
        fee,
        feeCurrency,
        liquidity,
      ]),
      [
        ["45000.00", "0.00400", "0.00000400", "BTC", "TAKER"],
        ["45001.00", "0.00300", "0.00000300", "BTC", "TAKER"],
      ],
    );
    equal(fills[0].orderId, order.orderId);
    equal(marketDataState, "live");
    equal(sequence, production.venue.sequence);
  });

  it("takes market orders by quantity and by money, which never rest", async () => {
    await using production = await startProduction();
    const [maker, taker] = [await clientOf(production, FUNDS), await clientOf(production, FUNDS)];
    await maker.order({ ...SELL, price: "45000", quantity: "0.02" });
    const market = { orderType: "MARKET", side: "BUY" };

    const byQuantity = await taker.order({ ...market, quantity: "0.01" });
    const byMoney = await taker.order({ ...market, quoteQuantity: "225" });
    const rest = await taker.order({ ...market, quantity: "0.01", timeInForce: "IOC" });
    const nobody = await taker.order({ ...market, quantity: "0.01" });

    const told = [byQuantity, byMoney, rest, nobody].map(({ status, body: { order } }) => [
      status,
      order.status,
      order.quantity,
      order.quoteQuantity,
      order.filledQuantity,
      order.rejectReason,
    ]);
    deepEqual(told, [
      [201, "FILLED", "0.01000", null, "0.01000", null],
      [201, "FILLED", null, "225.00000000", "0.00500", null],
      [201, "EXPIRED", "0.01000", null, "0.00500", "no_liquidity"],
      [201, "EXPIRED", "0.01000", null, "0.00000", "no_liquidity"],
    ]);
  });

  it("trades for the key's own account when none is named", async () => {
    await using production = await startProduction();
    const client = await clientOf(production, FUNDS);

    const { status, body } = await client.order({ ...BUY, accountId: undefined });

    deepEqual([status, body.order.accountId], [201, client.account.id]);
  });

  it("understands every way to write a symbol, and answers with the canonical one", async () => {
    await using production = await startProduction();
    const client = await clientOf(production, FUNDS);

    for (const symbol of ["BTC/USD", "BTC-USD", "BTCUSD", "BTC%2FUSD"]) {
      const { status, body } = await client.order({ ...BUY, symbol });
      deepEqual([status, body.order.symbol], [201, "BTC/USD"]);
    }
  });

  it("keeps an order that the venue refuses as REJECTED, and names it", async () => {
    await using production = await startProduction();
    const client = await clientOf(production, { USD: "10" });

    const { status, body } = await client.order(BUY);

    deepEqual([status, body.code], [422, "insufficient_balance"]);
    match(body.detail, /USD/);
    const kept = await client.get(`/orders/${body.orderId}`);
    deepEqual(
      [kept.body.order.status, kept.body.order.rejectReason],
      ["REJECTED", "insufficient_balance"],
    );
    const balances = await client.get(`/accounts/${client.account.id}/balances`);
    deepEqual(
      [balances.body.balances[0].available, balances.body.balances[0].locked],
      ["10.00000000", "0.00000000"],
    );
  });

  it("gives stpMode to the venue", async () => {
    await using production = await startProduction();
    const client = await clientOf(production, FUNDS);
    await client.order({ ...SELL, price: "45000" });

    const { body } = await client.order({ ...BUY, price: "45000", stpMode: "EXPIRE_TAKER" });

    deepEqual([body.order.status, body.order.rejectReason], ["EXPIRED", "self_trade"]);
  });

  it("says that the feed is stale", async () => {
    await using production = await startProduction();
    const client = await clientOf(production, FUNDS);
    const { id } = production.instrument("BTC/USD");
    for (const price of [ticks(4_500_000), ticks(0)]) {
      await production.submit({ kind: "set_reference_price", instrument: id, price });
    }

    equal((await client.order(BUY)).body.marketDataState, "stale");
    equal((await client.get("/orderbook/BTC-USD")).body.marketDataState, "stale");
    equal((await client.get("/instruments/BTC-USD")).body.instrument.marketDataState, "stale");
  });
});

describe("POST /api/v1/orders/test", () => {
  it("lists every check, estimates cost and fee, and changes nothing", async () => {
    await using production = await startProduction();
    const client = await clientOf(production, FUNDS);
    const test = (terms: object) =>
      client.post("/orders/test", { accountId: client.account.id, symbol: "BTC/USD", ...terms });
    const hash = production.venue.stateHash();

    const buy = await test({ orderType: "LIMIT", ...BUY });
    const sell = await test({ orderType: "LIMIT", ...SELL });
    const nobody = await test({ orderType: "MARKET", side: "BUY", quantity: "1" });

    const figures = [buy, sell, nobody].map(({ status, body }) => [
      status,
      body.estimatedCost,
      body.estimatedFee,
      body.feeCurrency,
    ]);
    deepEqual(figures, [
      [200, "440.00000000", "0.00001000", "BTC"],
      [200, "460.00000000", "0.46000000", "USD"],
      [200, null, null, "BTC"],
    ]);
    ok(buy.body.checks.every(({ result }: { result: string }) => result === "PASSED"));
    equal(production.venue.stateHash(), hash);
  });

  it("estimates market orders from the book, by quantity and by money", async () => {
    await using production = await startProduction();
    const [maker, taker] = [await clientOf(production, FUNDS), await clientOf(production, FUNDS)];
    await maker.order({ ...SELL, price: "45000", quantity: "0.01" });
    await maker.order({ ...SELL, price: "45100", quantity: "0.01" });
    const market = { symbol: "BTC/USD", side: "BUY", orderType: "MARKET" };
    const test = async (size: object) => {
      const { body } = await taker.post("/orders/test", {
        accountId: taker.account.id,
        ...market,
        ...size,
      });
      return [body.estimatedCost, body.estimatedFee];
    };

    deepEqual(await test({ quantity: "0.015" }), ["675.50000000", "0.00001500"]);
    deepEqual(await test({ quoteQuantity: "675.50" }), ["675.50000000", "0.00001500"]);
    deepEqual(await test({ quantity: "1" }), ["901.00000000", "0.00002000"]);
  });

  it("says which check fails and runs none behind it", async () => {
    await using production = await startProduction();
    const client = await clientOf(production, FUNDS);

    const { status, body } = await client.post("/orders/test", {
      accountId: client.account.id,
      symbol: "BTC/USD",
      orderType: "LIMIT",
      ...BUY,
      quantity: "0.000001",
    });

    equal(status, 200);
    const failed = body.checks.findIndex(({ result }: { result: string }) => result === "FAILED");
    deepEqual(body.checks[failed], {
      check: "lot_size",
      result: "FAILED",
      message: "quantity is not a multiple of 0.00001",
    });
    const rest = body.checks.slice(failed + 1);
    ok(rest.length > 0 && rest.every(({ result }: { result: string }) => result === "NOT_RUN"));
  });
});
