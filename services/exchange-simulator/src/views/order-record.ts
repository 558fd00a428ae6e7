import {
  type AccountNumber,
  type Amount,
  type AssetId,
  entityId,
  type InstrumentId,
  type Lots,
  type OrderSeq,
  type OrderStatus,
  type PlaceOrder,
  type Sequence,
  type Side,
  type Ticks,
  type Timestamp,
  type TradeSeq,
} from "@tse/domain";

/** One match as one order saw it. */
export interface Fill {
  readonly tradeSeq: TradeSeq;
  /** UUIDv7 of this side of the trade. */
  readonly id: string;
  readonly orderSeq: OrderSeq;
  readonly orderId: string;
  readonly account: AccountNumber;
  readonly instrument: InstrumentId;
  readonly side: Side;
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly notional: Amount;
  readonly fee: Amount;
  readonly feeAsset: AssetId;
  readonly liquidity: "maker" | "taker";
  readonly executedAt: Timestamp;
}

/** An order of a customer, live or finished: what was ordered, and what its events made of it. */
export interface OrderRecord extends Omit<PlaceOrder, "kind" | "fault"> {
  readonly orderSeq: OrderSeq;
  /** UUIDv7. */
  readonly id: string;
  /** As ordered or amended, less what self-trade prevention took off; 0 when sized by `quoteQuantity`. */
  readonly quantity: Lots;
  /** The client's, or the order's own id when it gave none. */
  readonly clientOrderId: string;
  readonly status: OrderStatus;
  readonly filled: Lots;
  readonly filledQuote: Amount;
  /** Reject code, expiry reason or cancel reason; `""` while there is none. */
  readonly reason: string;
  /** The order that this one replaced, or 0. */
  readonly replaces: OrderSeq;
  /** Its id, or `""`. */
  readonly replacesId: string;
  readonly correlationId: string;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
  /** The last unit that changed it. */
  readonly updatedBy: Sequence;
  readonly filledAt: Timestamp | undefined;
  readonly cancelledAt: Timestamp | undefined;
  readonly fills: readonly Fill[];
}

/** UUIDv7 of one side of a trade. */
export function fillId(tradeSeq: TradeSeq, liquidity: Fill["liquidity"], at: Timestamp): string {
  return entityId("trade", at, fillNumber({ tradeSeq, liquidity }));
}

/** Rises in order of execution; both sides of one trade differ. */
export function fillNumber({ tradeSeq, liquidity }: Pick<Fill, "tradeSeq" | "liquidity">): number {
  return 2 * tradeSeq + (liquidity === "taker" ? 1 : 0);
}
