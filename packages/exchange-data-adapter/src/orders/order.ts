import type { Amount, Timestamp } from "@tse/domain";
import type { JsonObject, PageRequest } from "@tse/storage/rows";

export const ORDER_TYPES = ["MARKET", "LIMIT", "STOP"] as const;
export type OrderType = (typeof ORDER_TYPES)[number];

export const ORDER_SIDES = ["BUY", "SELL"] as const;
export type OrderSide = (typeof ORDER_SIDES)[number];

export const ORDER_STATUSES = [
  "PENDING",
  "OPEN",
  "FILLED",
  "PARTIAL",
  "CANCELLED",
  "REJECTED",
  "EXPIRED",
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** The statuses of a live order; the others are final. */
export const OPEN_STATUSES: readonly OrderStatus[] = ["PENDING", "OPEN", "PARTIAL"];

export const TIMES_IN_FORCE = ["GTC", "IOC", "FOK", "GTD"] as const;
export type TimeInForce = (typeof TIMES_IN_FORCE)[number];

export const TRIGGER_KINDS = ["STOP_LOSS", "TAKE_PROFIT", "TRAILING"] as const;
export type TriggerKind = (typeof TRIGGER_KINDS)[number];

export const STP_MODES = [
  "NONE",
  "EXPIRE_TAKER",
  "EXPIRE_MAKER",
  "EXPIRE_BOTH",
  "DECREMENT",
  "TRANSFER",
] as const;
/** Self-trade prevention. */
export type StpMode = (typeof STP_MODES)[number];

/** An order as it is stored. Quantities and prices are in units of 10^-8. */
export interface Order {
  /** UUID. */
  readonly orderId: string;
  /** Unique integer, for dialects that need one. */
  readonly orderSeq: number;
  /** Place in its price level, lowest first. */
  readonly prioritySeq: number | undefined;
  /** At most 64 characters; unique among the account's open orders. */
  readonly clientOrderId: string | undefined;
  readonly accountId: string;
  readonly orderListId: string | undefined;
  readonly parentOrderId: string | undefined;
  readonly replacesOrderId: string | undefined;
  readonly symbol: string;
  readonly orderType: OrderType;
  readonly side: OrderSide;
  /** 0 only for an order by `quoteQuantity`, and for one that ended. */
  readonly quantity: bigint;
  readonly quoteQuantity: Amount | undefined;
  /** Absent for a market order, present for a limit order that was not rejected. */
  readonly price: bigint | undefined;
  readonly stopPrice: bigint | undefined;
  readonly triggerKind: TriggerKind | undefined;
  readonly trailingDeltaBps: number | undefined;
  readonly displayQuantity: bigint | undefined;
  readonly postOnly: boolean;
  readonly stpMode: StpMode;
  readonly filledQuantity: bigint;
  /** Money paid or received, before fees. */
  readonly filledQuote: Amount;
  readonly averagePrice: bigint | undefined;
  readonly reservedAsset: string | undefined;
  /** 0 once the order is final. */
  readonly reservedAmount: Amount;
  readonly status: OrderStatus;
  /** Why it was rejected, cancelled or expired; at most 100 characters. */
  readonly rejectReason: string | undefined;
  readonly timeInForce: TimeInForce;
  readonly expiresAt: Timestamp | undefined;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
  readonly triggeredAt: Timestamp | undefined;
  readonly filledAt: Timestamp | undefined;
  readonly cancelledAt: Timestamp | undefined;
  readonly correlationId: string | undefined;
  readonly metadata: JsonObject | undefined;
}

type Required = "accountId" | "symbol" | "orderType" | "side" | "quantity";

/** What `create` takes. Absent ids and numbers are made, `createdAt` is now. */
export type NewOrder = Pick<Order, Required> & Partial<Omit<Order, Required | "updatedAt">>;

/** Sorted by `createdAt` (default, newest first), `updatedAt`, `orderSeq`, `symbol`, `side`, `orderType`, `status`, `quantity` or `filledQuantity`. */
export interface OrderQuery extends PageRequest {
  readonly accountId?: string;
  readonly symbol?: string;
  readonly orderType?: OrderType;
  readonly side?: OrderSide;
  readonly status?: OrderStatus | readonly OrderStatus[];
  /** Strictly after. */
  readonly createdAfter?: Timestamp;
  /** Strictly before. */
  readonly createdBefore?: Timestamp;
  readonly clientOrderId?: string;
  /** Of `orderSeq`, strictly above. */
  readonly afterSeq?: number;
  /** Of `orderSeq`, strictly below. */
  readonly beforeSeq?: number;
}
