import { deepEqual, equal, match, ok } from "node:assert/strict";
import { before, describe, it } from "node:test";
import { duration } from "@tse/domain";
import { startBinance, type TestBinance, type Trader } from "../support/binance.ts";

const SECOND = 1_000_000;

describe("ping and time", () => {
  it("answer with nothing and with world time in milliseconds", async () => {
    const binance = await startBinance();

    deepEqual((await binance.get("/api/v3/ping")).body, {});
    await binance.advance(duration(1_234 * 1000));
    const { body } = await binance.get("/api/v3/time");
    deepEqual(body, { serverTime: Math.floor(binance.clock.now() / 1000) });
  });
});

describe("exchangeInfo", () => {
  let binance: TestBinance;
  before(async () => {
    binance = await startBinance();
  });

  it("lists every instrument with its rules as filters", async () => {
    const { status, body } = await binance.get("/api/v3/exchangeInfo");

    equal(status, 200);
    equal(body.timezone, "UTC");
    deepEqual(
      body.symbols.map((each: { symbol: string }) => each.symbol).sort(),
      binance.venue
        .instruments()
        .map(({ symbol }) => symbol.replace("/", ""))
        .sort(),
    );
    const btc = body.symbols.find((each: { symbol: string }) => each.symbol === "BTCUSDT");
    deepEqual(btc.orderTypes, ["LIMIT", "LIMIT_MAKER", "MARKET"]);
    equal(btc.status, "TRADING");
    deepEqual(btc.permissionSets, [["SPOT"]]);
    deepEqual(btc.filters, [
      {
        filterType: "PRICE_FILTER",
        minPrice: "0.01000000",
        maxPrice: "90071992547409.91000000",
        tickSize: "0.01000000",
      },
      {
        filterType: "LOT_SIZE",
        minQty: "0.00010000",
        maxQty: "100.00000000",
        stepSize: "0.00001000",
      },
      {
        filterType: "MARKET_LOT_SIZE",
        minQty: "0.00010000",
        maxQty: "100.00000000",
        stepSize: "0.00001000",
      },
      {
        filterType: "PERCENT_PRICE_BY_SIDE",
        bidMultiplierUp: "5",
        bidMultiplierDown: "0.2",
        askMultiplierUp: "5",
        askMultiplierDown: "0.2",
        avgPriceMins: 0,
      },
      {
        filterType: "NOTIONAL",
        minNotional: "5.00000000",
        applyMinToMarket: true,
        maxNotional: "1000000.00000000",
        applyMaxToMarket: true,
        avgPriceMins: 0,
      },
      { filterType: "MAX_NUM_ORDERS", maxNumOrders: 200 },
    ]);
  });

  it("shows one symbol, a list of them, or those of a status", async () => {
    const symbolsOf = async (params: Record<string, string>) =>
      (await binance.get("/api/v3/exchangeInfo", params)).body.symbols.map(
        (each: { symbol: string }) => each.symbol,
      );

    deepEqual(await symbolsOf({ symbol: "ETHBTC" }), ["ETHBTC"]);
    deepEqual(await symbolsOf({ symbols: '["ETHBTC","BTCUSD"]' }), ["ETHBTC", "BTCUSD"]);
    deepEqual(await symbolsOf({ symbolStatus: "HALT" }), []);
    deepEqual(await symbolsOf({ permissions: "MARGIN" }), []);
  });

  it("shows no limits where there are none", async () => {
    deepEqual((await binance.get("/api/v3/exchangeInfo")).body.rateLimits, []);
  });

  it("shows a halted instrument's status", async () => {
    const other = await startBinance();
    const { id } = other.instrument("SOL/USD");
    const halt = {
      kind: "update_instrument",
      instrument: id,
      rules: { status: "halted" },
    } as const;
    await other.submit(halt);

    const { body } = await other.get("/api/v3/exchangeInfo", { symbol: "SOLUSD" });
    equal(body.symbols[0].status, "HALT");
  });
});

describe("market data", () => {
  let binance: TestBinance;
  let maker: Trader;
  let taker: Trader;
  before(async () => {
    binance = await startBinance();
    maker = await binance.trader({ BTC: "10", USD: "1000000" });
    taker = await binance.trader({ BTC: "10", USD: "1000000" });
    const place = (trader: Trader, side: "buy" | "sell", quantity: string, price?: string) =>
      binance.place(trader.account, {
        symbol: "BTC/USD",
        side,
        quantity,
        ...(price === undefined ? {} : { price }),
      });
    await place(maker, "sell", "0.5", "45010");
    await place(maker, "sell", "0.5", "45010");
    await place(maker, "sell", "1", "45020");
    await place(maker, "buy", "2", "44990");
    await place(taker, "buy", "0.75");
    await binance.advance(duration(90 * SECOND));
    await place(taker, "sell", "0.25");
  });

  it("shows the book, best prices first, with the number of its last change", async () => {
    const { body } = await binance.get("/api/v3/depth", { symbol: "BTCUSD", limit: 1 });

    deepEqual(body, {
      lastUpdateId: binance.venue.bookSequence(binance.instrument("BTC/USD").id),
      bids: [["44990.00000000", "1.75000000"]],
      asks: [["45010.00000000", "0.25000000"]],
    });
  });

  it("shows the newest trades, oldest first", async () => {
    const { body } = await binance.get("/api/v3/trades", { symbol: "BTCUSD" });

    deepEqual(
      body.map(({ time, ...trade }: { time: number }) => trade),
      [
        {
          id: 1,
          price: "45010.00000000",
          qty: "0.50000000",
          quoteQty: "22505.00000000",
          isBuyerMaker: false,
          isBestMatch: true,
        },
        {
          id: 2,
          price: "45010.00000000",
          qty: "0.25000000",
          quoteQty: "11252.50000000",
          isBuyerMaker: false,
          isBestMatch: true,
        },
        {
          id: 3,
          price: "44990.00000000",
          qty: "0.25000000",
          quoteQty: "11247.50000000",
          isBuyerMaker: true,
          isBestMatch: true,
        },
      ],
    );
    equal(body[2].time - body[0].time, 90_000);
    equal((await binance.get("/api/v3/trades", { symbol: "BTCUSD", limit: 1 })).body[0].id, 3);
  });

  it("aggregates the trades of one taker at one price", async () => {
    const aggregates = async (params: Record<string, string | number>) =>
      (await binance.get("/api/v3/aggTrades", { symbol: "BTCUSD", ...params })).body.map(
        ({ T, ...rest }: { T: number }) => rest,
      );
    const first = { a: 1, p: "45010.00000000", q: "0.75000000", f: 1, l: 2, m: false, M: true };
    const second = { a: 3, p: "44990.00000000", q: "0.25000000", f: 3, l: 3, m: true, M: true };
    const now = Math.floor(binance.clock.now() / 1000);

    deepEqual(await aggregates({}), [first, second]);
    deepEqual(await aggregates({ limit: 1 }), [second]);
    deepEqual(await aggregates({ fromId: 1, limit: 1 }), [first]);
    deepEqual(await aggregates({ fromId: 2 }), [second]);
    deepEqual(await aggregates({ startTime: now - 90_000, limit: 1 }), [first]);
    deepEqual(await aggregates({ startTime: now }), [second]);
    deepEqual(await aggregates({ endTime: now - 1 }), [first]);
  });

  it("shows candles as twelve columns, without a gap", async () => {
    for (const path of ["/api/v3/klines", "/api/v3/uiKlines"]) {
      const { body } = await binance.get(path, { symbol: "BTCUSD", interval: "1m" });

      const [open, close] = [45_010, 44_990].map((price) => `${price}.00000000`);
      const start = Math.floor(binance.clock.now() / 60_000_000) * 60_000 - 60_000;
      deepEqual(body, [
        [
          start,
          open,
          open,
          open,
          open,
          "0.75000000",
          start + 59_999,
          "33757.50000000",
          2,
          "0.75000000",
          "33757.50000000",
          "0",
        ],
        [
          start + 60_000,
          close,
          close,
          close,
          close,
          "0.25000000",
          start + 119_999,
          "11247.50000000",
          1,
          "0.00000000",
          "0.00000000",
          "0",
        ],
      ]);
    }
  });

  it("shows candles from a start, up to an end, up to a limit", async () => {
    const opens = async (params: Record<string, string | number>) =>
      (
        await binance.get("/api/v3/klines", { symbol: "BTCUSD", interval: "1s", ...params })
      ).body.map((candle: number[]) => candle[0]);
    const all = await opens({});

    equal(all.length, 91);
    deepEqual(await opens({ limit: 3 }), all.slice(-3));
    deepEqual(await opens({ startTime: all[10], limit: 2 }), all.slice(10, 12));
    deepEqual(await opens({ startTime: all[10] + 1, limit: 2 }), all.slice(11, 13));
    deepEqual(await opens({ endTime: all[10] }), all.slice(0, 11));
    deepEqual(await opens({ startTime: all[5] * 1000, endTime: all[7] * 1000 }), all.slice(5, 8));
  });

  it("shows the day of one symbol, of a list, and of all", async () => {
    const { body } = await binance.get("/api/v3/ticker/24hr", { symbol: "BTCUSD" });

    const now = Math.floor(binance.clock.now() / 1000);
    deepEqual(body, {
      symbol: "BTCUSD",
      priceChange: "-20.00000000",
      priceChangePercent: "-0.044",
      weightedAvgPrice: "45005.00000000",
      prevClosePrice: "45010.00000000",
      lastPrice: "44990.00000000",
      lastQty: "0.25000000",
      bidPrice: "44990.00000000",
      bidQty: "1.75000000",
      askPrice: "45010.00000000",
      askQty: "0.25000000",
      openPrice: "45010.00000000",
      highPrice: "45010.00000000",
      lowPrice: "44990.00000000",
      volume: "1.00000000",
      quoteVolume: "45005.00000000",
      openTime: Math.floor(now / 60_000) * 60_000 - 1439 * 60_000,
      closeTime: now,
      firstId: 1,
      lastId: 3,
      count: 3,
    });
    const list = await binance.get("/api/v3/ticker/24hr", { symbols: '["BTCUSD"]', type: "MINI" });
    deepEqual(Object.keys(list.body[0]), [
      "symbol",
      "openPrice",
      "highPrice",
      "lowPrice",
      "lastPrice",
      "volume",
      "quoteVolume",
      "openTime",
      "closeTime",
      "firstId",
      "lastId",
      "count",
    ]);
    const all = await binance.get("/api/v3/ticker/24hr");
    equal(all.body.length, binance.venue.instruments().length);
    const quiet = all.body.find((each: { symbol: string }) => each.symbol === "ETHUSD");
    deepEqual([quiet.count, quiet.firstId, quiet.lastPrice], [0, -1, "0.00000000"]);
  });

  it("shows last prices, touches and the average of five minutes", async () => {
    const price = await binance.get("/api/v3/ticker/price", { symbol: "BTCUSD" });
    deepEqual(price.body, { symbol: "BTCUSD", price: "44990.00000000" });
    const touch = await binance.get("/api/v3/ticker/bookTicker", { symbols: '["BTCUSD"]' });
    deepEqual(touch.body, [
      {
        symbol: "BTCUSD",
        bidPrice: "44990.00000000",
        bidQty: "1.75000000",
        askPrice: "45010.00000000",
        askQty: "0.25000000",
      },
    ]);
    const average = await binance.get("/api/v3/avgPrice", { symbol: "BTCUSD" });
    deepEqual(average.body, {
      mins: 5,
      price: "45005.00000000",
      closeTime: Math.floor(binance.clock.now() / 1000),
    });
  });

  it("equals an independent aggregation of the trades", async () => {
    const { body: trades } = await binance.get("/api/v3/trades", { symbol: "BTCUSD", limit: 1000 });
    const { body: day } = await binance.get("/api/v3/ticker/24hr", { symbol: "BTCUSD" });
    const minor = (text: string): bigint => BigInt(text.replace(".", ""));
    const inside = trades.filter(
      ({ time }: { time: number }) => time >= day.openTime && time <= day.closeTime,
    );
    const sum = (field: string): bigint =>
      inside.reduce(
        (total: bigint, trade: Record<string, string>) => total + minor(trade[field] as string),
        0n,
      );

    equal(inside.length, day.count);
    equal(sum("qty"), minor(day.volume));
    equal(sum("quoteQty"), minor(day.quoteVolume));
  });

  it("takes the key header along, and no body, on what needs no key", async () => {
    const headers = { "X-MBX-APIKEY": "anything at all", "Content-Type": "application/json" };
    const { status } = await binance.request("/api/v3/depth?symbol=BTCUSD", { headers });
    equal(status, 200);
  });

  it("shows used weight on every answer", async () => {
    const { headers } = await binance.get("/api/v3/depth", { symbol: "BTCUSD", limit: 5000 });
    match(headers.get("x-mbx-used-weight-1m") ?? "", /^\d+$/);
    equal(headers.get("x-mbx-used-weight"), headers.get("x-mbx-used-weight-1m"));
    ok(Number(headers.get("x-mbx-used-weight")) >= 250);
  });
});
