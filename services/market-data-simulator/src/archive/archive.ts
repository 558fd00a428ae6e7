import { performance } from "node:perf_hooks";
import type { Timestamp } from "@tse/domain";
import type { MarketDataAdapter } from "@tse/market-data-adapter";
import type { Logger, MetricsPort } from "@tse/service-kit";
import { type StorageCode, StorageError } from "@tse/storage";
import type { MarketCandle } from "../candles/market-candle.ts";
import { countDropped } from "../dropped-ticks.ts";
import { SNAPSHOT_EVERY } from "../fan-out/market-topics.ts";
import type { Feed } from "../feed/feed.ts";
import type { PathPast } from "../feed/path-past.ts";
import { storedPrice, type Tick } from "../feed/tick.ts";
import type { AuditTrail } from "./audit-trail.ts";
import { MissingCandles } from "./missing-candles.ts";
import { lastStored, type StoredTick } from "./newest-stored.ts";
import type { Publisher } from "./publisher.ts";
import { Queue } from "./queue.ts";
import { candleRow, priceRow } from "./rows.ts";
import type { ScenarioRuns } from "./scenario-runs.ts";
import { writeSplit } from "./write-split.ts";

export interface ArchiveParts {
  readonly adapter: MarketDataAdapter;
  readonly publisher: Publisher;
  readonly audit: AuditTrail;
  readonly runs: ScenarioRuns;
  readonly feed: Feed;
  readonly logger: Logger;
  readonly metrics: MetricsPort;
  /** Candles that ended before this are stored already; those that began before `wholeFrom` are in part only. */
  readonly candlesFrom: Timestamp;
  readonly wholeFrom: Timestamp;
  /** What was before this start; `undefined` for a new world. */
  readonly past: PathPast | undefined;
}

/** Why nothing can be stored at present. */
export interface ArchiveFailure {
  readonly code: StorageCode;
  /** Monotonic, in milliseconds of `performance.now`. */
  readonly since: number;
}

/** A batch is written when it has this many ticks, or after this long. */
const BATCH = 50;
const BATCH_MS = 250;
/** Rows of one statement when there is much to catch up on. */
const ROWS_MAX = 500;
/** Ticks that wait for storage; of more the oldest are let go, and counted. */
const WAITING_MAX = 100_000;
const CANDLES_WAITING_MAX = 50_000;
const RETENTION_EVERY_MS = 600_000;

/**
 * Puts everything that the feed makes into storage, in batches. The feed never waits for it: while storage is away
 * ticks and candles wait here, up to a bound, and follow in order when it is back. Nothing is stored twice, whatever
 * happened to the answer of a write: what is there is read before writing goes on.
 */
export class Archive {
  readonly #parts: ArchiveParts;
  readonly #ticks = new Queue<Tick>(WAITING_MAX);
  readonly #missing: MissingCandles;
  readonly #candles = new Queue<MarketCandle>(CANDLES_WAITING_MAX);
  /** Last stored sequence of each symbol, of those that waited; `undefined` while that is not known. */
  #stored: Map<string, number> | undefined;
  #snapshotsDue = false;
  #snapshotAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #retainedAt = performance.now();
  #ends: readonly (() => void)[] = [];
  #failure: ArchiveFailure | undefined;

  constructor(parts: ArchiveParts) {
    this.#parts = parts;
    const symbols = parts.feed.symbols.map(({ symbol }) => symbol);
    const onRefused = (candle: MarketCandle, error: StorageError) =>
      this.#refuse("a candle", candleFields(candle), error);
    this.#missing = new MissingCandles({ ...parts, symbols, onRefused });
  }

  /** Ticks, candles and facts that wait for storage. */
  get waiting(): number {
    const { audit, runs } = this.#parts;
    return this.pricesWaiting + audit.waiting + runs.waiting;
  }

  /** Of these the ticks and candles: what clients may know of, without what operators do. */
  get pricesWaiting(): number {
    return this.#ticks.length + this.#candles.length;
  }

  /** `undefined` while writes come through, and what is refused for good is let go. */
  get failure(): ArchiveFailure | undefined {
    return this.#failure;
  }

  /** Whether storage has every candle of before this start. */
  get hasPast(): boolean {
    return this.#missing.isDone;
  }

  /** Begins to listen; what the feed announced before is not stored. */
  start(): void {
    const { feed } = this.#parts;
    this.#ends = [
      feed.onTicks((ticks) => this.#takeTicks(ticks)),
      feed.onCandle((candle) => this.#takeCandle(candle)),
    ];
    this.#timer = setInterval(() => this.#write(), BATCH_MS).unref();
  }

  /** Stores what waits, if storage is there, and listens no more. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    for (const end of this.#ends) end();
    await this.#writing;
    let before = Number.POSITIVE_INFINITY;
    while (this.waiting > 0 && this.waiting < before && this.#failure === undefined) {
      before = this.waiting;
      await this.#writeAll();
    }
    if (this.waiting > 0) {
      this.#parts.logger.warn(
        "stopped before all was stored: what the path makes again is stored after the next start",
        { waiting: this.waiting },
      );
    }
  }

  #takeTicks(ticks: readonly Tick[]): void {
    for (const tick of ticks) {
      const dropped = this.#ticks.add(tick);
      if (dropped) countDropped(this.#parts.metrics, "archive_full");
    }
    const time = ticks[0]?.timestamp ?? 0;
    if (Math.floor(time / SNAPSHOT_EVERY) > Math.floor(this.#snapshotAt / SNAPSHOT_EVERY)) {
      this.#snapshotAt = time;
      this.#snapshotsDue = true;
    }
    if (this.#ticks.length >= BATCH) this.#write();
  }

  #takeCandle(candle: MarketCandle): void {
    const { candlesFrom, wholeFrom } = this.#parts;
    if (candle.endTime < candlesFrom || candle.startTime < wholeFrom) return;
    if (this.#candles.add(candle)) countDropped(this.#parts.metrics, "archive_full_candle");
  }

  /** One write at a time. While storage is away each is an attempt, no more often than the timer's. */
  #write(): void {
    if (this.#writing !== undefined) return;
    this.#writing = this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
  }

  async #writeAll(): Promise<void> {
    try {
      this.#stored ??= await this.#readStored();
      await this.#writeTicks(this.#stored);
      const isWhole = await this.#missing.store(BATCH_MS);
      if (isWhole) await this.#writeCandles();
      await this.#writeSnapshots();
      await this.#parts.audit.write(({ action, entityId }, error) =>
        this.#refuse("an audit event", { action, entityId }, error),
      );
      await this.#parts.runs.write(this.#parts.feed.scenarios);
      await this.#retain();
      this.#failure = undefined;
    } catch (error) {
      // What became of the write is not known: what is there is read before the next.
      this.#stored = undefined;
      if (!(error instanceof StorageError)) throw error;
      this.#fail(error);
    }
  }

  /** Told once, not at each attempt. */
  #fail(error: StorageError): void {
    const { code } = error;
    if (code === this.#failure?.code) return;
    this.#failure = { code, since: this.#failure?.since ?? performance.now() };
    if (code === "storage_unavailable") {
      this.#parts.logger.debug("the archive waits for storage", { code });
    } else {
      this.#parts.logger.error("the archive can't store what waits", { code, error });
    }
  }

  async #readStored(): Promise<Map<string, number>> {
    const spans = new Map<string, { readonly first: Tick; last: Tick }>();
    for (const tick of this.#ticks.first(this.#ticks.length).items) {
      const span = spans.get(tick.terms.symbol);
      if (span === undefined) spans.set(tick.terms.symbol, { first: tick, last: tick });
      else span.last = tick;
    }
    const stored = new Map<string, number>();
    for (const [symbol, { first, last }] of spans) {
      const found = await lastStored(this.#parts.adapter, first, last);
      if (found === undefined) continue;
      stored.set(symbol, found.sequence);
      this.#check(found);
    }
    return stored;
  }

  /** What is stored under a sequence of this path must be its tick. */
  #check({ symbol, sequence, price, timestamp }: StoredTick): void {
    const { feed, logger } = this.#parts;
    const tick = feed.log(symbol).at(sequence);
    if (tick === undefined || storedPrice(tick.price, tick.terms) === price) return;
    countDropped(this.#parts.metrics, "archive_conflict");
    const fields = { symbol, sequence, timestamp };
    logger.error("storage holds another path's price under a sequence of this one", fields);
  }

  async #writeTicks(stored: Map<string, number>): Promise<void> {
    const { adapter } = this.#parts;
    while (this.#ticks.length > 0) {
      const batch = this.#ticks.first(ROWS_MAX);
      const rows = batch.items.filter(
        ({ terms, sequence }) => sequence > (stored.get(terms.symbol) ?? 0),
      );
      if (rows.length > 0) {
        await writeSplit(
          rows,
          (some) => adapter.priceFeedRepository.createMany(some.map(priceRow)),
          (tick, error) => this.#refuse("a tick", tickFields(tick), error),
        );
      }
      batch.done();
      for (const tick of rows) {
        stored.set(tick.terms.symbol, tick.sequence);
      }
    }
  }

  async #writeCandles(): Promise<void> {
    const { adapter } = this.#parts;
    while (this.#candles.length > 0) {
      const { items, done } = this.#candles.first(ROWS_MAX);
      await writeSplit(
        items,
        (some) => adapter.candleRepository.upsertMany(some.map(candleRow)),
        (candle, error) => this.#refuse("a candle", candleFields(candle), error),
      );
      done();
    }
  }

  async #writeSnapshots(): Promise<void> {
    if (!this.#snapshotsDue) return;
    this.#snapshotsDue = false;
    const { feed, publisher } = this.#parts;
    for (const { symbol } of feed.symbols) {
      if (feed.latest(symbol) === undefined) continue;
      await writeSplit(
        [symbol],
        () => publisher.createSnapshot(symbol),
        (_, error) => this.#refuse("a snapshot", { symbol }, error),
      );
    }
  }

  async #retain(): Promise<void> {
    if (performance.now() - this.#retainedAt < RETENTION_EVERY_MS) return;
    this.#retainedAt = performance.now();
    const deleted = await this.#parts.adapter.retention.apply();
    this.#parts.logger.debug("retention applied", { ...deleted });
  }

  /** A row that storage will never take is let go: it would stop all that come after. */
  #refuse(what: string, fields: Readonly<Record<string, unknown>>, error: StorageError): void {
    this.#parts.logger.error(`storage refuses ${what}`, { ...fields, error });
    countDropped(this.#parts.metrics, "archive_refused");
  }
}

function tickFields({ terms, sequence }: Tick) {
  return { symbol: terms.symbol, sequence };
}

function candleFields({ terms, interval, startTime }: MarketCandle) {
  return { symbol: terms.symbol, interval, startTime };
}
