import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { duration, type Timestamp } from "@tse/domain";
import { type MarketDataAdapter, newMarketDataAdapter } from "@tse/market-data-adapter";
import { PrometheusMetrics, realClock, silentLogger } from "@tse/service-kit";
import { seededRandom } from "@tse/simulation";
import { StorageError } from "@tse/storage";
import { Archive } from "../../src/archive/archive.ts";
import { AuditTrail } from "../../src/archive/audit-trail.ts";
import { Publisher } from "../../src/archive/publisher.ts";
import { ScenarioRuns } from "../../src/archive/scenario-runs.ts";
import { FileFeedRecorder } from "../../src/feed/feed-record.ts";
import { CANDLE_OVERLAP, openFeed } from "../../src/feed/open-feed.ts";
import { MemoryDatasetShelf } from "../../src/modes/dataset-shelf.ts";
import { after, DAY, HOUR, MINUTE } from "../support/feeds.ts";
import { until } from "../support/patience.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "candles-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

async function store(): Promise<MarketDataAdapter> {
  const clock = realClock();
  const adapter = newMarketDataAdapter(
    { instanceName: "market-data-simulator", store: { kind: "memory", history: 200_000 } },
    { logger: silentLogger, clock, realClock: clock, random: seededRandom(1) },
  );
  await adapter.connect();
  return adapter;
}

/** A store whose candles can't be written when `isAway` says so. */
function failing(adapter: MarketDataAdapter, isAway: () => boolean): MarketDataAdapter {
  const candleRepository = new Proxy(adapter.candleRepository, {
    get(target, name) {
      const method = Reflect.get(target, name, target) as (...given: unknown[]) => unknown;
      return async (...given: unknown[]) => {
        if (name === "upsertMany" && isAway()) {
          throw new StorageError("storage_unavailable", "away");
        }
        return method.apply(target, given);
      };
    },
  });
  return Object.create(adapter, { candleRepository: { value: candleRepository } });
}

/** One life of the world: opened at a time, with its archive. */
function opened(adapter: MarketDataAdapter, now: Timestamp, { isFresh = false, seed = "7" } = {}) {
  const recorder = new FileFeedRecorder(directory);
  const path = openFeed({
    terms: {
      seed,
      mode: "gbm",
      interval: duration(20_000_000),
      spread: "fixed",
      symbols: ["BTC/USD"],
    },
    recorder,
    now,
    modes: { market: "gbm", modes: {} },
    datasets: new MemoryDatasetShelf(),
    logger: silentLogger,
  });
  const { feed } = path;
  const archive = new Archive({
    adapter,
    publisher: new Publisher(adapter, feed),
    audit: new AuditTrail(adapter, { now: () => feed.time }),
    runs: new ScenarioRuns({ adapter, symbols: feed.symbols, logger: silentLogger }),
    feed,
    logger: silentLogger,
    metrics: new PrometheusMetrics({ constantLabels: {}, runtime: false }),
    candlesFrom: ((path.lastTime ?? 0) - CANDLE_OVERLAP) as Timestamp,
    wholeFrom: path.wholeFrom,
    past: path.past,
  });
  archive.start();
  assert.equal(path.lastTime === undefined, isFresh);
  path.catchUp();
  const live = (until: Timestamp) => {
    feed.advanceTo(until);
    recorder.mark(until);
  };
  const stored = async () => {
    await until("the archive", () => archive.waiting === 0 && archive.hasPast);
    await archive.stop();
  };
  return { feed, recorder, archive, live, stored };
}

/** Every stored candle, in order. */
async function candles(adapter: MarketDataAdapter): Promise<readonly string[]> {
  const found: string[] = [];
  for (const interval of ["1m", "5m", "15m", "1h", "4h", "1d"] as const) {
    for (const symbol of ["BTC/USD", "USDT/USD", "BTC/USDT"]) {
      const range = [after(-DAY), after(4 * DAY)] as const;
      const rows = await adapter.candleRepository.getByTimeRange(symbol, interval, ...range);
      for (const { candleId: _, ...row } of rows) {
        const text = JSON.stringify(row, (_, value) =>
          typeof value === "bigint" ? `${value}` : value,
        );
        found.push(text);
      }
    }
  }
  return found;
}

/** A day and more with an operator's price and an hour's halt in them. */
function firstLife(adapter: MarketDataAdapter) {
  const world = opened(adapter, after(0), { isFresh: true });
  world.live(after(20 * HOUR));
  const halted = { symbol: "BTC/USD", at: world.feed.time } as const;
  const resumed = { symbol: "BTC/USD", at: after(21 * HOUR) } as const;
  for (const intervention of [
    { kind: "price", price: 4_400_000, ...halted } as const,
    { kind: "halt", ...halted } as const,
    { kind: "resume", ...resumed } as const,
  ]) {
    world.feed.advanceTo(intervention.at);
    world.recorder.add(intervention);
    world.feed.apply(intervention);
  }
  world.live(after(25 * HOUR + 30 * MINUTE));
  return world;
}

describe("Candles that storage lacks", () => {
  it("are made again when it lost them all, or a part, whatever fails on the way", async () => {
    const kept = await store();
    await firstLife(kept).stored();
    const again = opened(kept, after(26 * HOUR));
    await again.stored();
    const expected = await candles(kept);
    assert.ok(expected.length > 2 * 24 * 60, String(expected.length));

    const emptied = await store();
    await opened(emptied, after(26 * HOUR)).stored();
    assert.deepEqual(await candles(emptied), expected);

    const broken = await store();
    let writes = 0;
    const world = opened(
      failing(broken, () => {
        writes += 1;
        return writes % 3 === 0 && writes < 30;
      }),
      after(26 * HOUR),
    );
    await world.stored();
    assert.deepEqual(await candles(broken), expected);
  });

  it("are made again when it was away until the end of the process before", async () => {
    const kept = await store();
    const expected = await store();
    await firstLife(expected).stored();
    rmSync(directory, { recursive: true });
    directory = mkdtempSync(join(tmpdir(), "candles-"));
    let isAway = false;
    const first = opened(
      failing(kept, () => isAway),
      after(0),
      { isFresh: true },
    );
    first.live(after(5 * HOUR));
    await until("the archive", () => first.archive.waiting === 0);
    isAway = true;
    // As the other world's, its interventions included.
    first.live(after(20 * HOUR));
    await first.archive.stop();
    const halted = { symbol: "BTC/USD", at: after(20 * HOUR) } as const;
    first.recorder.add({ kind: "price", price: 4_400_000, ...halted });
    first.recorder.add({ kind: "halt", ...halted });
    first.recorder.add({ kind: "resume", symbol: "BTC/USD", at: after(21 * HOUR) });
    first.recorder.mark(after(25 * HOUR + 30 * MINUTE));
    await opened(kept, after(25 * HOUR + 30 * MINUTE)).stored();
    assert.deepEqual(await candles(kept), await candles(expected));
  });

  it("are made again to the end of a path that other terms end", async () => {
    const kept = await store();
    await firstLife(kept).stored();
    await opened(kept, after(25 * HOUR + 30 * MINUTE), { seed: "8" }).stored();
    const lost = await store();
    rmSync(directory, { recursive: true });
    directory = mkdtempSync(join(tmpdir(), "candles-"));
    firstLife(await store());
    await opened(lost, after(25 * HOUR + 30 * MINUTE), { seed: "8" }).stored();
    assert.deepEqual(await candles(lost), await candles(kept));
  });
});
