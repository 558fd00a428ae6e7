import { type Timestamp, timestamp } from "@tse/domain";
import { CANDLE_INTERVALS, type CandleInterval } from "@tse/market-data-adapter";
import type { MarketCandle } from "../candles/market-candle.ts";
import type { Feed } from "../feed/feed.ts";
import type { Tick } from "../feed/tick.ts";
import type { StoredHistory } from "./stored-history.ts";

export interface HistoryQuery {
  readonly symbol: string;
  /** Included; the beginning of everything when absent. */
  readonly start?: Timestamp | undefined;
  /** Excluded; now when absent. */
  readonly end?: Timestamp | undefined;
  readonly limit: number;
  /** Only what stands before this in time: a tick's sequence, a candle's start. */
  readonly before?: number | undefined;
}

export interface HistoryPage<Item> {
  /** Newest first. */
  readonly items: readonly Item[];
  /** Whether there is more, older. */
  readonly hasMore: boolean;
}

/**
 * The past of every symbol: the newest part from memory, what is older from storage. Both show the same ticks, so that
 * it makes no difference where one is read.
 */
export class History {
  readonly #feed: Feed;
  readonly #stored: StoredHistory;
  readonly #begin: Timestamp | undefined;

  /** @param begin where the world's prices begin: storage isn't asked for anything older. `undefined` where that isn't known */
  constructor(feed: Feed, stored: StoredHistory, begin: Timestamp | undefined) {
    this.#feed = feed;
    this.#stored = stored;
    this.#begin = begin;
  }

  /** @throws StorageError `storage_unavailable` when it reaches further back than memory and storage is away */
  async ticks(query: HistoryQuery): Promise<HistoryPage<Tick>> {
    const { symbol, limit } = query;
    const { start = 0, end = Number.POSITIVE_INFINITY, before = Number.POSITIVE_INFINITY } = query;
    const log = this.#feed.log(symbol);
    const found: Tick[] = [];
    for (const tick of log.newestFirst()) {
      if (tick.timestamp < start || found.length > limit) break;
      if (tick.timestamp < end && tick.sequence < before) found.push(tick);
    }
    const oldest = log.at(log.oldestSequence);
    const oldestSequence = this.#oldestSequence(symbol);
    const isAll = found.length > limit || (oldest !== undefined && oldest.timestamp < start);
    if (!isAll && oldestSequence > 1) {
      // At the time of the oldest in memory there may be more, with lower sequences.
      const to = Math.min(end, (oldest?.timestamp ?? this.#feed.time) + 1);
      const terms = this.#termsOf(symbol);
      const wanted = limit + 1 - found.length;
      const range = { start: timestamp(start), end: timestamp(to), limit: wanted };
      const older = await this.#stored.ticks(terms, {
        ...range,
        before: Math.min(before, oldestSequence),
      });
      found.push(...older);
    }
    return pageOf(found, limit);
  }

  /** The running candle is the newest. @throws StorageError as `ticks` */
  async candles(interval: CandleInterval, query: HistoryQuery): Promise<HistoryPage<MarketCandle>> {
    const { symbol, limit } = query;
    const { start = 0, end = Number.POSITIVE_INFINITY, before = Number.POSITIVE_INFINITY } = query;
    const candles = this.#feed.candles(symbol);
    const running = candles.running(interval);
    const closed = candles.closed(interval);
    const held = [...closed.from(0), ...(running === undefined ? [] : [running])].reverse();
    const fits = ({ startTime }: MarketCandle) =>
      startTime >= start && startTime < end && startTime < before;
    const found = held.filter(fits).slice(0, limit + 1);
    const oldest = held.at(-1)?.startTime ?? this.#feed.time;
    const first = Math.max(start, this.#firstCandle(interval));
    if (found.length <= limit && oldest > first) {
      const to = timestamp(Math.min(end, before, oldest));
      const wanted = limit + 1 - found.length;
      const range = { start: timestamp(start), end: to, limit: wanted };
      found.push(...(await this.#stored.candles(this.#termsOf(symbol), interval, range)));
    }
    return pageOf(found, limit);
  }

  /** When the world's first candle begins. */
  #firstCandle(interval: CandleInterval): number {
    const length = CANDLE_INTERVALS[interval];
    return Math.floor((this.#begin ?? 0) / length) * length;
  }

  /** Of the ticks in memory; of a symbol that is halted there may be none. */
  #oldestSequence(symbol: string): number {
    const { length, oldestSequence } = this.#feed.log(symbol);
    return length === 0 ? this.#feed.sequence(symbol) + 1 : oldestSequence;
  }

  #termsOf(symbol: string) {
    return this.#feed.symbolNamed(symbol)?.terms as Tick["terms"];
  }
}

function pageOf<Item>(found: readonly Item[], limit: number): HistoryPage<Item> {
  return { items: found.slice(0, limit), hasMore: found.length > limit };
}
