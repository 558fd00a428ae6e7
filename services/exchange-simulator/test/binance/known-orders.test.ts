import { deepEqual, equal } from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { duration } from "@tse/domain";
import type { Trader } from "../support/binance.ts";
import { balances, binance, LIMIT, maker, NOTHING, now, order, taker } from "./maker-and-taker.ts";

describe("GET order", () => {
  it("shows an order by either of its names, also after it ended", async () => {
    const placed = await order(maker, {
      ...LIMIT,
      side: "SELL",
      quantity: "0.5",
      price: "45000",
      newClientOrderId: "mine",
    });
    const placedAt = now();
    await binance.advance(duration(1_000_000));
    await order(taker, { ...LIMIT, side: "BUY", quantity: "0.2", price: "45000" });
    const symbol = "BTCUSD";
    const { orderId } = placed.body;

    const byId = await binance.as(maker, "GET", "/api/v3/order", { symbol, orderId });
    deepEqual(byId.body, {
      symbol,
      orderId,
      orderListId: -1,
      clientOrderId: "mine",
      price: "45000.00000000",
      origQty: "0.50000000",
      executedQty: "0.20000000",
      origQuoteOrderQty: NOTHING,
      cummulativeQuoteQty: "9000.00000000",
      status: "PARTIALLY_FILLED",
      timeInForce: "GTC",
      type: "LIMIT",
      side: "SELL",
      stopPrice: NOTHING,
      icebergQty: NOTHING,
      time: placedAt,
      updateTime: placedAt + 1000,
      isWorking: true,
      workingTime: placedAt,
      selfTradePreventionMode: "EXPIRE_MAKER",
    });
    await binance.as(maker, "DELETE", "/api/v3/order", { symbol, orderId });
    const byName = { symbol, origClientOrderId: "mine" };
    const ended = await binance.as(maker, "GET", "/api/v3/order", byName);
    equal(ended.body.status, "CANCELED");
    deepEqual(
      (await binance.as(maker, "GET", "/api/v3/order", { ...byName, orderId })).body,
      ended.body,
    );
  });

  it("prefers the open one of two orders with one name", async () => {
    const params = { ...LIMIT, side: "BUY", quantity: "0.01", newClientOrderId: "mine" };
    const first = await order(maker, { ...params, price: "40000" });
    await binance.as(maker, "DELETE", "/api/v3/order", {
      symbol: "BTCUSD",
      orderId: first.body.orderId,
    });
    const second = await order(maker, { ...params, price: "41000" });
    await order(maker, { ...params, price: "42000" });

    const named = { symbol: "BTCUSD", origClientOrderId: "mine" };
    const { body } = await binance.as(maker, "GET", "/api/v3/order", named);
    equal(body.orderId, second.body.orderId);
  });

  it("knows no order of another account, another symbol, or one that was refused", async () => {
    const { body } = await order(maker, { ...LIMIT, side: "BUY", quantity: "0.1", price: "40000" });
    const { orderId } = body;
    await order(maker, { ...LIMIT, side: "BUY", quantity: "99", price: "45000" });
    const ask = async (trader: Trader, params: Record<string, string | number>) =>
      (await binance.as(trader, "GET", "/api/v3/order", params)).body.code;

    equal(await ask(taker, { symbol: "BTCUSD", orderId }), -2013);
    equal(await ask(maker, { symbol: "ETHUSD", orderId }), -2013);
    equal(await ask(maker, { symbol: "BTCUSD", orderId: orderId + 1 }), -2013);
    equal(await ask(maker, { symbol: "BTCUSD", orderId: 999 }), -2013);
    equal(await ask(maker, { symbol: "BTCUSD", origClientOrderId: "none" }), -2013);
  });
});

describe("DELETE order", () => {
  it("cancels an order and gives back what it locked", async () => {
    const { body } = await order(maker, {
      ...LIMIT,
      side: "SELL",
      quantity: "0.5",
      price: "46000",
      newClientOrderId: "mine",
    });

    const cancelled = await binance.as(maker, "DELETE", "/api/v3/order", {
      symbol: "BTCUSD",
      origClientOrderId: "mine",
      newClientOrderId: "undo",
    });

    deepEqual(cancelled.body, {
      symbol: "BTCUSD",
      origClientOrderId: "mine",
      orderId: body.orderId,
      orderListId: -1,
      clientOrderId: "undo",
      transactTime: now(),
      price: "46000.00000000",
      origQty: "0.50000000",
      executedQty: NOTHING,
      origQuoteOrderQty: NOTHING,
      cummulativeQuoteQty: NOTHING,
      status: "CANCELED",
      timeInForce: "GTC",
      type: "LIMIT",
      side: "SELL",
      selfTradePreventionMode: "EXPIRE_MAKER",
    });
    deepEqual((await balances(maker)).BTC, ["10.00000000", NOTHING]);
  });

  it("cancels only an order in the state that it is restricted to", async () => {
    const { body } = await order(maker, {
      ...LIMIT,
      side: "SELL",
      quantity: "0.5",
      price: "45000",
    });
    const cancel = (cancelRestrictions: string) =>
      binance.as(maker, "DELETE", "/api/v3/order", {
        symbol: "BTCUSD",
        orderId: body.orderId,
        cancelRestrictions,
      });

    const early = await cancel("ONLY_PARTIALLY_FILLED");
    deepEqual(early.body, {
      code: -2011,
      msg: "Order was not canceled due to cancel restrictions.",
    });
    await order(taker, { ...LIMIT, side: "BUY", quantity: "0.2", price: "45000" });
    equal((await cancel("ONLY_NEW")).body.code, -2011);
    equal((await cancel("ONLY_PARTIALLY_FILLED")).body.status, "CANCELED");
  });

  it("can't cancel what isn't there, isn't the caller's, or has ended", async () => {
    const { body } = await order(maker, { ...LIMIT, side: "BUY", quantity: "0.1", price: "40000" });
    const params = { symbol: "BTCUSD", orderId: body.orderId };
    const unknown = { code: -2011, msg: "Unknown order sent." };
    const cancel = async (trader: Trader, given: typeof params) =>
      (await binance.as(trader, "DELETE", "/api/v3/order", given)).body;

    deepEqual(await cancel(taker, params), unknown);
    deepEqual(await cancel(maker, { ...params, orderId: 999 }), unknown);
    equal((await cancel(maker, params)).status, "CANCELED");
    deepEqual(await cancel(maker, params), unknown);
  });
});

describe("openOrders", () => {
  it("are listed, oldest first, of one symbol or of all, and cancelled together", async () => {
    const buy = { ...LIMIT, side: "BUY", quantity: "0.1" };
    await order(maker, { ...buy, price: "40000" });
    await order(maker, { ...buy, price: "41000" });
    await order(maker, { ...buy, symbol: "ETHUSD", price: "2000" });
    const open = async (params: Record<string, string> = {}) =>
      (await binance.as(maker, "GET", "/api/v3/openOrders", params)).body.map(
        (each: { orderId: number }) => each.orderId,
      );

    deepEqual(await open(), [1, 2, 3]);
    deepEqual(await open({ symbol: "BTCUSD" }), [1, 2]);
    const { body } = await binance.as(maker, "DELETE", "/api/v3/openOrders", { symbol: "BTCUSD" });
    deepEqual(
      body.map((each: Record<string, unknown>) => [each.orderId, each.status]),
      [
        [1, "CANCELED"],
        [2, "CANCELED"],
      ],
    );
    deepEqual(await open(), [3]);
    const again = await binance.as(maker, "DELETE", "/api/v3/openOrders", { symbol: "BTCUSD" });
    deepEqual(again.body, { code: -2011, msg: "Unknown order sent." });
  });
});

describe("allOrders and myTrades", () => {
  beforeEach(async () => {
    const sell = { ...LIMIT, side: "SELL", quantity: "0.1" };
    for (const price of ["45000", "45001", "45002"]) {
      await order(maker, { ...sell, price });
      await order(taker, { ...LIMIT, side: "BUY", quantity: "0.1", price });
      await binance.advance(duration(1_000_000));
    }
    await order(maker, { ...sell, price: "45003" });
  });

  it("list all orders that were taken, from an id or a time on, or the newest", async () => {
    const list = async (params: Record<string, string | number> = {}) =>
      (
        await binance.as(maker, "GET", "/api/v3/allOrders", { symbol: "BTCUSD", ...params })
      ).body.map((each: { orderId: number }) => each.orderId);
    await order(maker, { ...LIMIT, side: "SELL", quantity: "99", price: "45000" });

    deepEqual(await list(), [1, 3, 5, 7]);
    deepEqual(await list({ limit: 2 }), [5, 7]);
    deepEqual(await list({ orderId: 3, limit: 2 }), [3, 5]);
    deepEqual(await list({ startTime: now() - 2000 }), [3, 5, 7]);
    deepEqual(await list({ endTime: now() - 2000 }), [1, 3]);
    deepEqual(await list({ startTime: now() - 2000, endTime: now() - 1000 }), [3, 5]);
  });

  it("list the caller's fills with what each was charged", async () => {
    const list = async (params: Record<string, string | number> = {}) =>
      (await binance.as(maker, "GET", "/api/v3/myTrades", { symbol: "BTCUSD", ...params })).body;
    const ids = async (params: Record<string, string | number>) =>
      (await list(params)).map((each: { id: number }) => each.id);

    deepEqual((await list())[0], {
      symbol: "BTCUSD",
      id: 1,
      orderId: 1,
      orderListId: -1,
      price: "45000.00000000",
      qty: "0.10000000",
      quoteQty: "4500.00000000",
      commission: "4.50000000",
      commissionAsset: "USD",
      time: now() - 3000,
      isBuyer: false,
      isMaker: true,
      isBestMatch: true,
    });
    deepEqual(await ids({ limit: 2 }), [2, 3]);
    deepEqual(await ids({ fromId: 1, limit: 2 }), [1, 2]);
    deepEqual(await ids({ orderId: 3 }), [2]);
    deepEqual(await ids({ startTime: now() - 2000 }), [2, 3]);
    deepEqual(await ids({ startTime: now() - 3000, endTime: now() - 2000 }), [1, 2]);
    deepEqual(await ids({ endTime: now() - 2000 }), [1, 2]);
  });
});

describe("account", () => {
  it("shows every asset, its own rates and number", async () => {
    const { body } = await binance.as(maker, "GET", "/api/v3/account");

    deepEqual(
      body.balances.map((each: { asset: string }) => each.asset),
      binance.venue.assets().map(({ asset }) => asset),
    );
    const { balances: _, ...rest } = body;
    deepEqual(rest, {
      makerCommission: 10,
      takerCommission: 10,
      buyerCommission: 0,
      sellerCommission: 0,
      commissionRates: {
        maker: "0.00100000",
        taker: "0.00100000",
        buyer: NOTHING,
        seller: NOTHING,
      },
      canTrade: true,
      canWithdraw: true,
      canDeposit: true,
      brokered: false,
      requireSelfTradePrevention: false,
      preventSor: false,
      updateTime: now(),
      accountType: "SPOT",
      permissions: ["SPOT"],
      uid: maker.account.number,
    });
  });
});

describe("what ccxt asks for beside the spot API", () => {
  it("is answered as by an exchange that has spot only", async () => {
    const body = async (path: string) => (await binance.as(maker, "GET", path)).body;

    deepEqual((await binance.get("/sapi/v1/system/status")).body, { status: 0, msg: "normal" });
    deepEqual((await body("/sapi/v1/capital/config/getall"))[0], {
      coin: binance.venue.assets()[0]?.asset,
      name: binance.venue.assets()[0]?.asset,
      depositAllEnable: true,
      withdrawAllEnable: true,
      trading: true,
      isLegalMoney: binance.venue.assets()[0]?.asset === "USD",
      networkList: [],
      free: (await balances(maker))[binance.venue.assets()[0]?.asset ?? ""]?.[0] ?? NOTHING,
      locked: NOTHING,
    });
    deepEqual(await body("/sapi/v1/margin/allPairs"), []);
    deepEqual(await body("/sapi/v1/margin/isolated/allPairs"), []);
    equal((await body("/sapi/v1/asset/tradeFee")).length, binance.venue.instruments().length);
    deepEqual((await binance.get("/fapi/v1/exchangeInfo")).body, { symbols: [] });
    deepEqual((await binance.get("/dapi/v1/exchangeInfo")).body, { symbols: [] });
  });
});
