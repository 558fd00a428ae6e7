import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { duration, type Timestamp } from "@tse/domain";
import { silentLogger } from "@tse/service-kit";
import { FileFeedRecorder } from "../../src/feed/feed-record.ts";
import { type FeedTerms, openFeed } from "../../src/feed/open-feed.ts";
import type { ModeTerms } from "../../src/modes/mode-terms.ts";
import { after, DAY, DEFAULT_SYMBOLS, HOUR, plain, SECOND, ticksOf } from "../support/feeds.ts";
import { candleRows, MINUTES_A_DAY, refOf, replayOf, shelfOf } from "./datasets.ts";

const TERMS: FeedTerms = {
  seed: "42",
  mode: "gbm",
  interval: duration(20 * SECOND),
  spread: "fixed",
  symbols: DEFAULT_SYMBOLS,
};

const MODES: Readonly<Record<string, ModeTerms>> = {
  "BTC/USD": replayOf("hour", { align: "absolute", loop: true }),
  "SOL/USD": { mode: "bootstrap", dataset: refOf("day") },
  "ADA/USD": { mode: "static" },
};

function worldIn(directory: string) {
  const datasets = shelfOf({ hour: candleRows(60), day: candleRows(MINUTES_A_DAY, 100) });
  return (now: Timestamp, modes: Readonly<Record<string, ModeTerms>> = {}) => {
    const recorder = new FileFeedRecorder(directory);
    const { feed, catchUp } = openFeed({
      terms: TERMS,
      recorder,
      now,
      logger: silentLogger,
      modes: { market: "gbm", modes: {} },
      datasets,
    });
    const ticks = ticksOf(feed);
    catchUp();
    for (const [symbol, terms] of Object.entries(modes)) {
      const change = { kind: "mode", symbol, at: feed.time, terms } as const;
      recorder.add(change);
      feed.apply(change);
    }
    return { feed, ticks };
  };
}

describe("A path that is too old to be made again", () => {
  it("goes on in a new stretch with the modes that were in force, and without a jump", () => {
    const directory = mkdtempSync(join(tmpdir(), "feed-"));
    try {
      const open = worldIn(directory);
      open(after(HOUR), MODES);
      new FileFeedRecorder(directory).mark(after(32 * DAY));
      const second = open(after(32 * DAY + 500_000));
      const { segment } = new FileFeedRecorder(directory).read() ?? {};
      assert.equal(segment?.number, 2);
      const [replay] = second.feed.market.replays;
      assert.deepEqual([replay?.state, replay?.terms.dataset.name], ["playing", "hour"]);
      const before = second.feed.symbols.map(({ symbol }) => second.feed.latest(symbol));
      second.feed.advanceTo(after(32 * DAY + 20 * SECOND));
      for (const tick of before) {
        const next = second.feed.latest(tick?.terms.symbol ?? "");
        assert.equal(next?.sequence, (tick?.sequence ?? 0) + 1);
        assert.equal(next?.source, tick?.source);
        const moved = (next?.price ?? 0) / (tick?.price ?? 1) - 1;
        assert.ok(Math.abs(moved) < 0.003, `${tick?.terms.symbol} ${moved}`);
      }
      // And that stretch is made again, too.
      second.feed.advanceTo(after(32 * DAY + HOUR));
      const third = open(after(32 * DAY + HOUR));
      const count = third.ticks.length;
      assert.deepEqual(third.ticks.map(plain), second.ticks.slice(-count).map(plain));
      assert.equal(count, 180 * 9);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
