import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { duration, type Timestamp } from "@tse/domain";
import { ControllableClock, silentLogger } from "@tse/service-kit";
import { FeedDriver } from "../../src/feed/feed-driver.ts";
import { FeedRecordCorrupt, FileFeedRecorder } from "../../src/feed/feed-record.ts";
import type { MarketMode } from "../../src/feed/markets.ts";
import { type FeedTerms, openFeed } from "../../src/feed/open-feed.ts";
import { MemoryDatasetShelf } from "../../src/modes/dataset-shelf.ts";
import { after, DEFAULT_SYMBOLS, HOUR, MINUTE, plain, SECOND, ticksOf } from "../support/feeds.ts";

const TERMS: FeedTerms = {
  seed: "42",
  mode: "gbm",
  interval: duration(SECOND),
  spread: "fixed",
  symbols: DEFAULT_SYMBOLS,
};

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "feed-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

function opened(now: Timestamp, terms: FeedTerms = TERMS) {
  const recorder = new FileFeedRecorder(directory);
  const { feed, catchUp, lastTime, wholeFrom } = openFeed({
    terms,
    recorder,
    now,
    modes: { market: terms.mode as MarketMode, modes: {} },
    datasets: new MemoryDatasetShelf(),
    logger: silentLogger,
  });
  const ticks = ticksOf(feed);
  catchUp();
  const clock = new ControllableClock({ mode: "virtual", start: now });
  const driver = new FeedDriver({ feed, clock, recorder, isTimeKept: false });
  return { feed, ticks, clock, driver, lastTime, wholeFrom };
}

/** Ticks by symbol and sequence. */
const bySequence = (ticks: ReturnType<typeof opened>["ticks"]) =>
  new Map(ticks.map((tick) => [`${tick.terms.symbol} ${tick.sequence}`, plain(tick)]));

describe("A feed that is opened again", () => {
  it("goes on as if it had never stopped, the ticks in between included", async () => {
    const first = opened(after(0));
    first.driver.start();
    await first.clock.advance(duration(20 * MINUTE + 300_000));
    first.driver.intervene({ kind: "price", symbol: "BTC/USD", price: 4_321_000 });
    first.driver.intervene({ kind: "halt", symbol: "SOL/USD" });
    await first.clock.advance(duration(2 * HOUR));
    // No stop: the process is gone. Another one opens the path later.
    const later = after(3 * HOUR + 500_000);
    const second = opened(later);
    first.feed.advanceTo(later);

    const lived = bySequence(first.ticks);
    for (const [key, tick] of bySequence(second.ticks)) assert.deepEqual(tick, lived.get(key), key);
    assert.equal(second.ticks.length, 3_600 * 8);
    for (const { symbol } of first.feed.symbols) {
      assert.equal(second.feed.sequence(symbol), first.feed.sequence(symbol));
      assert.deepEqual(second.feed.candles(symbol).day(), first.feed.candles(symbol).day());
    }
    assert.equal(second.feed.state("SOL/USD", later), "halted");
  });

  it("announces each tick once when it was away for a short time, the interventions in place", () => {
    const first = opened(after(0));
    first.feed.advanceTo(after(10 * SECOND));
    const recorder = new FileFeedRecorder(directory);
    recorder.add({ kind: "price", symbol: "BTC/USD", price: 4_321_000, at: after(10_500_000) });
    const second = opened(after(30 * SECOND));
    const bitcoin = second.ticks.filter(({ terms }) => terms.symbol === "BTC/USD");
    assert.deepEqual(
      bitcoin.map(({ sequence }) => sequence),
      Array.from({ length: 32 }, (_, index) => index + 1),
    );
    assert.equal(bitcoin[11]?.price, 4_321_000);
    assert.equal(second.lastTime, after(10_500_000));
  });

  it("goes on from the same prices and sequences with other terms", () => {
    const first = opened(after(0));
    first.feed.advanceTo(after(5 * MINUTE + 500_000));
    const terms = { ...TERMS, seed: "43", interval: duration(100_000) };
    const second = opened(after(5 * MINUTE + 500_000), terms);
    const [before, carried] = [first.feed, second.feed].map((feed) => feed.latest("BTC/USD"));
    assert.deepEqual(carried, before);
    second.feed.advanceTo(after(5 * MINUTE + 600_000));
    const next = second.feed.latest("BTC/USD");
    assert.equal(next?.sequence, (before?.sequence ?? 0) + 1);
    assert.ok(Math.abs((next?.price ?? 0) / (before?.price ?? 1) - 1) < 0.001);
    assert.equal(second.feed.candles("BTC/USD").day()?.count, 302);
    // And that path can be opened again, too.
    const third = opened(after(5 * MINUTE + 600_000), terms);
    assert.equal(third.feed.latest("BTC/USD")?.price, next?.price);
    assert.equal(third.feed.sequence("BTC/USD"), next?.sequence);
  });

  it("comes to the same prices, numbers and day after a long life, whose beginning it doesn't make again", () => {
    const terms: FeedTerms = { ...TERMS, mode: "realistic", interval: duration(20 * SECOND) };
    const first = opened(after(0), terms);
    first.feed.advanceTo(after(30 * HOUR));
    const halt = { kind: "halt", symbol: "ADA/USD", at: first.feed.time } as const;
    new FileFeedRecorder(directory).add(halt);
    first.feed.apply(halt);
    const now = after(100 * HOUR + 5 * SECOND);
    first.feed.advanceTo(now);
    first.driver.stop();
    const second = opened(now, terms);
    assert.equal(second.wholeFrom, after(72 * HOUR));
    for (const { symbol } of first.feed.symbols) {
      assert.equal(second.feed.sequence(symbol), first.feed.sequence(symbol), symbol);
      if (symbol === "ADA/USD") continue;
      assert.deepEqual(second.feed.latest(symbol), first.feed.latest(symbol));
      const [mine, theirs] = [second.feed, first.feed].map((feed) => feed.candles(symbol));
      assert.deepEqual(mine?.day(), theirs?.day());
      assert.deepEqual(mine?.closed("1h").at(23), theirs?.closed("1h").at(72 + 23));
    }
  });

  it("passes over what a crash left of a line, and names a line that can't be read", () => {
    opened(after(0));
    const path = join(directory, "feed.jsonl");
    appendFileSync(path, '{"kind":"halt","symbol":"BTC/U');
    const again = opened(after(SECOND));
    assert.equal(again.feed.state("BTC/USD", after(SECOND)), "live");
    again.driver.intervene({ kind: "halt", symbol: "ETH/USD" });
    const third = opened(after(2 * SECOND));
    assert.equal(third.feed.state("ETH/USD", after(2 * SECOND)), "halted");
    writeFileSync(path, `${readFileSync(path, "utf8")}\n{"kind":"time","at":1}\n`);
    assert.throws(() => opened(after(SECOND)), FeedRecordCorrupt);
  });

  it("closes candles at the end of their minute whatever the grid", async () => {
    const { feed, driver, clock } = opened(after(0), { ...TERMS, interval: duration(7 * SECOND) });
    const ends: number[] = [];
    feed.onCandle(({ endTime, terms, interval }) => {
      // A grid of seven seconds has a point just before the start.
      if (terms.symbol !== "BTC/USD" || interval !== "1m" || endTime === after(0)) return;
      assert.equal(clock.now(), endTime);
      ends.push(endTime);
    });
    driver.start();
    await clock.advance(duration(5 * MINUTE));
    assert.deepEqual(
      ends,
      [1, 2, 3, 4, 5].map((minute) => after(minute * MINUTE)),
    );
    driver.stop();
    assert.equal(clock.state().pendingTimers, 0);
  });
});
