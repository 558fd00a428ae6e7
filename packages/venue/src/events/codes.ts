import type { OrderEnd, OrderType, SelfTradePrevention, Side, TimeInForce } from "@tse/domain";

/** First word of each record. `object` stands for every kind that is kept as the event itself. */
export const KIND = {
  object: 0,
  orderAccepted: 1,
  trade: 2,
  orderClosed: 3,
  balanceChanged: 4,
  levelChanged: 5,
  orderReduced: 6,
  selfTradePrevented: 7,
} as const;

/** Words of each kind of record, its first word included. */
export const WORDS = [1, 8, 15, 6, 7, 6, 5, 5] as const;

export const ENDS = [
  "filled",
  "cancelled:client",
  "cancelled:replaced",
  "cancelled:account_suspended",
  "cancelled:operator",
  "expired:ioc_remainder",
  "expired:fok_unfilled",
  "expired:no_liquidity",
  "expired:price_band",
  "expired:self_trade",
  "expired:partial_fill_fault",
] as const satisfies readonly OrderEnd[];

/** Position of an end in `ENDS`. */
export const END = {
  filled: 0,
  client: 1,
  replaced: 2,
  suspended: 3,
  operator: 4,
  iocRemainder: 5,
  fokUnfilled: 6,
  noLiquidity: 7,
  priceBand: 8,
  selfTrade: 9,
  partialFillFault: 10,
} as const;

export type EndCode = (typeof END)[keyof typeof END];

export const sideCode = (side: Side): number => (side === "buy" ? 0 : 1);
export const sideOf = (code: number): Side => (code === 0 ? "buy" : "sell");

export const typeCode = (type: OrderType): number => (type === "limit" ? 0 : 1);

export function timeInForceCode(timeInForce: TimeInForce): number {
  if (timeInForce === "gtc") return 0;
  return timeInForce === "ioc" ? 1 : 2;
}

const MODES = ["none", "expire_taker", "expire_maker", "expire_both", "decrement"] as const;

export function selfTradeCode(mode: SelfTradePrevention): number {
  if (mode === "expire_maker") return 2;
  return mode === "none" ? 0 : MODES.indexOf(mode);
}

export const selfTradeOf = (code: number): SelfTradePrevention => MODES[code] ?? "none";
