import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { before, describe, it } from "node:test";
import ccxt from "ccxt";
import type { TestBinance, Trader } from "../support/binance.ts";
import { minor, startClientMarket } from "./market.ts";

const SYMBOL = "BTC/USDT";

type Options = ConstructorParameters<typeof ccxt.binance>[0];

/** The library as it is; only its addresses lead here. */
function ccxtFor({ url }: TestBinance, trader: Trader | undefined, options: Options = {}) {
  const key = trader === undefined ? {} : { apiKey: trader.keyId, secret: trader.secret };
  const exchange = new ccxt.binance({ ...key, ...options });
  const paths = {
    public: "/api/v3",
    private: "/api/v3",
    v1: "/api/v1",
    sapi: "/sapi/v1",
    fapiPublic: "/fapi/v1",
    dapiPublic: "/dapi/v1",
  };
  const addresses = exchange.urls.api as Record<string, string>;
  for (const [name, path] of Object.entries(paths)) addresses[name] = url + path;
  return exchange;
}

type Client = ReturnType<typeof ccxtFor>;

const SPOT_ONLY = {
  options: {
    defaultType: "spot",
    fetchMarkets: { types: ["spot"] },
    fetchCurrencies: false,
    fetchMargins: false,
  },
};

let binance: TestBinance;
let trader: Trader;
let client: Client;
before(async () => {
  ({ binance, client: trader } = await startClientMarket());
  client = ccxtFor(binance, trader, SPOT_ONLY);
  await client.loadMarkets();
});

/** What the account has of each asset, in units of 10^-8. */
async function totals(): Promise<Record<string, bigint>> {
  const { info } = (await client.fetchBalance()) as unknown as {
    info: { balances: { asset: string; free: string; locked: string }[] };
  };
  return Object.fromEntries(
    info.balances.map(({ asset, free, locked }) => [asset, minor(free) + minor(locked)]),
  );
}

function idOf({ id }: { readonly id: string | undefined }): string {
  if (id === undefined) throw new RangeError("an order has an id");
  return id;
}

describe("ccxt", () => {
  it("loads the markets with their steps and bounds", () => {
    const market = client.market(SYMBOL);

    equal(Object.keys(client.markets ?? {}).length, binance.venue.instruments().length);
    deepEqual(market.precision.price, 0.01);
    deepEqual(market.precision.amount, 0.00001);
    deepEqual(market.limits.amount, { min: 0.0001, max: 100 });
    deepEqual(market.limits.cost, { min: 5, max: 1_000_000 });
    equal(market.active, true);
    equal(market.spot, true);
  });

  it("loads everything with its own default options, and trades", async () => {
    const untouched = ccxtFor(binance, trader);
    const markets = await untouched.loadMarkets();

    equal(Object.keys(markets).length, binance.venue.instruments().length);
    ok(Object.values(markets).every((market) => market?.spot === true));
    const order = await untouched.createOrder(SYMBOL, "limit", "buy", 0.01, 40_000);
    equal(order.status, "open");
    equal((await untouched.cancelOrder(idOf(order), SYMBOL)).status, "canceled");
    const fees = await untouched.fetchTradingFees();
    deepEqual([fees[SYMBOL]?.maker, fees[SYMBOL]?.taker], [0.001, 0.001]);
    equal((await untouched.fetchStatus()).status, "ok");
  });

  it("reads the market without a key", async () => {
    const reader = ccxtFor(binance, undefined);
    const book = await reader.fetchOrderBook(SYMBOL, 1);
    deepEqual([book.bids, book.asks], [[[44_990, 1]], [[45_000, 1]]]);
    const ticker = await reader.fetchTicker(SYMBOL);
    deepEqual(
      [ticker.last, ticker.bid, ticker.ask, ticker.baseVolume],
      [44_995, 44_990, 45_000, 0.1],
    );
    const [trade] = await reader.fetchTrades(SYMBOL);
    deepEqual([trade?.price, trade?.amount, trade?.side], [44_995, 0.1, "buy"]);
    const [candle] = await reader.fetchOHLCV(SYMBOL, "1m");
    deepEqual(candle?.slice(1), [44_995, 44_995, 44_995, 44_995, 0.1]);
    equal((await reader.fetchLastPrices([SYMBOL]))[SYMBOL]?.price, 44_995);
    equal((await reader.fetchBidsAsks([SYMBOL]))[SYMBOL]?.bid, 44_990);
    ok(Math.abs(((await reader.fetchTime()) ?? 0) - Date.now()) < 1000);
  });

  it("places a limit order that rests, finds it, and cancels it", async () => {
    const order = await client.createOrder(SYMBOL, "limit", "buy", 0.5, 40_000);

    deepEqual([order.status, order.filled, order.remaining], ["open", 0, 0.5]);
    equal((await client.fetchBalance()).USDT?.used, 20_000);
    equal((await client.fetchOrder(idOf(order), SYMBOL)).status, "open");
    const named = { origClientOrderId: order.clientOrderId };
    equal((await client.fetchOrder("", SYMBOL, named)).id, order.id);
    deepEqual(
      (await client.fetchOpenOrders(SYMBOL)).map(({ id }) => id),
      [order.id],
    );
    equal((await client.cancelOrder(idOf(order), SYMBOL)).status, "canceled");
    deepEqual(await client.fetchOpenOrders(SYMBOL), []);
    equal((await client.fetchBalance()).USDT?.used, 0);
  });

  it("cancels all open orders at once", async () => {
    for (const price of [40_000, 40_001]) {
      await client.createOrder(SYMBOL, "limit", "buy", 0.01, price);
    }
    equal((await client.cancelAllOrders(SYMBOL)).length, 2);
  });

  it("buys at the market, and pays quantity, price and fee to the last digit", async () => {
    const earlier = await totals();

    const order = await client.createOrder(SYMBOL, "market", "buy", 1.2);

    deepEqual([order.status, order.filled, order.cost], ["closed", 1.2, 54_002]);
    const later = await totals();
    equal((earlier.USDT as bigint) - (later.USDT as bigint), minor("54002"));
    equal((later.BTC as bigint) - (earlier.BTC as bigint), minor("1.2") - minor("0.0012"));
    const trades = await client.fetchMyTrades(SYMBOL);
    deepEqual(
      trades.map(({ price, amount, fee, takerOrMaker }) => [
        price,
        amount,
        fee?.cost,
        takerOrMaker,
      ]),
      [
        [45_000, 1, 0.001, "taker"],
        [45_010, 0.2, 0.0002, "taker"],
      ],
    );
  });

  it("sells at the market for an amount of money, exactly too", async () => {
    const earlier = await totals();

    const order = await client.createMarketSellOrderWithCost(SYMBOL, 4_499);

    deepEqual([order.status, order.filled, order.cost], ["closed", 0.1, 4_499]);
    const later = await totals();
    equal((earlier.BTC as bigint) - (later.BTC as bigint), minor("0.1"));
    equal((later.USDT as bigint) - (earlier.USDT as bigint), minor("4499") - minor("4.499"));
  });

  it("lists what it did", async () => {
    const orders = await client.fetchOrders(SYMBOL);
    ok(orders.length >= 4);
    equal(orders.at(-1)?.status, "closed");
    const closed = await client.fetchClosedOrders(SYMBOL);
    ok(closed.every(({ status }) => status === "closed"));
  });

  it("tests an order without placing it", async () => {
    await client.createOrder(SYMBOL, "limit", "buy", 0.01, 40_000, { test: true });
    deepEqual(await client.fetchOpenOrders(SYMBOL), []);
  });
});

describe("ccxt names what went wrong by its own classes:", () => {
  const limit = { symbol: "BTCUSDT", side: "BUY", type: "LIMIT", timeInForce: "GTC" };
  const raw = (params: Record<string, string>) =>
    client.privatePostOrder({ ...limit, quantity: "0.01", price: "40000", ...params });

  it("InsufficientFunds", async () => {
    const order = client.createOrder(SYMBOL, "limit", "buy", 20, 40_000);
    await rejects(order, ccxt.InsufficientFunds);
  });

  it("InvalidOrder for a price or a quantity off its step, or out of its bounds", async () => {
    await rejects(raw({ price: "40000.001" }), ccxt.InvalidOrder);
    await rejects(raw({ quantity: "0.010001" }), ccxt.InvalidOrder);
    await rejects(raw({ quantity: "101" }), ccxt.InvalidOrder);
    await rejects(raw({ price: "8000" }), ccxt.InvalidOrder);
  });

  it("BadRequest for more digits than an asset has, and for too little money", async () => {
    await rejects(raw({ price: "40000.000000001" }), ccxt.BadRequest);
    await rejects(raw({ quantity: "0.0001", price: "40000" }), ccxt.BadRequest);
    await rejects(raw({ quantity: "-1" }), ccxt.BadRequest);
  });

  it("BadSymbol", async () => {
    await rejects(raw({ symbol: "NOPE" }), ccxt.BadSymbol);
    await rejects(client.createOrder("NO/PE", "limit", "buy", 1, 1), ccxt.BadSymbol);
  });

  it("OrderImmediatelyFillable for a post-only order that would take", async () => {
    const order = client.createOrder(SYMBOL, "limit", "buy", 0.01, 46_000, { postOnly: true });
    await rejects(order, ccxt.OrderImmediatelyFillable);
    const resting = await client.createOrder(SYMBOL, "limit", "buy", 0.01, 40_000, {
      postOnly: true,
    });
    equal((await client.cancelOrder(idOf(resting), SYMBOL)).status, "canceled");
  });

  it("OrderNotFound", async () => {
    await rejects(client.fetchOrder("999999", SYMBOL), ccxt.OrderNotFound);
    await rejects(client.cancelOrder("999999", SYMBOL), ccxt.OrderNotFound);
  });

  it("AuthenticationError", async () => {
    const forger = ccxtFor(binance, { ...trader, secret: "x".repeat(64) }, SPOT_ONLY);
    await rejects(forger.fetchBalance(), ccxt.AuthenticationError);
    const stranger = ccxtFor(binance, { ...trader, keyId: "x".repeat(64) }, SPOT_ONLY);
    await rejects(stranger.fetchBalance(), ccxt.AuthenticationError);
  });

  it("InvalidNonce", async () => {
    const late = client.privateGetAccount({ timestamp: Date.now() - 60_000 });
    await rejects(late, ccxt.InvalidNonce);
  });
});
