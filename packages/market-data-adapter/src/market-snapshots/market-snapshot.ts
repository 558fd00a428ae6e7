import type { Rate, Timestamp } from "@tse/domain";
import type { JsonObject, PageRequest } from "@tse/storage/rows";

/** How the market of one symbol stood at one moment, the last 24 hours included. */
export interface MarketSnapshot {
  readonly snapshotId: string;
  readonly symbol: string;
  /** Units of 10^-8, above 0. */
  readonly lastPrice: bigint;
  readonly bid: bigint | undefined;
  readonly ask: bigint | undefined;
  /** Units of 10^-8, not negative. */
  readonly spread: bigint | undefined;
  readonly volume24h: bigint | undefined;
  /** Units of 10^-8; negative when the price fell. */
  readonly priceChange24h: bigint | undefined;
  /** Per cent in units of 10^-8, of which the last four digits are 0: -15 % is -1_500_000_000. */
  readonly priceChangePercent24h: Rate | undefined;
  readonly timestamp: Timestamp;
  readonly metadata: JsonObject | undefined;
}

/** What is absent is filled in: a new id, the present time. */
export type NewMarketSnapshot = Pick<MarketSnapshot, "symbol" | "lastPrice"> &
  Partial<MarketSnapshot>;

/** Newest first unless it says otherwise. */
export interface MarketSnapshotQuery extends PageRequest {
  readonly symbol?: string;
  /** Included. */
  readonly timestampFrom?: Timestamp;
  /** Excluded. */
  readonly timestampTo?: Timestamp;
}

/** The newest snapshot of a symbol, as tickers name it. Units as in `MarketSnapshot`. */
export interface Ticker {
  readonly symbol: string;
  readonly lastPrice: bigint;
  readonly bid: bigint | undefined;
  readonly ask: bigint | undefined;
  readonly change24h: bigint | undefined;
  readonly changePercent24h: Rate | undefined;
  readonly volume: bigint | undefined;
  readonly timestamp: Timestamp;
}
