import type { Timestamp } from "@tse/domain";
import type { JsonObject } from "@tse/storage/rows";

/** What is open at one price. */
export interface BookLevel {
  /** Units of 10^-8. */
  readonly price: bigint;
  /** Base units of 10^-8. */
  readonly quantity: bigint;
}

/** The levels of a symbol at one moment, best first on each side. */
export interface OrderBook {
  readonly bookId: string;
  readonly symbol: string;
  readonly sequence: number | undefined;
  /** How many levels a side was asked for, from 1. */
  readonly depth: number;
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
  readonly timestamp: Timestamp;
  readonly metadata: JsonObject | undefined;
}

/** What is absent is filled in: a new id, the levels of the longer side as depth, the present time. */
export type NewOrderBook = Pick<OrderBook, "symbol" | "bids" | "asks"> & Partial<OrderBook>;
