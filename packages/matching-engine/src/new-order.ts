import type { Lots, SelfTradePrevention, Side, Ticks, TimeInForce } from "@tse/domain";

/**
 * An order as a book takes it: validated already, sized by `quantity` or by `quoteBudget`, not both.
 * One sized by budget is a market order: `rests` is false and it isn't `fok`.
 */
export interface NewOrder {
  readonly side: Side;
  /** Worst price it takes, and the price it rests at; 0: none. */
  readonly limit: Ticks;
  /** 0: sized by `quoteBudget`. */
  readonly quantity: Lots;
  /** Ticks × lots to spend or raise at most, up to 2^53 - 1; 0: sized by `quantity`. */
  readonly quoteBudget: number;
  readonly timeInForce: TimeInForce;
  /** Rejected when it would trade on arrival. */
  readonly postOnly: boolean;
  readonly selfTradePrevention: SelfTradePrevention;
  /** Whose it is, for cancelling all and for listing: a dense number from 0. */
  readonly owner: number;
  /** Who may not trade with each other: a 32-bit integer; 0 is nobody's family. */
  readonly family: number;
  /** Most lots it may trade on arrival; 0: any. */
  readonly maxFill: Lots;
  /** False for a market order: what is left of it expires. */
  readonly rests: boolean;
}

/** The family whose makers the order may not trade with; 0: it trades with all. */
export function preventedFamily(order: NewOrder): number {
  return order.selfTradePrevention === "none" ? 0 : order.family;
}

/** Most lots the order may trade on arrival. */
export function allowanceOf(order: NewOrder): number {
  return order.maxFill === 0 ? Number.MAX_SAFE_INTEGER : order.maxFill;
}
