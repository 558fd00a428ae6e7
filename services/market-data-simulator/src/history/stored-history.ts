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

  /**
   * Newest first, each sequence once: storage may hold a second path's, from before a market's record knew how far it came.
   *
   * @throws StorageError `storage_unavailable`
   */
  async ticks(terms: SymbolTerms, range: StoredRange): Promise<readonly Tick[]> {
    const { before = Number.POSITIVE_INFINITY } = range;
    const { symbol } = terms;
    const adapter = this.#adapter;
    if (adapter === undefined) return [];
    const seen = new Set<number>();
    return collect(range, async (page) => {
      const where = { symbol, timestampFrom: range.start, timestampTo: range.end };
      const { items, nextCursor } = await adapter.priceFeedRepository.query({ ...where, ...page });
      const ticks = items.map((each) => tickOf(each, terms));
      const wanted = ticks.filter(({ sequence }) => {
        if (sequence <= 0 || sequence >= before || seen.has(sequence)) return false;
        seen.add(sequence);
        return true;
      });
      return { items: wanted, nextCursor };
    });
  }

  /** Newest first. @throws StorageError `storage_unavailable` */
  async candles(
    terms: SymbolTerms,
    interval: CandleInterval,
    range: StoredRange,
  ): Promise<readonly MarketCandle[]> {
    const { symbol } = terms;
    const adapter = this.#adapter;
    if (adapter === undefined) return [];
    return collect(range, async (page) => {
      const where = { symbol, interval, startTimeFrom: range.start, startTimeTo: range.end };
      const { items, nextCursor } = await adapter.candleRepository.query({ ...where, ...page });
      return { items: items.map((candle) => candleOf(candle, terms)), nextCursor };
    });
  }
}

interface Part<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | undefined;
}

/** Rows that a repository gives at once. */
const PAGE_MAX = 1_000;

/** Reads pages until there is enough of them. */
async function collect<Item>(
  { start, end, limit }: StoredRange,
  read: (page: { readonly limit: number; readonly cursor?: string }) => Promise<Part<Item>>,
): Promise<readonly Item[]> {
  if (end <= start) return [];
  const found: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = { limit: Math.min(limit, PAGE_MAX), ...(cursor !== undefined && { cursor }) };
    const { items, nextCursor } = await read(page);
    found.push(...items);
    cursor = nextCursor;
  } while (found.length < limit && cursor !== undefined);
  return found.slice(0, limit);
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
