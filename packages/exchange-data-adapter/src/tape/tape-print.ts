import type { Timestamp } from "@tse/domain";
import type { PageRequest } from "@tse/storage/rows";
import type { OrderSide } from "../orders/order.ts";

/** One match, as everybody sees it. Quantity and price are in units of 10^-8. */
export interface TapePrint {
  readonly symbol: string;
  /** Counted by symbol. */
  readonly tradeSeq: number;
  readonly price: bigint;
  readonly quantity: bigint;
  readonly takerSide: OrderSide;
  readonly executedAt: Timestamp;
  /** Whatever order took it: what one order took at one price is one aggregate. */
  readonly takerOrderSeq: number | undefined;
}

/** Sorted by `tradeSeq` (default, newest first) or `executedAt`. */
export interface TapeQuery extends PageRequest {
  readonly symbol?: string;
  /** Strictly above. */
  readonly afterSeq?: number;
  /** Strictly below. */
  readonly beforeSeq?: number;
  /** Strictly after. */
  readonly executedAfter?: Timestamp;
  /** Strictly before. */
  readonly executedBefore?: Timestamp;
}
