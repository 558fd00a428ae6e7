import type { Side } from "./side.ts";
import type {
  AccountNumber,
  Amount,
  InstrumentId,
  Lots,
  OrderSeq,
  Ticks,
  Timestamp,
} from "./units.ts";

/** `limit` executes at its price or better and may rest; `market` takes what is there and never rests. */
export type OrderType = "limit" | "market";

/**
 * How long an order lives: `gtc` rests until cancelled; `ioc` fills what it can at once, the rest
 * expires; `fok` fills completely at once or expires without a fill. A market order is `ioc`.
 */
export type TimeInForce = "gtc" | "ioc" | "fok";

/**
 * What happens when an order meets one of its own family. The incoming order's mode decides.
 * `decrement` takes the smaller open quantity off both, without a trade.
 */
export type SelfTradePrevention =
  | "none"
  | "expire_taker"
  | "expire_maker"
  | "expire_both"
  | "decrement";

/**
 * ```
 * pending ─► open ─► partial ─► filled
 *    │        └────────┴──────► cancelled | expired
 *    └─► rejected
 * ```
 * `filled`, `cancelled`, `expired` and `rejected` are final.
 */
export type OrderStatus =
  | "pending"
  | "open"
  | "partial"
  | "filled"
  | "cancelled"
  | "rejected"
  | "expired";

/** Why an order ended `expired`. */
export type ExpiryReason =
  | "ioc_remainder"
  | "fok_unfilled"
  | "no_liquidity"
  | "price_band"
  | "self_trade"
  | "partial_fill_fault";

/** Why an order ended `cancelled`. */
export type CancelReason = "client" | "replaced" | "account_suspended" | "operator";

/** A live order, as the venue remembers it. */
export interface LiveOrder {
  readonly orderSeq: OrderSeq;
  readonly account: AccountNumber;
  readonly instrument: InstrumentId;
  readonly side: Side;
  /** 0 for a market order. */
  readonly limit: Ticks;
  /** As ordered, less what self-trade prevention took off. */
  readonly quantity: Lots;
  readonly open: Lots;
  /** Money paid or received so far, before fees, in the quote asset. */
  readonly filledQuote: Amount;
  readonly postOnly: boolean;
  /** `""` when the client gave none. */
  readonly clientOrderId: string;
  readonly createdAt: Timestamp;
}
