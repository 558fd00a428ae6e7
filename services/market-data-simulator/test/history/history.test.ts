import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after as afterAll, before, describe, it } from "node:test";
import { duration, type Timestamp } from "@tse/domain";
import { silentLogger } from "@tse/service-kit";
import {
  type FeedRecorder,
  FileFeedRecorder,
  MemoryFeedRecorder,
} from "../../src/feed/feed-record.ts";
import { type KnownPast, openFeed } from "../../src/feed/open-feed.ts";
import { History } from "../../src/history/history.ts";
import { StoredHistory } from "../../src/history/stored-history.ts";
import { MemoryDatasetShelf } from "../../src/modes/dataset-shelf.ts";
import { awayStored } from "../datasets/stored.ts";
import { after, HOUR, MINUTE, SECOND } from "../support/feeds.ts";

const BITCOIN = { symbol: "BTC/USD", limit: 5 };
const AWAY = { code: "storage_unavailable" };

let directory: string;
before(() => {
  directory = mkdtempSync(join(tmpdir(), "history-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

interface Opening {
  readonly now: Timestamp;
  readonly recorder?: FeedRecorder;
  readonly past?: KnownPast;
}

/** A world whose storage is away. */
function opened({ now, recorder = new MemoryFeedRecorder(), past }: Opening) {
  const { feed, begin, catchUp } = openFeed({
    terms: {
      seed: "42",
      mode: "static",
      interval: duration(SECOND),
      spread: "fixed",
      symbols: ["BTC/USD"],
    },
    recorder,
    now,
    modes: { market: "static", modes: {} },
    datasets: new MemoryDatasetShelf(),
    logger: silentLogger,
    past,
  });
  catchUp();
  const history = new History(feed, new StoredHistory(awayStored().adapter), begin);
  return { feed, recorder, history };
}

/** In the middle of a minute. */
const BEGIN = after(HOUR + 10 * SECOND);

describe("History while storage is away", () => {
  it("is whole in a new world: nothing older can be stored", async () => {
    const { feed, history } = opened({ now: BEGIN });
    const { items, hasMore } = await history.candles("1m", BITCOIN);
    assert.deepEqual(
      items.map(({ startTime, isClosed }) => [startTime, isClosed]),
      [[after(HOUR), false]],
    );
    assert.equal(hasMore, false);
    feed.advanceTo(after(HOUR + 3 * MINUTE));
    assert.equal((await history.candles("1m", BITCOIN)).items.length, 4);
    assert.equal((await history.candles("1d", BITCOIN)).items.length, 1);
    assert.equal((await history.ticks({ ...BITCOIN, limit: 500 })).items.length, 171);
  });

  it("is whole, too, in a young world that was started again", async () => {
    const recorder = new FileFeedRecorder(directory);
    const first = opened({ now: BEGIN, recorder });
    first.feed.advanceTo(after(HOUR + 2 * MINUTE));
    recorder.mark(first.feed.time);
    const again = opened({
      now: after(HOUR + 3 * MINUTE),
      recorder: new FileFeedRecorder(directory),
    });
    const { items } = await again.history.candles("1m", BITCOIN);
    assert.deepEqual(
      items.map(({ startTime }) => startTime),
      [3, 2, 1, 0].map((minute) => after(HOUR + minute * MINUTE)),
    );
  });

  it("can't be read where it may reach further back than memory", async () => {
    const past = { prices: {}, sequences: { "BTC/USD": 7_000_000 } };
    const { history } = opened({ now: BEGIN, past });
    await assert.rejects(history.candles("1m", BITCOIN), AWAY);
    await assert.rejects(history.ticks(BITCOIN), AWAY);
    const since = { ...BITCOIN, start: after(HOUR) };
    assert.equal((await history.candles("1m", since)).items.length, 1);

    const long = opened({ now: BEGIN });
    long.feed.advanceTo(after(3 * HOUR));
    assert.equal((await long.history.ticks(BITCOIN)).items.length, 5);
    await assert.rejects(long.history.ticks({ ...BITCOIN, limit: 3_601 }), AWAY);
  });
});
