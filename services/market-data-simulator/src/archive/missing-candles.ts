import { performance } from "node:perf_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type Timestamp, timestamp } from "@tse/domain";
import type { MarketDataAdapter } from "@tse/market-data-adapter";
import { formatTime, type Logger } from "@tse/service-kit";
import type { StorageError } from "@tse/storage";
import type { MarketCandle } from "../candles/market-candle.ts";
import type { PathPast } from "../feed/path-past.ts";
import { DatasetMissing } from "../modes/dataset-shelf.ts";
import { candleRow } from "./rows.ts";
import { writeSplit } from "./write-split.ts";

export interface MissingCandlesParts {
  readonly adapter: Pick<MarketDataAdapter, "candleRepository">;
  /** `undefined` for a world that has none. */
  readonly past: Pick<PathPast, "start" | "end" | "candles"> | undefined;
  readonly symbols: readonly string[];
  readonly logger: Logger;
  /** Called with each candle that storage will never take. */
  readonly onRefused: (candle: MarketCandle, error: StorageError) => void;
}

/** Of candles of one minute not all may have been stored. */
const OVERLAP = 3_600_000_000;
/** Rows of one statement. */
const ROWS_MAX = 500;

/**
 * What storage should have of the time before this start, and hasn't: it was away when the candles were made and until the
 * process ended, or it was made anew. Made again from the path and stored before any newer candle, so that the newest
 * one says how far storage goes, whatever ends this.
 */
export class MissingCandles {
  readonly #parts: MissingCandlesParts;
  #remaining: Iterator<readonly MarketCandle[]> | undefined;
  #isDone: boolean;
  #count = 0;

  constructor(parts: MissingCandlesParts) {
    this.#parts = parts;
    this.#isDone = parts.past === undefined;
  }

  /** Whether nothing is missing any more, as far as that is known. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /**
   * Goes on for about this long, giving way to other work.
   *
   * @returns whether nothing is missing any more
   * @throws StorageError; the next call then looks anew what is there
   */
  async store(ms: number): Promise<boolean> {
    const end = performance.now() + ms;
    try {
      while (!this.#isDone && performance.now() < end) {
        await this.#storePart();
        await nextTurn();
      }
    } catch (error) {
      this.#remaining = undefined;
      if (!(error instanceof DatasetMissing)) throw error;
      this.#isDone = true;
      this.#parts.logger.warn("candles that storage lacks can't be made again", { error });
    }
    return this.#isDone;
  }

  async #storePart(): Promise<void> {
    this.#remaining ??= await this.#begin();
    const { value = [], done } = this.#remaining.next();
    for (let from = 0; from < value.length; from += ROWS_MAX) {
      const candles = value.slice(from, from + ROWS_MAX);
      await writeSplit(
        candles,
        (some) => this.#parts.adapter.candleRepository.upsertMany(some.map(candleRow)),
        this.#parts.onRefused,
      );
      this.#count += candles.length;
    }
    if (done !== true) return;
    this.#isDone = true;
    if (this.#count > 0) {
      this.#parts.logger.info("candles that storage lacked are there again", {
        count: this.#count,
      });
    }
  }

  async #begin(): Promise<Iterator<readonly MarketCandle[]>> {
    const { past, logger } = this.#parts;
    const newest = await this.#newestEnd();
    if (past === undefined || newest >= past.end) return [][Symbol.iterator]();
    const from = timestamp(Math.max(newest - OVERLAP, 0));
    logger.info("storage lacks candles: they are made again", {
      from: formatTime(timestamp(Math.max(from, past.start))),
      to: formatTime(past.end),
    });
    return past.candles(from);
  }

  /** When the newest minute ends that is stored of any symbol; 0 without one. */
  async #newestEnd(): Promise<Timestamp> {
    const { adapter, symbols } = this.#parts;
    let newest = timestamp(0);
    for (const symbol of symbols) {
      const candle = await adapter.candleRepository.getLatest(symbol, "1m");
      if (candle !== undefined && candle.endTime > newest) newest = candle.endTime;
    }
    return newest;
  }
}
