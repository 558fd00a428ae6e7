import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { timestamp } from "@tse/domain";
import type { Intervention } from "../../src/feed/intervention.ts";
import { spreadBps } from "../../src/feed/quotes.ts";
import { findSymbol, symbolsOf } from "../../src/feed/symbol-terms.ts";
import { priceText, type Tick } from "../../src/feed/tick.ts";
import { after, HOUR, MINUTE, newFeed, plain, SECOND, START, ticksOf } from "../support/feeds.ts";

const latest = (feed: ReturnType<typeof newFeed>, symbol: string): Tick => {
  const tick = feed.latest(symbol);
  assert(tick !== undefined, "there is a tick");
  return tick;
};

describe("The feed", () => {
  it("gives the same ticks in one step and in many, numbered without a gap", () => {
    const [once, often] = [newFeed(), newFeed()];
    const [one, other] = [ticksOf(once), ticksOf(often)];
    once.begin();
    often.begin();
    once.advanceTo(after(10 * MINUTE));
    for (let at = 0; at < 10 * MINUTE; at += 777_777) often.advanceTo(after(at));
    often.advanceTo(after(10 * MINUTE));
    assert.deepEqual(other.map(plain), one.map(plain));
    const bitcoin = one.filter(({ terms }) => terms.symbol === "BTC/USD");
    assert.deepEqual(
      bitcoin.map(({ sequence, timestamp }) => [sequence, timestamp]),
      Array.from({ length: 601 }, (_, index) => [index + 1, START + index * SECOND]),
    );
  });

  it("is another path with another seed, and has nine symbols", () => {
    const [one, other] = [newFeed(), newFeed({ seed: 43 })];
    for (const feed of [one, other]) {
      feed.begin();
      feed.advanceTo(after(MINUTE));
    }
    assert.notEqual(latest(one, "BTC/USD").price, latest(other, "BTC/USD").price);
    assert.equal(one.symbols.length, 9);
    assert.deepEqual(
      symbolsOf(["SOL/USD"]).map(({ symbol }) => symbol),
      ["SOL/USD", "USDT/USD"],
    );
  });

  it("quotes derived pairs without arbitrage beyond the spreads", () => {
    const feed = newFeed();
    feed.begin();
    for (let at = MINUTE; at <= 2 * HOUR; at += MINUTE) {
      feed.advanceTo(after(at));
      const value = (symbol: string, side: "bid" | "ask") => {
        const tick = latest(feed, symbol);
        return tick[side] * (Number(tick.terms.tickSize.minor) / 1e8);
      };
      for (const [cross, base, quote] of [
        ["ETH/BTC", "ETH/USD", "BTC/USD"],
        ["BTC/USDT", "BTC/USD", "USDT/USD"],
        ["ETH/USDT", "ETH/USD", "USDT/USD"],
      ] as const) {
        // Neither way around the triangle gives more than was put in.
        assert.ok(value(cross, "bid") <= value(base, "ask") / value(quote, "bid"));
        assert.ok(value(cross, "ask") >= value(base, "bid") / value(quote, "ask"));
      }
    }
  });

  it("keeps bid and ask the fixed spread apart, rounded outward", () => {
    const feed = newFeed({ mode: "static" });
    feed.begin();
    const { price, bid, ask, terms, source } = latest(feed, "BTC/USD");
    const text = [price, bid, ask].map((each) => priceText(each, terms));
    assert.deepEqual(text, ["45000.00", "44995.50", "45004.50"]);
    assert.equal(source, "static");
    const tether = latest(feed, "USDT/USD");
    assert.deepEqual([tether.bid, tether.ask], [9_999, 10_001]);
  });

  it("widens a dynamic spread with volatility and scenarios, within five times", () => {
    const rule = { kind: "dynamic", bps: 2 } as const;
    const at = (volatility: number, factor = 1) =>
      spreadBps(rule, { volatility, usualVolatility: 0.5, factor, time: START });
    assert.ok(at(1) > at(0.5));
    assert.ok(Math.abs(at(50) / at(0.5) - 5) < 1e-9);
    assert.ok(Math.abs(at(0) / at(0.5) - 0.5) < 1e-9);
    assert.equal(at(0.5, 3), 3 * at(0.5));
  });

  it("shows ten levels a side, geometric in distance and size", () => {
    const feed = newFeed({ mode: "static" });
    feed.begin();
    const depth = feed.depth("BTC/USD");
    assert(depth !== undefined);
    const level = (side: "bids" | "asks", index: number) => depth[side][index];
    assert.deepEqual(level("bids", 0), { price: 4_499_850, size: 25_000 });
    assert.deepEqual(level("asks", 0), { price: 4_500_150, size: 18_000 });
    assert.deepEqual(level("bids", 9), { price: 4_495_000, size: 250_000 });
    assert.deepEqual(level("asks", 9), { price: 4_505_000, size: 220_000 });
    for (const { symbol } of feed.symbols) {
      const { bids = [], asks = [] } = feed.depth(symbol) ?? {};
      const prices = [...bids.toReversed(), ...asks].map(({ price }) => price);
      assert.deepEqual(
        [...new Set(prices)].toSorted((a, b) => a - b),
        prices,
        symbol,
      );
    }
  });

  it("publishes one tick at an operator's price, and goes on as if it had not been", () => {
    const [plainly, moved] = [newFeed(), newFeed()];
    plainly.begin();
    moved.begin();
    const at = after(1_500_000);
    const tick = moved.apply({ kind: "price", symbol: "BTC/USD", price: 4_000_000, at });
    assert.deepEqual([tick?.sequence, tick?.price, tick?.timestamp], [3, 4_000_000, at]);
    for (const feed of [plainly, moved]) feed.advanceTo(after(2 * SECOND));
    assert.equal(latest(moved, "BTC/USD").price, latest(plainly, "BTC/USD").price);
    assert.equal(latest(moved, "BTC/USD").sequence, 4);
  });

  it("publishes nothing while a symbol is halted, and uses no sequence", () => {
    const feed = newFeed();
    feed.begin();
    feed.apply({ kind: "halt", symbol: "ADA/USD", at: after(0) });
    feed.advanceTo(after(5 * SECOND));
    assert.equal(latest(feed, "ADA/USD").sequence, 1);
    assert.equal(feed.state("ADA/USD", feed.time), "halted");
    feed.apply({ kind: "resume", symbol: "ADA/USD", at: after(5 * SECOND) });
    feed.advanceTo(after(6 * SECOND));
    assert.equal(latest(feed, "ADA/USD").sequence, 2);
    assert.equal(feed.state("ADA/USD", feed.time), "live");
    assert.equal(feed.state("ADA/USD", after(36 * SECOND)), "stale");
  });

  it("comes to the same ticks, candles and statistics when its past is passed over quickly", () => {
    const interventions: Intervention[] = [
      { kind: "price", symbol: "BTC/USD", price: 4_700_000, at: after(90_500_000) },
      { kind: "halt", symbol: "ETH/USD", at: after(5 * MINUTE) },
      { kind: "resume", symbol: "ETH/USD", at: after(7 * MINUTE) },
    ];
    const [lived, rebuilt] = [newFeed(), newFeed()];
    lived.begin();
    for (const each of interventions) {
      lived.apply(each);
      rebuilt.passTo(each.at);
      rebuilt.apply(each);
    }
    const now = after(95 * MINUTE);
    lived.advanceTo(now);
    rebuilt.passTo(timestamp(now - 10 * SECOND));
    const [one, other] = [ticksOf(lived), ticksOf(rebuilt)];
    rebuilt.advanceTo(now);
    assert.equal(other.length, 90);
    for (const feed of [lived, rebuilt]) feed.advanceTo(timestamp(now + 3 * SECOND));
    assert.deepEqual(other.slice(90).map(plain), one.map(plain));
    for (const { symbol } of lived.symbols) {
      const [mine, theirs] = [lived.candles(symbol), rebuilt.candles(symbol)];
      assert.deepEqual(theirs.day(), mine.day());
      assert.deepEqual([...theirs.closed("5m").from(0)], [...mine.closed("5m").from(0)]);
      assert.deepEqual(theirs.running("1h"), mine.running("1h"));
    }
  });

  it("finds symbols as clients write them", () => {
    const { symbols } = newFeed();
    for (const text of ["BTC/USD", "BTC-USD", "BTCUSD", "BTC%2FUSD", "BTC"]) {
      assert.equal(findSymbol(symbols, text)?.symbol, "BTC/USD", text);
    }
    assert.equal(findSymbol(symbols, "USDT")?.symbol, "USDT/USD");
    assert.equal(findSymbol(symbols, "ETHBTC")?.symbol, "ETH/BTC");
    for (const text of ["", "XRP", "BTC/EUR", "btc", "USD"]) {
      assert.equal(findSymbol(symbols, text), undefined, text);
    }
  });

  it("has the volatility that it is configured for", () => {
    const feed = newFeed({ interval: 10 * SECOND });
    const prices: number[] = [];
    feed.onTicks((ticks) => {
      prices.push(ticks.find(({ terms }) => terms.symbol === "BTC/USD")?.price ?? 0);
    });
    feed.begin();
    feed.advanceTo(after(24 * HOUR));
    const returns = prices.slice(1).map((price, index) => Math.log(price / (prices[index] ?? 1)));
    const variance = returns.reduce((sum, each) => sum + each ** 2, 0) / returns.length;
    const yearly = Math.sqrt(variance * 365 * 8_640);
    assert.ok(Math.abs(yearly / 0.5 - 1) < 0.15, `${yearly}`);
  });
});
