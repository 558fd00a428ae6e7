import { deepEqual, equal } from "node:assert/strict";
import { describe, it } from "node:test";
import { balances, binance, LIMIT, maker, NOTHING, now, order, taker } from "./maker-and-taker.ts";

describe("POST order", () => {
  it("rests a limit order and answers with all of its state", async () => {
    const { status, body } = await order(maker, {
      ...LIMIT,
      side: "BUY",
      quantity: "0.5",
      price: "44000",
      newClientOrderId: "x-TKT5PX2F1",
    });

    equal(status, 200);
    deepEqual(body, {
      symbol: "BTCUSD",
      orderId: 1,
      orderListId: -1,
      clientOrderId: "x-TKT5PX2F1",
      transactTime: now(),
      price: "44000.00000000",
      origQty: "0.50000000",
      executedQty: NOTHING,
      origQuoteOrderQty: NOTHING,
      cummulativeQuoteQty: NOTHING,
      status: "NEW",
      timeInForce: "GTC",
      type: "LIMIT",
      side: "BUY",
      workingTime: now(),
      selfTradePreventionMode: "EXPIRE_MAKER",
      fills: [],
    });
    deepEqual(await balances(maker), {
      USD: ["978000.00000000", "22000.00000000"],
      BTC: ["10.00000000", NOTHING],
    });
  });

  it("fills a market order at the makers' prices, and charges each side in what it received", async () => {
    await order(maker, { ...LIMIT, side: "SELL", quantity: "0.1", price: "45010" });
    await order(maker, { ...LIMIT, side: "SELL", quantity: "0.5", price: "45020" });

    const { body } = await order(taker, {
      symbol: "BTCUSD",
      side: "BUY",
      type: "MARKET",
      quantity: "0.3",
    });

    deepEqual(
      [body.status, body.executedQty, body.cummulativeQuoteQty, body.price, body.timeInForce],
      ["FILLED", "0.30000000", "13505.00000000", NOTHING, "GTC"],
    );
    deepEqual(body.fills, [
      {
        price: "45010.00000000",
        qty: "0.10000000",
        commission: "0.00010000",
        commissionAsset: "BTC",
        tradeId: 1,
      },
      {
        price: "45020.00000000",
        qty: "0.20000000",
        commission: "0.00020000",
        commissionAsset: "BTC",
        tradeId: 2,
      },
    ]);
    deepEqual(await balances(taker), {
      USD: ["986495.00000000", NOTHING],
      BTC: ["10.29970000", NOTHING],
    });
    deepEqual(await balances(maker), {
      USD: ["1013491.49500000", NOTHING],
      BTC: ["9.40000000", "0.30000000"],
    });
  });

  it("spends at most the money that a market order names", async () => {
    await order(maker, { ...LIMIT, side: "SELL", quantity: "1", price: "45000" });

    const { body } = await order(taker, {
      symbol: "BTCUSD",
      side: "BUY",
      type: "MARKET",
      quoteOrderQty: "1000",
    });

    deepEqual(
      [body.status, body.origQty, body.executedQty, body.origQuoteOrderQty],
      ["FILLED", "0.02222000", "0.02222000", "1000.00000000"],
    );
    equal(body.cummulativeQuoteQty, "999.90000000");
  });

  it("expires what a market order, an IOC or a FOK doesn't find", async () => {
    await order(maker, { ...LIMIT, side: "SELL", quantity: "0.1", price: "45000" });
    const wanted = { symbol: "BTCUSD", side: "BUY", quantity: "0.2" };
    const outcome = async (params: Record<string, string>) => {
      const { body } = await order(taker, { ...wanted, ...params });
      return [body.status, body.executedQty, body.expiryReason];
    };

    deepEqual(await outcome({ type: "LIMIT", timeInForce: "FOK", price: "45000" }), [
      "EXPIRED",
      NOTHING,
      "UNFILLED_FOK_ORDER_EXPIRED",
    ]);
    deepEqual(await outcome({ type: "LIMIT", timeInForce: "IOC", price: "45000" }), [
      "EXPIRED",
      "0.10000000",
      "UNFILLED_IOC_QUANTITY_EXPIRED",
    ]);
    deepEqual(await outcome({ type: "MARKET" }), ["EXPIRED", NOTHING, "INSUFFICIENT_LIQUIDITY"]);
  });

  it("answers with as much as the response type says", async () => {
    const keys = async (params: Record<string, string>) => {
      const { body } = await order(maker, {
        symbol: "BTCUSD",
        side: "BUY",
        quantity: "0.01",
        price: "40000",
        ...params,
      });
      return Object.keys(body).length;
    };
    const [acknowledgement, result, full] = [5, 16, 17];

    const limit = { type: "LIMIT", timeInForce: "GTC" };
    equal(await keys({ ...limit, newOrderRespType: "ACK" }), acknowledgement);
    equal(await keys({ ...limit, newOrderRespType: "RESULT" }), result);
    equal(await keys({ ...limit, newOrderRespType: "FULL" }), full);
    equal(await keys(limit), full);
    equal(await keys({ type: "LIMIT_MAKER" }), acknowledgement);
  });

  it("follows the self-trade prevention that it is given", async () => {
    await order(maker, { ...LIMIT, side: "SELL", quantity: "0.1", price: "45000" });
    const { body } = await order(maker, {
      ...LIMIT,
      side: "BUY",
      quantity: "0.1",
      price: "45000",
      selfTradePreventionMode: "EXPIRE_TAKER",
    });

    deepEqual([body.status, body.selfTradePreventionMode], ["EXPIRED_IN_MATCH", "EXPIRE_TAKER"]);
  });

  it("names an order that the client didn't name", async () => {
    const { body } = await order(maker, { ...LIMIT, side: "BUY", quantity: "0.1", price: "40000" });

    const found = await binance.as(maker, "GET", "/api/v3/order", {
      symbol: "BTCUSD",
      origClientOrderId: body.clientOrderId,
    });
    equal(found.body.orderId, body.orderId);
  });
});

describe("POST order/test", () => {
  it("checks an order and does nothing", async () => {
    const params = { ...LIMIT, side: "BUY", quantity: "0.5", price: "44000" };

    const { status, body } = await binance.as(maker, "POST", "/api/v3/order/test", params);

    deepEqual([status, body], [200, {}]);
    deepEqual((await binance.as(maker, "GET", "/api/v3/openOrders")).body, []);
    const unfunded = await binance.as(maker, "POST", "/api/v3/order/test", {
      ...params,
      quantity: "22",
      price: "46000",
    });
    deepEqual(unfunded.body.code, -2010);
  });

  it("tells the commission when asked", async () => {
    const { body } = await binance.as(maker, "POST", "/api/v3/order/test", {
      ...LIMIT,
      side: "BUY",
      quantity: "0.5",
      price: "44000",
      computeCommissionRates: "true",
    });

    deepEqual(body.standardCommissionForOrder, { maker: "0.00100000", taker: "0.00100000" });
    equal(body.discount.enabledForAccount, false);
  });
});
