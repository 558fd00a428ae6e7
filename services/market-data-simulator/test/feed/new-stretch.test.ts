import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { duration, type Timestamp } from "@tse/domain";
import { silentLogger } from "@tse/service-kit";
import type { Wish } from "../../src/feed/feed-driver.ts";
import { FileFeedRecorder } from "../../src/feed/feed-record.ts";
import type { Intervention } from "../../src/feed/intervention.ts";
import type { MarketMode } from "../../src/feed/markets.ts";
import { type FeedTerms, openFeed } from "../../src/feed/open-feed.ts";
import { MemoryDatasetShelf } from "../../src/modes/dataset-shelf.ts";
import { after, DAY, DEFAULT_SYMBOLS, plain, SECOND, ticksOf } from "../support/feeds.ts";

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

/** One life of a world, from what is known of the one before. */
function opened(now: Timestamp, changed: Partial<FeedTerms> = {}) {
  const terms = { ...TERMS, ...changed };
  const recorder = new FileFeedRecorder(directory);
  const { feed, catchUp } = openFeed({
    terms,
    recorder,
    now,
    modes: { market: terms.mode as MarketMode, modes: {} },
    datasets: new MemoryDatasetShelf(),
    logger: silentLogger,
  });
  const ticks = ticksOf(feed);
  catchUp();
  const intervene = (wish: Wish) => {
    const intervention = { ...wish, at: feed.time } as Intervention;
    recorder.add(intervention);
    feed.apply(intervention);
  };
  const stopAt = (time: Timestamp) => {
    feed.advanceTo(time);
    recorder.mark(time);
  };
  return { feed, ticks, intervene, stopAt };
}

const segment = () => new FileFeedRecorder(directory).read()?.segment;

describe("A new stretch of a path", () => {
  const changes: Readonly<Record<string, Partial<FeedTerms>>> = {
    seed: { seed: "43" },
    mode: { mode: "static" },
    interval: { interval: duration(2 * SECOND) },
    symbols: { symbols: [...DEFAULT_SYMBOLS].slice(0, 3) },
    SPREAD_MODE: { spread: "dynamic" },
  };
  for (const [what, change] of Object.entries(changes)) {
    it(`with other ${what} keeps halts and spreads, also when it is made again`, () => {
      const first = opened(after(0));
      first.intervene({ kind: "halt", symbol: "BTC/USD" });
      const wide = { kind: "fixed", bps: 200 } as const;
      first.intervene({ kind: "spread", symbol: "ETH/USD", spread: wide });
      first.stopAt(after(20 * SECOND));
      const second = opened(after(20 * SECOND), change);
      second.stopAt(after(40 * SECOND));
      assert.equal(segment()?.number, 2);
      const third = opened(after(40 * SECOND), change);
      assert.deepEqual(third.ticks.map(plain), second.ticks.map(plain));
      for (const { feed } of [second, third]) {
        assert.equal(feed.state("BTC/USD", feed.time), "halted");
        assert.deepEqual(feed.spread("ETH/USD"), wide);
        assert.equal(feed.spread("ADA/USD").kind, change.spread ?? "fixed");
        assert.deepEqual(feed.latest("BTC/USD"), first.feed.latest("BTC/USD"));
      }
    });
  }

  it("by age keeps halts, spreads, and what is done to sources", () => {
    const terms = { interval: duration(600 * SECOND) };
    const first = opened(after(0), terms);
    first.intervene({ kind: "mode", symbol: "BTC/USD", terms: { mode: "consensus" } });
    const fault = { loss: 0, delay: 0, factor: 1.02 };
    first.intervene({ kind: "source", source: "binance", symbols: ["BTC/USD"], fault });
    first.intervene({ kind: "halt", symbol: "ADA/USD" });
    first.intervene({ kind: "spread", symbol: "ETH/USD", spread: { kind: "dynamic", bps: 9 } });
    for (const now of [after(32 * DAY), after(32 * DAY + 3_600 * SECOND)]) {
      const { feed, stopAt } = opened(now, terms);
      stopAt(now);
      assert.equal(segment()?.number, 2);
      assert.deepEqual(feed.market.fault("binance", "BTC"), fault);
      assert.equal(feed.state("ADA/USD", now), "halted");
      assert.deepEqual(feed.spread("ETH/USD"), { kind: "dynamic", bps: 9 });
    }
  });

  it("goes on with the numbers of a symbol that comes back, and with what was done to it", () => {
    const first = opened(after(0));
    first.intervene({ kind: "spread", symbol: "DOT/USD", spread: { kind: "fixed", bps: 50 } });
    first.intervene({ kind: "halt", symbol: "ADA/USD" });
    first.stopAt(after(20 * SECOND));
    const symbols = ["BTC/USD"];
    for (const [index, seed] of ["42", "43"].entries()) {
      const now = after((20 + 10 * index) * SECOND);
      opened(now, { symbols, seed }).stopAt(after((30 + 10 * index) * SECOND));
    }
    const back = opened(after(40 * SECOND));
    assert.deepEqual(back.feed.latest("DOT/USD"), first.feed.latest("DOT/USD"));
    back.stopAt(after(41 * SECOND));
    assert.equal(back.feed.sequence("DOT/USD"), 22);
    assert.equal(back.feed.sequence("BTC/USD"), 42);
    assert.equal(back.feed.spread("DOT/USD").bps, 50);
    assert.equal(back.feed.state("ADA/USD", back.feed.time), "halted");
  });
});
