import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { before, describe, it } from "node:test";
import { Spot } from "@binance/connector";
import type { TestBinance, Trader } from "../support/binance.ts";
import { minor, startClientMarket } from "./market.ts";

const SYMBOL = "BTCUSDT";

let binance: TestBinance;
let trader: Trader;
let spot: Spot;
before(async () => {
  ({ binance, client: trader } = await startClientMarket());
  spot = new Spot(trader.keyId, trader.secret, { baseURL: binance.url });
});

/** What the account has of each asset, in units of 10^-8. */
async function totals(): Promise<Record<string, bigint>> {
  const { data } = await spot.account({ omitZeroBalances: true });
  return Object.fromEntries(
    data.balances.map(({ asset, free, locked }: Record<string, string>) => [
      asset,
      minor(free as string) + minor(locked as string),
    ]),
  );
}

/** What the library throws for an answer that isn't success. */
const failure =
  (status: number, code: number, msg: string) =>
  (error: { response: { status: number; data: unknown } }): boolean => {
    deepEqual([error.response.status, error.response.data], [status, { code, msg }]);
    return true;
  };

describe("@binance/connector", () => {
  it("reads the market", async () => {
    deepEqual((await spot.ping()).data, {});
    ok(Math.abs((await spot.time()).data.serverTime - Date.now()) < 1000);
    const info = await spot.exchangeInfo({ symbols: [SYMBOL, "ETHUSD"] });
    deepEqual(
      info.data.symbols.map(({ symbol }: { symbol: string }) => symbol),
      [SYMBOL, "ETHUSD"],
    );
    const { data: book } = await spot.depth(SYMBOL, { limit: 2 });
    deepEqual(book.bids, [
      ["44990.00000000", "1.00000000"],
      ["44980.00000000", "1.00000000"],
    ]);
    equal((await spot.trades(SYMBOL)).data[0].price, "44995.00000000");
    equal((await spot.aggTrades(SYMBOL, { limit: 1 })).data[0].q, "0.10000000");
    equal((await spot.klines(SYMBOL, "1h", { limit: 1 })).data[0][4], "44995.00000000");
    equal((await spot.uiklines(SYMBOL, "1d")).data[0][5], "0.10000000");
    equal((await spot.avgPrice(SYMBOL)).data.price, "44995.00000000");
    equal((await spot.ticker24hr(SYMBOL)).data.count, 1);
    equal((await spot.ticker24hr("", [SYMBOL, "ETHUSD"], "MINI")).data.length, 2);
    equal((await spot.tickerPrice(SYMBOL)).data.price, "44995.00000000");
    equal((await spot.bookTicker("", [SYMBOL])).data[0].askPrice, "45000.00000000");
  });

  it("places a limit order that rests, finds it, and cancels it", async () => {
    const order = { price: "40000", quantity: "0.5", timeInForce: "GTC" };
    const placed = await spot.newOrder(SYMBOL, "BUY", "LIMIT", order);

    const { orderId } = placed.data;
    deepEqual([placed.data.status, placed.data.fills], ["NEW", []]);
    equal(placed.headers["x-mbx-order-count-10s"], "1");
    const { data: account } = await spot.account();
    const usdt = account.balances.find(({ asset }: { asset: string }) => asset === "USDT");
    deepEqual([usdt.free, usdt.locked], ["80000.00000000", "20000.00000000"]);
    equal((await spot.getOrder(SYMBOL, { orderId })).data.status, "NEW");
    equal((await spot.openOrders({ symbol: SYMBOL })).data[0].orderId, orderId);
    equal((await spot.cancelOrder(SYMBOL, { orderId })).data.status, "CANCELED");
    deepEqual((await spot.openOrders()).data, []);
    equal((await spot.allOrders(SYMBOL)).data.at(-1).status, "CANCELED");
  });

  it("takes numbers where the exchange takes text", async () => {
    await spot.newOrder(SYMBOL, "BUY", "LIMIT", {
      price: 40_000.5,
      quantity: 0.01,
      timeInForce: "GTC",
    });
    const { data } = await spot.cancelOpenOrders(SYMBOL);
    deepEqual([data.length, data[0].price], [1, "40000.50000000"]);
  });

  it("buys at the market, and pays quantity, price and fee to the last digit", async () => {
    const earlier = await totals();

    const { data } = await spot.newOrder(SYMBOL, "BUY", "MARKET", { quantity: "1.2" });

    deepEqual([data.status, data.cummulativeQuoteQty], ["FILLED", "54002.00000000"]);
    const later = await totals();
    equal((earlier.USDT as bigint) - (later.USDT as bigint), minor("54002"));
    equal((later.BTC as bigint) - (earlier.BTC as bigint), minor("1.2") - minor("0.0012"));
    const { data: trades } = await spot.myTrades(SYMBOL, { orderId: data.orderId });
    const fee = trades.reduce(
      (sum: bigint, trade: { commission: string }) => sum + minor(trade.commission),
      0n,
    );
    equal(fee, minor("0.0012"));
  });

  it("sells at the market for an amount of money, exactly too", async () => {
    const earlier = await totals();

    const { data } = await spot.newOrder(SYMBOL, "SELL", "MARKET", { quoteOrderQty: 4_499 });

    deepEqual([data.status, data.executedQty], ["FILLED", "0.10000000"]);
    const later = await totals();
    equal((later.USDT as bigint) - (earlier.USDT as bigint), minor("4499") - minor("4.499"));
  });

  it("tests an order without placing it", async () => {
    const order = { price: "40000", quantity: "0.5", timeInForce: "GTC" };
    deepEqual((await spot.newOrderTest(SYMBOL, "BUY", "LIMIT", order)).data, {});
    deepEqual((await spot.openOrders()).data, []);
  });

  it("hands on the exchange's errors with their status", async () => {
    const order = { price: "40000", quantity: "0.01", timeInForce: "GTC" };
    const limit = (change: Record<string, string>) =>
      spot.newOrder(SYMBOL, "BUY", "LIMIT", { ...order, ...change });

    await rejects(
      limit({ quantity: "20" }),
      failure(400, -2010, "Account has insufficient balance for requested action."),
    );
    await rejects(
      limit({ price: "40000.001" }),
      failure(400, -1013, "Filter failure: PRICE_FILTER"),
    );
    await rejects(limit({ quantity: "0.010001" }), failure(400, -1013, "Filter failure: LOT_SIZE"));
    await rejects(
      limit({ price: "40000.000000001" }),
      failure(400, -1111, "Parameter 'price' has too much precision."),
    );
    await rejects(spot.depth("NOPE"), failure(400, -1121, "Invalid symbol."));
    await rejects(
      spot.newOrder(SYMBOL, "BUY", "LIMIT_MAKER", { price: "46000", quantity: "0.01" }),
      failure(400, -2010, "Order would immediately match and take."),
    );
    await rejects(
      spot.getOrder(SYMBOL, { orderId: 999_999 }),
      failure(400, -2013, "Order does not exist."),
    );
    await rejects(
      spot.cancelOrder(SYMBOL, { orderId: 999_999 }),
      failure(400, -2011, "Unknown order sent."),
    );
  });

  it("hands on what is wrong with a key", async () => {
    const { url: baseURL } = binance;
    await rejects(
      new Spot(trader.keyId, "x", { baseURL }).account(),
      failure(400, -1022, "Signature for this request is not valid."),
    );
    await rejects(
      new Spot("x".repeat(64), trader.secret, { baseURL }).account(),
      failure(401, -2015, "Invalid API-key, IP, or permissions for action."),
    );
    await rejects(
      new Spot("x", trader.secret, { baseURL }).account(),
      failure(401, -2014, "API-key format invalid."),
    );
  });
});
