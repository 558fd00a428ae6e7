import type { CandleInterval, MarketDataAdapter } from "@tse/market-data-adapter";
import type { Logger } from "@tse/service-kit";
import { StorageError, type TimelinePoint } from "@tse/storage";
import { INTERVALS } from "../candles/symbol-candles.ts";
import type { Feed } from "../feed/feed.ts";
import type { Tick } from "../feed/tick.ts";
import { renderCandle, renderTick } from "../render/market.ts";

export interface SharedSeriesParts {
  readonly adapter: Pick<MarketDataAdapter, "cacheRepository" | "timelineRepository">;
  readonly feed: Feed;
  readonly logger: Logger;
}

const WRITE_EVERY_MS = 250;
/** What Redis holds of each symbol, and of each of its intervals. */
const TICKS_KEPT = 3_600;
const CANDLES_KEPT = 500;
/** For how long a newest price is there without a newer one. */
const PRICE_TTL_MS = 5_000;

/** How far a symbol was written. */
interface Progress {
  sequence: number;
  /** Start of the last candle, by interval. */
  readonly candles: Map<CandleInterval, number>;
}

/**
 * Shows the newest part of the feed to other processes, in Redis: the newest price, the last ticks and the last closed
 * candles of each symbol. Nothing depends on it here. All of it is in the feed's memory: after Redis was away it
 * is written again, whole, so that there is never a hole in it.
 */
export class SharedSeries {
  readonly #parts: SharedSeriesParts;
  /** Symbols that are not in it, or not whole, have to be written anew. */
  readonly #written = new Map<string, Progress>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isWriting = false;

  constructor(parts: SharedSeriesParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = setInterval(() => this.#write(), WRITE_EVERY_MS).unref();
  }

  /** Writes what is new, if Redis is there, and no more. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#writing;
    this.#write();
    await this.#writing;
  }

  #write(): void {
    if (this.#isWriting) return;
    this.#isWriting = true;
    this.#writing = this.#writeAll().finally(() => {
      this.#isWriting = false;
    });
  }

  async #writeAll(): Promise<void> {
    const { feed, logger } = this.#parts;
    try {
      for (const { symbol } of feed.symbols) await this.#writeSymbol(symbol);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      if (this.#written.size > 0) logger.debug("series wait for Redis", { code: error.code });
      this.#written.clear();
    }
  }

  async #writeSymbol(symbol: string): Promise<void> {
    const newest = this.#parts.feed.latest(symbol);
    if (newest === undefined) return;
    const progress = this.#written.get(symbol) ?? { sequence: 0, candles: new Map() };
    await this.#writeTicks(symbol, newest, progress);
    for (const interval of INTERVALS) await this.#writeCandles(symbol, interval, progress);
    this.#written.set(symbol, progress);
  }

  async #writeTicks(symbol: string, newest: Tick, progress: Progress): Promise<void> {
    if (newest.sequence === progress.sequence) return;
    const { cacheRepository, timelineRepository } = this.#parts.adapter;
    const log = this.#parts.feed.log(symbol);
    const isWhole = progress.sequence >= log.oldestSequence - 1 && progress.sequence > 0;
    const points: TimelinePoint[] = [];
    for (const tick of log.newestFirst()) {
      if (points.length === TICKS_KEPT || (isWhole && tick.sequence <= progress.sequence)) break;
      points.push({ time: tick.timestamp, value: renderTick(tick) });
    }
    const key = `history:${symbol}`;
    const expected = Math.min(log.length, TICKS_KEPT);
    const there = isWhole
      ? await timelineRepository.add(key, points, TICKS_KEPT)
      : await timelineRepository.replace(key, points, TICKS_KEPT);
    await cacheRepository.set(`price:${symbol}`, { symbol, ...renderTick(newest) }, PRICE_TTL_MS);
    if (there >= expected) {
      progress.sequence = newest.sequence;
      return;
    }
    // Somebody emptied it.
    progress.sequence = 0;
    progress.candles.clear();
  }

  async #writeCandles(
    symbol: string,
    interval: CandleInterval,
    { candles }: Progress,
  ): Promise<void> {
    const closed = this.#parts.feed.candles(symbol).closed(interval);
    const before = candles.get(interval);
    const points = [...closed.from(0)]
      .slice(-CANDLES_KEPT)
      .filter(({ startTime }) => startTime > (before ?? -1))
      .map((candle) => ({ time: candle.startTime, value: renderCandle(candle) }));
    const last = points.at(-1);
    if (last === undefined && before !== undefined) return;
    const { timelineRepository } = this.#parts.adapter;
    const key = `candles:${symbol}:${interval}`;
    if (before === undefined) await timelineRepository.replace(key, points, CANDLES_KEPT);
    else await timelineRepository.add(key, points, CANDLES_KEPT);
    candles.set(interval, last?.time ?? 0);
  }
}
