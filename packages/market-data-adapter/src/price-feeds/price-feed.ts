import type { Rate, Timestamp } from "@tse/domain";
import type { JsonObject, PageRequest } from "@tse/storage/rows";

/** One price of a symbol at one moment, from one source. */
export interface PriceFeed {
  readonly feedId: string;
  readonly symbol: string;
  /** Price and quotes in units of 10^-8, above 0; bid ≤ ask. */
  readonly price: bigint;
  readonly bid: bigint | undefined;
  readonly ask: bigint | undefined;
  /** Base units of 10^-8 traded in the last 24 hours. */
  readonly volume24h: bigint | undefined;
  readonly source: string;
  /** The tick's number in the path of its symbol, without gap. */
  readonly sequence: number | undefined;
  /** 0 to 1 with four digits. */
  readonly confidence: Rate | undefined;
  readonly timestamp: Timestamp;
  readonly metadata: JsonObject | undefined;
}

/** What is absent is filled in: a new id, source `simulator`, the present time. */
export type NewPriceFeed = Pick<PriceFeed, "symbol" | "price"> & Partial<PriceFeed>;

/** Newest first unless it says otherwise. */
export interface PriceFeedQuery extends PageRequest {
  readonly symbol?: string;
  readonly source?: string;
  /** Included. */
  readonly timestampFrom?: Timestamp;
  /** Excluded. */
  readonly timestampTo?: Timestamp;
}
