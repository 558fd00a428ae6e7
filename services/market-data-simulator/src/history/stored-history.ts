import { MONEY_SCALE, type Timestamp, timestamp } from "@tse/domain";
import {
  CANDLE_INTERVALS,
  type Candle,
  type CandleInterval,
  type MarketDataAdapter,
  type PriceFeed,
} from "@tse/market-data-adapter";
import type { MarketCandle } from "../candles/market-candle.ts";
import { type SymbolTerms, VOLUME_DIGITS } from "../feed/symbol-terms.ts";
import type { Tick } from "../feed/tick.ts";

export interface StoredRange {
  /** Included. */
  readonly start: Timestamp;
  /** Excluded. */
  readonly end: Timestamp;
  /** At most 501. */
  readonly limit: number;
  /** Of ticks: only those with a lower sequence. */
  readonly before?: number;
}

const VOLUME_UNIT = 10n ** BigInt(MONEY_SCALE - VOLUME_DIGITS);

/** What storage has of the past, in the feed's own terms. Nothing without an adapter. */
export class StoredHistory {
  readonly #adapter: MarketDataAdapter | undefined;

  constructor(adapter: MarketDataAdapter | undefined) {
    this.#adapter = adapter;
  }

  /** Newest first. @throws StorageError `storage_unavailable` */
  async ticks(terms: SymbolTerms, range: StoredRange): Promise<readonly Tick[]> {
    if (this.#adapter === undefined || range.end <= range.start) return [];
    const { before = Number.POSITIVE_INFINITY } = range;
    const found: Tick[] = [];
    let cursor: string | undefined;
    do {
      const { items, nextCursor } = await this.#adapter.priceFeedRepository.query({
        symbol: terms.symbol,
        timestampFrom: range.start,
        timestampTo: range.end,
        limit: range.limit,
        ...(cursor !== undefined && { cursor }),
      });
      for (const each of items) {
        const tick = tickOf(each, terms);
        if (tick.sequence > 0 && tick.sequence < before) found.push(tick);
      }
      cursor = nextCursor;
    } while (found.length < range.limit && cursor !== undefined);
    return found.slice(0, range.limit);
  }

  /** Newest first. @throws StorageError `storage_unavailable` */
  async candles(
    terms: SymbolTerms,
    interval: CandleInterval,
    range: StoredRange,
  ): Promise<readonly MarketCandle[]> {
    if (this.#adapter === undefined || range.end <= range.start) return [];
    const { items } = await this.#adapter.candleRepository.query({
      symbol: terms.symbol,
      interval,
      startTimeFrom: range.start,
      startTimeTo: range.end,
      limit: range.limit,
    });
    return items.map((candle) => candleOf(candle, terms));
  }
}

function tickOf(feed: PriceFeed, terms: SymbolTerms): Tick {
  const price = Number(feed.price / terms.tickSize.minor);
  const count = (value: bigint | undefined) =>
    value === undefined ? price : Number(value / terms.tickSize.minor);
  const volume = feed.metadata?.volume;
  return {
    terms,
    sequence: feed.sequence ?? 0,
    timestamp: feed.timestamp,
    price,
    bid: count(feed.bid),
    ask: count(feed.ask),
    volume: typeof volume === "number" ? volume : 0,
    source: feed.source,
    confidence: feed.confidence === undefined ? 1 : confidenceNumber(feed.confidence),
  };
}

/** A stored rate counts units of 10^-8. */
function confidenceNumber(rate: number): number {
  return rate / 10 ** MONEY_SCALE;
}

function candleOf(candle: Candle, terms: SymbolTerms): MarketCandle {
  const count = (value: bigint) => Number(value / terms.tickSize.minor);
  return {
    terms,
    interval: candle.interval,
    startTime: candle.startTime,
    endTime: timestamp(candle.startTime + CANDLE_INTERVALS[candle.interval]),
    open: count(candle.open),
    high: count(candle.high),
    low: count(candle.low),
    close: count(candle.close),
    volume: Number(candle.volume / VOLUME_UNIT),
    // Rounded up to the next unit, which rounds down to what was stored.
    quoteVolume: ceilDivision(
      candle.quoteVolume * 10n ** BigInt(VOLUME_DIGITS),
      terms.tickSize.minor,
    ),
    ticks: candle.numTrades ?? 0,
    sequence: 0,
    source: candle.source,
    isClosed: candle.isClosed,
  };
}

function ceilDivision(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}
