import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { duration, timestamp } from "@tse/domain";
import { type MarketDataAdapter, newMarketDataAdapter } from "@tse/market-data-adapter";
import { type Logger, PrometheusMetrics, realClock, silentLogger } from "@tse/service-kit";
import { seededRandom } from "@tse/simulation";
import { StorageError } from "@tse/storage";
import { Archive } from "../../src/archive/archive.ts";
import { AuditTrail } from "../../src/archive/audit-trail.ts";
import { AdapterMissing, Publisher } from "../../src/archive/publisher.ts";
import { ScenarioRuns } from "../../src/archive/scenario-runs.ts";
import { storedPrice } from "../../src/feed/tick.ts";
import { archiveState } from "../../src/observation.ts";
import { after, MINUTE, newFeed, SECOND, ticksOf } from "../support/feeds.ts";
import { until } from "../support/patience.ts";

async function memoryAdapter(): Promise<MarketDataAdapter> {
  const clock = realClock();
  const adapter = newMarketDataAdapter(
    { instanceName: "market-data-simulator", store: { kind: "memory" } },
    { logger: silentLogger, clock, realClock: clock, random: seededRandom(1) },
  );
  await adapter.connect();
  return adapter;
}

/** A database that can be away, refuses rows, or does what it is asked and loses the answer. */
function failing(adapter: MarketDataAdapter) {
  const state = {
    mode: "there" as "there" | "away" | "answers lost" | "broken",
    failures: 0,
    refuses: (_row: object) => false,
  };
  const failure = (isWrite: boolean, rows: unknown) => {
    const { mode, refuses } = state;
    if (mode === "away" || (mode === "answers lost" && isWrite)) {
      state.failures += 1;
      return new StorageError("storage_unavailable", "away");
    }
    if (mode === "broken" && isWrite) return new StorageError("internal", "broken");
    const isRefused = isWrite && (rows as object[]).some(refuses);
    return isRefused ? new StorageError("invalid_query", "refused") : undefined;
  };
  const guard = <Repository extends object>(repository: Repository): Repository =>
    new Proxy(repository, {
      get(target, name) {
        const method = Reflect.get(target, name, target) as (...given: unknown[]) => unknown;
        return async (...given: unknown[]) => {
          const failed = failure(name === "createMany" || name === "append", given[0]);
          if (failed === undefined || state.mode === "answers lost") {
            const answer = await method.apply(target, given);
            if (failed === undefined) return answer;
          }
          throw failed;
        };
      },
    });
  const { priceFeedRepository, candleRepository, marketSnapshotRepository, auditRepository } =
    adapter;
  const guarded: MarketDataAdapter = Object.create(adapter, {
    priceFeedRepository: { value: guard(priceFeedRepository) },
    candleRepository: { value: guard(candleRepository) },
    marketSnapshotRepository: { value: guard(marketSnapshotRepository) },
    auditRepository: { value: guard(auditRepository) },
    cacheRepository: { value: adapter.cacheRepository },
    retention: { value: adapter.retention },
  });
  return { state, adapter: guarded };
}

async function archived(logger: Logger = silentLogger) {
  const real = await memoryAdapter();
  const { state, adapter } = failing(real);
  const feed = newFeed({ symbols: ["BTC/USD"] });
  const audit = new AuditTrail(adapter, { now: () => feed.time });
  const metrics = new PrometheusMetrics({ constantLabels: {}, runtime: false });
  const archive = new Archive({
    adapter,
    publisher: new Publisher(adapter, feed),
    audit,
    runs: new ScenarioRuns({ adapter, symbols: feed.symbols, logger: silentLogger }),
    feed,
    logger,
    metrics,
    candlesFrom: timestamp(0),
    wholeFrom: timestamp(0),
    past: undefined,
  });
  const ticks = ticksOf(feed);
  archive.start();
  const failed = (count: number) => until("failures", () => state.failures >= count);
  return { real, state, feed, archive, audit, metrics, ticks, failed };
}

/** What is stored of bitcoin, oldest first. */
async function stored(adapter: MarketDataAdapter) {
  const rows: [number | undefined, bigint][] = [];
  let cursor: string | undefined;
  do {
    const page = await adapter.priceFeedRepository.query({
      symbol: "BTC/USD",
      limit: 1_000,
      ...(cursor !== undefined && { cursor }),
    });
    rows.push(...page.items.map(({ sequence, price }) => [sequence, price] as [number, bigint]));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return rows.reverse();
}

const bitcoin = (ticks: ReturnType<typeof ticksOf>) =>
  ticks
    .filter(({ terms }) => terms.symbol === "BTC/USD")
    .map(({ sequence, price, terms }) => [sequence, storedPrice(price, terms)]);

describe("The archive", () => {
  it("stores every tick, candle and snapshot once", async () => {
    const { real, feed, archive, ticks } = await archived();
    feed.begin();
    feed.advanceTo(after(10 * MINUTE));
    await archive.stop();
    assert.deepEqual(await stored(real), bitcoin(ticks));
    const minutes = await real.candleRepository.getBySymbolAndInterval("BTC/USD", "1m", 100);
    const fives = await real.candleRepository.getBySymbolAndInterval("BTC/USD", "5m", 100);
    assert.deepEqual([minutes.length, fives.length], [10, 2]);
    const [first] = [...feed.candles("BTC/USD").closed("5m").from(0)];
    assert(first !== undefined);
    assert.equal(fives.at(-1)?.open, storedPrice(first.open, first.terms));
    assert.equal(fives.at(-1)?.numTrades, 300);
    assert.ok((await real.marketSnapshotRepository.getLatestBySymbol("BTC/USD")) !== undefined);
  });

  it("waits for storage that is away, without the feed noticing, and catches up", async () => {
    const { real, state, feed, archive, ticks, failed } = await archived();
    state.mode = "away";
    feed.begin();
    feed.advanceTo(after(5 * MINUTE));
    await failed(2);
    assert.equal(bitcoin(ticks).length, 301);
    assert.ok(archive.waiting >= 602);
    assert.deepEqual(await stored(real), []);
    state.mode = "there";
    feed.advanceTo(after(6 * MINUTE));
    await until("the archive", () => archive.waiting === 0);
    await archive.stop();
    assert.deepEqual(await stored(real), bitcoin(ticks));
  });

  it("stores nothing twice when the answer of a write was lost", async () => {
    const { real, state, feed, archive, audit, ticks, failed } = await archived();
    const fact = { entityType: "symbol", entityId: "BTC/USD", details: { share: 0.5 } };
    for (const action of ["feed.halt", "feed.resume"]) audit.record({ action, ...fact });
    state.mode = "answers lost";
    await failed(1);
    assert.deepEqual([archive.waiting, archive.pricesWaiting], [2, 0], "facts are no prices");
    feed.begin();
    feed.advanceTo(after(100 * SECOND));
    await failed(2);
    state.mode = "there";
    await until("the archive", () => archive.waiting === 0);
    await archive.stop();
    assert.deepEqual(await stored(real), bitcoin(ticks));
    const { items } = await real.auditRepository.query({});
    assert.deepEqual(
      items.map(({ seq, action, payload }) => [seq, action, payload]),
      [
        [2, "feed.resume", { share: "0.5" }],
        [1, "feed.halt", { share: "0.5" }],
      ],
    );
    assert.equal((await real.auditRepository.verify()).status, "intact");
  });
});

describe("Rows that storage will never take", () => {
  it("go alone, told and counted, and all others are stored", async () => {
    const told: unknown[] = [];
    const error = (message: string, fields?: Readonly<Record<string, unknown>>) =>
      told.push([message, fields?.symbol ?? fields?.action, fields?.sequence]);
    const { real, state, feed, archive, audit, metrics, ticks } = await archived({
      ...silentLogger,
      error,
    });
    state.refuses = (row) =>
      ("sequence" in row && row.sequence === 30) || ("action" in row && row.action === "bad");
    for (const action of ["first", "bad", "last"]) {
      audit.record({ action, entityType: "symbol", entityId: "BTC/USD", details: {} });
    }
    feed.begin();
    feed.advanceTo(after(100 * SECOND));
    await archive.stop();
    assert.deepEqual(
      await stored(real),
      bitcoin(ticks).filter(([sequence]) => sequence !== 30),
    );
    const { items } = await real.auditRepository.query({});
    assert.deepEqual(
      items.map(({ action }) => action),
      ["last", "first"],
    );
    assert.equal((await real.auditRepository.verify()).status, "intact");
    assert.deepEqual(told, [
      ["storage refuses a tick", "BTC/USD", 30],
      ["storage refuses a tick", "USDT/USD", 30],
      ["storage refuses a tick", "BTC/USDT", 30],
      ["storage refuses an audit event", "bad", undefined],
    ]);
    const { body: text } = await metrics.getHttpHandler()();
    assert.match(text, /dropped_ticks_total\{.*archive_refused.*\} 4/);
    assert.deepEqual([archive.waiting, archive.failure], [0, undefined]);
  });

  it("are nothing that hides: a database that takes nothing degrades the archive", async () => {
    const { state, feed, archive } = await archived();
    state.mode = "broken";
    feed.begin();
    feed.advanceTo(after(100 * SECOND));
    await archive.stop();
    const { verdict, state: shown, details } = archiveState(archive);
    assert.deepEqual([verdict, shown, details?.code], ["degraded", "blocked", "internal"]);
    const since = performance.now() - 9_000;
    const away = { pricesWaiting: 1, failure: { code: "storage_unavailable", since } } as const;
    assert.equal(archiveState(away).verdict, "up");
    const longAway = { pricesWaiting: 1, failure: { ...away.failure, since: since - 2_000 } };
    assert.equal(archiveState(longAway).verdict, "degraded");
  });
});

describe("What is published one by one", () => {
  it("fails without an adapter, saying so", async () => {
    const publisher = new Publisher(undefined, newFeed());
    for (const attempt of [
      () => publisher.publishPrice("BTC/USD", 1n),
      () => publisher.createSnapshot("BTC/USD"),
      () => publisher.getActiveSymbols(),
    ]) {
      await assert.rejects(attempt, new AdapterMissing());
    }
    assert.equal(new AdapterMissing().message, "data adapter not initialized");
  });

  it("goes through the repositories", async () => {
    const adapter = await memoryAdapter();
    const feed = newFeed();
    const publisher = new Publisher(adapter, feed);
    feed.begin();
    feed.advanceTo(after(duration(2 * MINUTE)));
    const { source, price } = await publisher.publishPrice("BTC/USD", 4_500_000_000_000n);
    assert.deepEqual([source, price], ["simulator", 4_500_000_000_000n]);
    const candle = feed.candles("BTC/USD").closed("1m").at(0);
    assert(candle !== undefined);
    assert.equal((await publisher.publishCandle(candle)).numTrades, 60);
    const snapshot = await publisher.createSnapshot("ETH/USD");
    const day = feed.candles("ETH/USD").day();
    const tick = feed.latest("ETH/USD");
    assert(day !== undefined && tick !== undefined);
    assert.equal(snapshot.lastPrice, storedPrice(tick.price, tick.terms));
    assert.equal(snapshot.priceChange24h, BigInt(day.last - day.open) * tick.terms.tickSize.minor);
    const symbols = await publisher.getActiveSymbols();
    assert.equal(symbols.length, 9);
  });
});
