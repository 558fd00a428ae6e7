import type {
  InstrumentStatus,
  OrderStatus,
  OrderType,
  SelfTradePrevention,
  Side,
  TimeInForce,
} from "@tse/domain";
import type { OrderRecord } from "../../views/order-record.ts";

/** The dialect's words for the domain's, and back. */

export const SIDES = ["BUY", "SELL"] as const;
export type WireSide = (typeof SIDES)[number];
export const sideOf = (word: WireSide): Side => (word === "BUY" ? "buy" : "sell");
export const sideWord = (side: Side): WireSide => (side === "buy" ? "BUY" : "SELL");

export const TIMES_IN_FORCE = ["GTC", "IOC", "FOK"] as const;
export type WireTimeInForce = (typeof TIMES_IN_FORCE)[number];
const TIME_IN_FORCE: Record<WireTimeInForce, TimeInForce> = { GTC: "gtc", IOC: "ioc", FOK: "fok" };
export const timeInForceOf = (word: WireTimeInForce): TimeInForce => TIME_IN_FORCE[word];

/** Order types that every instrument takes; `exchangeInfo` lists exactly these. */
export const ORDER_TYPES = ["LIMIT", "LIMIT_MAKER", "MARKET"] as const;

/** Order types that the dialect has and no instrument takes here. */
export const UNSUPPORTED_TYPES = {
  STOP_LOSS: "stop_loss",
  STOP_LOSS_LIMIT: "stop_loss",
  TAKE_PROFIT: "take_profit",
  TAKE_PROFIT_LIMIT: "take_profit",
} as const;

export const WIRE_ORDER_TYPES = [
  ...ORDER_TYPES,
  ...(Object.keys(UNSUPPORTED_TYPES) as (keyof typeof UNSUPPORTED_TYPES)[]),
] as const;

export function typeWord(order: { readonly type: OrderType; readonly postOnly: boolean }): string {
  if (order.type === "market") return "MARKET";
  return order.postOnly ? "LIMIT_MAKER" : "LIMIT";
}

/** A market order reads GTC here although it never rests. */
export function timeInForceWord(order: {
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
}): string {
  return order.type === "market" ? "GTC" : order.timeInForce.toUpperCase();
}

const SELF_TRADE_PREVENTION = {
  NONE: "none",
  EXPIRE_TAKER: "expire_taker",
  EXPIRE_MAKER: "expire_maker",
  EXPIRE_BOTH: "expire_both",
  DECREMENT: "decrement",
} as const satisfies Record<string, SelfTradePrevention>;
export const SELF_TRADE_MODES = Object.keys(
  SELF_TRADE_PREVENTION,
) as (keyof typeof SELF_TRADE_PREVENTION)[];
export type WireSelfTradeMode = (typeof SELF_TRADE_MODES)[number];
export const DEFAULT_SELF_TRADE_MODE = "EXPIRE_MAKER";
export const selfTradePreventionOf = (word: WireSelfTradeMode): SelfTradePrevention =>
  SELF_TRADE_PREVENTION[word];

const STATUSES: Record<OrderStatus, string> = {
  pending: "NEW",
  open: "NEW",
  partial: "PARTIALLY_FILLED",
  filled: "FILLED",
  cancelled: "CANCELED",
  rejected: "REJECTED",
  expired: "EXPIRED",
};

/** @param reason why the order ended, `""` while it lives */
export function statusWord(status: OrderStatus, reason: string): string {
  return status === "expired" && reason === "self_trade" ? "EXPIRED_IN_MATCH" : STATUSES[status];
}

/** Why an order expired. One kept from filling by a fault looks like one that found nothing more. */
const EXPIRY_REASONS: Readonly<Record<string, string>> = {
  ioc_remainder: "UNFILLED_IOC_QUANTITY_EXPIRED",
  fok_unfilled: "UNFILLED_FOK_ORDER_EXPIRED",
  no_liquidity: "INSUFFICIENT_LIQUIDITY",
  price_band: "EXECUTION_RULE_PRICE_RANGE_EXCEEDED",
  partial_fill_fault: "INSUFFICIENT_LIQUIDITY",
};

export function expiryReason({ status, reason }: Pick<OrderRecord, "status" | "reason">): {
  readonly expiryReason?: string;
} {
  const word = status === "expired" ? EXPIRY_REASONS[reason] : undefined;
  return word === undefined ? {} : { expiryReason: word };
}

export const SYMBOL_STATUSES = ["TRADING", "HALT", "BREAK"] as const;
export type WireSymbolStatus = (typeof SYMBOL_STATUSES)[number];
const SYMBOL_STATUS: Record<InstrumentStatus, WireSymbolStatus> = {
  trading: "TRADING",
  halted: "HALT",
  cancel_only: "BREAK",
  delisted: "BREAK",
};
export const symbolStatusWord = (status: InstrumentStatus): WireSymbolStatus =>
  SYMBOL_STATUS[status];
