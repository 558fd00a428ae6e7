import { deepEqual, equal } from "node:assert/strict";
import { describe, it } from "node:test";
import { duration } from "@tse/domain";
import { JournalUnavailable, MemoryCommandLog } from "@tse/journal";
import { ENDPOINTS } from "../../src/gateways/binance/endpoints.ts";
import { DEFAULT_LIMITS } from "../../src/gateways/binance/limits.ts";
import { answers, startBinance, type TestBinance, type Trader } from "../support/binance.ts";

const SECOND = 1_000_000;
const BUY = {
  symbol: "BTCUSD",
  side: "BUY",
  type: "LIMIT",
  timeInForce: "GTC",
  quantity: "0.01",
  price: "44000",
};

const order = (binance: TestBinance, trader: Trader, params: Record<string, string>) =>
  binance.as(trader, "POST", "/api/v3/order", params);

const counts = (headers: Headers): (string | null)[] => [
  headers.get("x-mbx-order-count-10s"),
  headers.get("x-mbx-order-count-1d"),
];

describe("request weight", () => {
  it("is counted by address in aligned minutes of world time", async () => {
    const binance = await startBinance();
    const used = async (path: string) =>
      Number((await binance.request(path)).headers.get("x-mbx-used-weight-1m"));

    equal(await used("/api/v3/ping"), 1);
    equal(await used("/api/v3/depth?symbol=BTCUSD"), 6);
    equal(await used("/api/v3/depth?symbol=BTCUSD&limit=5000"), 256);
    equal(await used("/api/v3/depth?symbol=NOPE"), 261);
    equal(await used("/api/v3/ticker/24hr"), 341);
    equal(await used('/api/v3/ticker/price?symbols=["BTCUSD"]'), 345);
    const untilMinute = 60 * SECOND - (binance.clock.now() % (60 * SECOND));
    await binance.advance(duration(untilMinute));
    equal(await used("/api/v3/ping"), 1);
  });

  it("is refused above the limit, with the time to wait", async () => {
    const limits = { ...DEFAULT_LIMITS, requestWeightPerMinute: 42 };
    const binance = await startBinance({ limits });
    await binance.advance(duration(15 * SECOND));
    for (const _ of [1, 2]) equal((await binance.get("/api/v3/exchangeInfo")).status, 200);

    const reply = await binance.get("/api/v3/depth", { symbol: "BTCUSD" });

    answers(reply, [
      429,
      -1003,
      "Too much request weight used; current limit is 42 request weight per 1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.",
    ]);
    equal(reply.headers.get("retry-after"), "45");
    equal(reply.headers.get("x-mbx-used-weight-1m"), "40");
    equal((await binance.get("/api/v3/ping")).status, 200);
    await binance.advance(duration(45 * SECOND));
    equal((await binance.get("/api/v3/depth", { symbol: "BTCUSD" })).status, 200);
  });

  it("is refused above the number of requests, too", async () => {
    const limits = { ...DEFAULT_LIMITS, rawRequestsPer5Minutes: 2 };
    const binance = await startBinance({ limits });
    for (const _ of [1, 2]) equal((await binance.get("/api/v3/ping")).status, 200);

    const reply = await binance.get("/api/v3/ping");

    answers(reply, [429, -1003, "Too many requests queued."]);
    equal(reply.headers.get("retry-after"), "300");
  });

  it("costs an order nothing that is taken, and one that is refused something", async () => {
    const binance = await startBinance();
    const trader = await binance.trader({ USD: "1000" });
    const used = async (price: string) =>
      (await order(binance, trader, { ...BUY, price })).headers.get("x-mbx-used-weight");

    equal(await used("44000"), "0");
    equal(await used("0"), "1");
  });

  it("is what exchangeInfo says", async () => {
    const binance = await startBinance({ limits: DEFAULT_LIMITS });
    deepEqual((await binance.get("/api/v3/exchangeInfo")).body.rateLimits, [
      { rateLimitType: "REQUEST_WEIGHT", interval: "MINUTE", intervalNum: 1, limit: 6_000 },
      { rateLimitType: "ORDERS", interval: "SECOND", intervalNum: 10, limit: 100 },
      { rateLimitType: "ORDERS", interval: "DAY", intervalNum: 1, limit: 200_000 },
      { rateLimitType: "RAW_REQUESTS", interval: "MINUTE", intervalNum: 5, limit: 300_000 },
    ]);
  });

  it("is known for every endpoint", () => {
    for (const { path, weight } of Object.values(ENDPOINTS)) {
      equal(typeof weight === "function" || weight > 0, true, path);
    }
  });
});

describe("unfilled orders", () => {
  it("are counted by account, and refused above the limit until the window ends", async () => {
    const limits = { ...DEFAULT_LIMITS, ordersPer10Seconds: 2 };
    const binance = await startBinance({ limits });
    const trader = await binance.trader({ USD: "10000" });
    const other = await binance.trader({ USD: "10000" });
    await binance.advance(duration(3 * SECOND));

    deepEqual(counts((await order(binance, trader, BUY)).headers), ["1", "1"]);
    deepEqual(counts((await order(binance, trader, BUY)).headers), ["2", "2"]);
    const reply = await order(binance, trader, BUY);
    answers(reply, [429, -1015, "Too many new orders; current limit is 2 orders per 10 SECOND."]);
    equal(reply.headers.get("retry-after"), "7");
    equal((await order(binance, other, BUY)).status, 200);
    await binance.advance(duration(7 * SECOND));
    deepEqual(counts((await order(binance, trader, BUY)).headers), ["1", "3"]);
  });

  it("are limited by the day as well", async () => {
    const binance = await startBinance({ limits: { ...DEFAULT_LIMITS, ordersPerDay: 1 } });
    const trader = await binance.trader({ USD: "10000" });
    equal((await order(binance, trader, BUY)).status, 200);
    answers(await order(binance, trader, BUY), [
      429,
      -1015,
      "Too many new orders; current limit is 1 orders per 1 DAY.",
    ]);
  });

  it("don't count what fills at once, and count less as resting ones fill", async () => {
    const binance = await startBinance();
    const maker = await binance.trader({ BTC: "1" });
    const taker = await binance.trader({ USD: "10000" });
    const sell = { ...BUY, side: "SELL" };
    for (const _ of Array(7)) await order(binance, maker, sell);

    deepEqual(counts((await order(binance, taker, BUY)).headers), ["0", "0"]);
    deepEqual(counts((await order(binance, maker, sell)).headers), ["3", "3"]);
  });

  it("don't count what is refused", async () => {
    const binance = await startBinance();
    const trader = await binance.trader({ USD: "10000" });
    deepEqual(counts((await order(binance, trader, { ...BUY, price: "0" })).headers), [null, null]);
    deepEqual(counts((await order(binance, trader, BUY)).headers), ["1", "1"]);
  });
});

describe("an exchange that stopped", () => {
  it("is unavailable, not broken", async () => {
    const log = new FailingLog();
    const binance = await startBinance({ log });
    const trader = await binance.trader({ USD: "10000" });
    log.failing = true;

    const expected = "Internal error; unable to process your request. Please try again.";
    answers(await order(binance, trader, BUY), [503, -1001, expected]);
    answers(await binance.get("/api/v3/depth", { symbol: "BTCUSD" }), [503, -1001, expected]);
  });
});

/** A journal whose disk gives out. */
class FailingLog extends MemoryCommandLog {
  failing = false;

  override append(...args: Parameters<MemoryCommandLog["append"]>) {
    if (this.failing) return Promise.reject(new JournalUnavailable("the disk is full"));
    return super.append(...args);
  }
}
