import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { timestamp } from "@tse/domain";
import { realClock, silentLogger } from "@tse/service-kit";
import {
  MemoryCacheRepository,
  MemoryTimelineRepository,
  StorageError,
  type TimelinePoint,
} from "@tse/storage";
import { SharedSeries } from "../../src/archive/shared-series.ts";
import { renderCandle, renderTick } from "../../src/render/market.ts";
import { after, DAY, MINUTE, newFeed, SECOND, ticksOf } from "../support/feeds.ts";

const ALL = [timestamp(0), timestamp(Number.MAX_SAFE_INTEGER)] as const;

/** Timelines that can be away. */
class Timelines extends MemoryTimelineRepository {
  isAway = false;
  readonly calls: string[] = [];

  override async add(key: string, points: readonly TimelinePoint[], kept: number): Promise<number> {
    this.#called("add", key);
    return super.add(key, points, kept);
  }

  override async replace(key: string, points: readonly TimelinePoint[], kept: number) {
    this.#called("replace", key);
    return super.replace(key, points, kept);
  }

  #called(what: string, key: string): void {
    if (this.isAway) throw new StorageError("storage_unavailable", "away");
    if (key === "history:BTC/USD") this.calls.push(what);
  }
}

function shared() {
  const timelineRepository = new Timelines();
  const cacheRepository = new MemoryCacheRepository({ clock: realClock(), defaultTtlMs: 1_000 });
  const feed = newFeed({ symbols: ["BTC/USD"] });
  const ticks = ticksOf(feed);
  const series = new SharedSeries({
    adapter: { timelineRepository, cacheRepository },
    feed,
    logger: silentLogger,
  });
  const history = async () => {
    const texts = await timelineRepository.range("history:BTC/USD", ...ALL);
    return texts.map((text) => JSON.parse(text));
  };
  const bitcoin = () => ticks.filter(({ terms }) => terms.symbol === "BTC/USD").map(renderTick);
  return { timelineRepository, cacheRepository, feed, series, history, bitcoin };
}

describe("What other processes read of the feed", () => {
  it("is the newest price, the last ticks and the last closed candles", async () => {
    const { feed, series, history, bitcoin, timelineRepository, cacheRepository } = shared();
    feed.begin();
    feed.advanceTo(after(10 * MINUTE));
    await series.stop();
    assert.deepEqual(await history(), bitcoin());
    assert.deepEqual(JSON.parse(await cacheRepository.get("price:BTC/USD")), {
      symbol: "BTC/USD",
      ...bitcoin().at(-1),
    });
    const candles = await timelineRepository.range("candles:BTC/USD:1m", ...ALL);
    assert.deepEqual(
      candles.map((text) => JSON.parse(text)),
      [...feed.candles("BTC/USD").closed("1m").from(0)].map(renderCandle),
    );
  });

  it("grows by what is new, and keeps 3,600 ticks and 500 candles", async () => {
    const { feed, series, history, bitcoin, timelineRepository } = shared();
    feed.begin();
    for (const time of [MINUTE, 2 * MINUTE, DAY]) {
      feed.advanceTo(after(time));
      await series.stop();
    }
    assert.deepEqual(timelineRepository.calls.slice(0, 2), ["replace", "add"]);
    assert.deepEqual(await history(), bitcoin().slice(-3_600));
    const candles = await timelineRepository.range("candles:BTC/USD:1m", ...ALL);
    assert.equal(candles.length, 500);
  });

  it("is whole again after somebody emptied it", async () => {
    const { feed, series, history, bitcoin, timelineRepository } = shared();
    feed.begin();
    feed.advanceTo(after(2 * MINUTE));
    await series.stop();
    for (const key of ["history:BTC/USD", "candles:BTC/USD:1m"]) {
      await timelineRepository.delete(key);
    }
    for (const seconds of [1, 2]) {
      feed.advanceTo(after(2 * MINUTE + seconds * SECOND));
      await series.stop();
    }
    assert.deepEqual(await history(), bitcoin());
    assert.equal((await timelineRepository.range("candles:BTC/USD:1m", ...ALL)).length, 2);
  });

  it("is whole again after Redis was away", async () => {
    const { feed, series, history, bitcoin, timelineRepository } = shared();
    feed.begin();
    await series.stop();
    timelineRepository.isAway = true;
    for (let second = 1; second <= 3; second += 1) {
      feed.advanceTo(after(second * SECOND));
      await series.stop();
    }
    timelineRepository.isAway = false;
    await timelineRepository.delete("history:BTC/USD");
    feed.advanceTo(after(4 * SECOND));
    await series.stop();
    assert.deepEqual(await history(), bitcoin());
  });
});
