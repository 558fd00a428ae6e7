import { type Duration, duration, type Timestamp } from "@tse/domain";
import type { JsonObject, PageRequest } from "@tse/storage/rows";

/** Length of each kind of candle. */
export const CANDLE_INTERVALS = {
  "1m": duration(60_000_000),
  "5m": duration(300_000_000),
  "15m": duration(900_000_000),
  "1h": duration(3_600_000_000),
  "4h": duration(14_400_000_000),
  "1d": duration(86_400_000_000),
} as const satisfies Record<string, Duration>;

export type CandleInterval = keyof typeof CANDLE_INTERVALS;

/** What a symbol's price did in [startTime, endTime). One candle a symbol, interval and start. */
export interface Candle {
  readonly candleId: string;
  readonly symbol: string;
  readonly interval: CandleInterval;
  /** Prices in units of 10^-8, above 0; low ≤ open, close ≤ high. */
  readonly open: bigint;
  readonly high: bigint;
  readonly low: bigint;
  readonly close: bigint;
  /** Base units of 10^-8. */
  readonly volume: bigint;
  /** Sum of price × quantity, quote units of 10^-8. */
  readonly quoteVolume: bigint;
  readonly startTime: Timestamp;
  /** Excluded. */
  readonly endTime: Timestamp;
  readonly numTrades: number | undefined;
  readonly source: string;
  /** Whether its time is over. */
  readonly isClosed: boolean;
  readonly metadata: JsonObject | undefined;
}

/**
 * What is absent is filled in: a new id, the end that its interval gives, volumes of 0, source
 * `simulator`, closed.
 */
export type NewCandle = Pick<
  Candle,
  "symbol" | "interval" | "open" | "high" | "low" | "close" | "startTime"
> &
  Partial<Candle>;

/** Newest first unless it says otherwise. */
export interface CandleQuery extends PageRequest {
  readonly symbol?: string;
  readonly interval?: CandleInterval;
  /** Included. */
  readonly startTimeFrom?: Timestamp;
  /** Excluded. */
  readonly startTimeTo?: Timestamp;
}

/** A candle as charts ask for it. Prices and volume as in `Candle`; `timestamp` is its start. */
export interface Ohlcv {
  readonly symbol: string;
  readonly timeframe: CandleInterval;
  readonly open: bigint;
  readonly high: bigint;
  readonly low: bigint;
  readonly close: bigint;
  readonly volume: bigint;
  readonly timestamp: Timestamp;
}

export interface MarketData extends Ohlcv {
  /** Quote volume by volume, rounded half up to 10^-8; the close when nothing was traded. */
  readonly vwap: bigint;
}
