import type { Amount, Lots, OrderSeq, Side, Ticks, Timestamp, TradeSeq } from "@tse/domain";

/** One match as everybody sees it. */
export interface PublicTrade {
  readonly tradeSeq: TradeSeq;
  readonly price: Ticks;
  readonly quantity: Lots;
  /** Price × quantity, exact, in the quote asset. */
  readonly notional: Amount;
  readonly takerSide: Side;
  readonly executedAt: Timestamp;
  readonly takerOrder: OrderSeq;
  readonly makerOrder: OrderSeq;
}
