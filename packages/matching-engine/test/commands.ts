import { lots, type SelfTradePrevention, type Side, type TimeInForce, ticks } from "@tse/domain";
import type { NewOrder } from "../src/index.ts";

/**
 * What tests do to books. `id` is the command's own; `target` is the id of the command that placed
 * the order meant, which may be gone, or may never have rested.
 */
export type TestCommand =
  | { readonly kind: "place"; readonly id: number; readonly book: number; readonly order: NewOrder }
  | { readonly kind: "cancel"; readonly book: number; readonly target: number }
  | { readonly kind: "cancel_all"; readonly book: number; readonly owner: number }
  | {
      readonly kind: "reduce";
      readonly book: number;
      readonly target: number;
      readonly open: number;
    }
  | {
      readonly kind: "replace";
      readonly id: number;
      readonly book: number;
      readonly target: number;
      readonly order: NewOrder;
    };

interface OrderDetails {
  readonly timeInForce: TimeInForce;
  readonly postOnly: boolean;
  readonly selfTradePrevention: SelfTradePrevention;
  readonly owner: number;
  readonly family: number;
  readonly maxFill: number;
}

const PLAIN: OrderDetails = {
  timeInForce: "gtc",
  postOnly: false,
  selfTradePrevention: "none",
  owner: 1,
  family: 0,
  maxFill: 0,
};

/** A limit order of `quantity` lots. */
export function limit(
  side: Side,
  quantity: number,
  price: number,
  details: Partial<OrderDetails> = {},
): NewOrder {
  const merged = { ...PLAIN, ...details };
  return {
    ...merged,
    side,
    limit: ticks(price),
    quantity: lots(quantity),
    quoteBudget: 0,
    maxFill: lots(merged.maxFill),
    rests: true,
  };
}

/** A market order of `quantity` lots; `bound` is the worst price it takes, 0 any. */
export function market(
  side: Side,
  quantity: number,
  bound = 0,
  details: Partial<OrderDetails> = {},
): NewOrder {
  return { ...limit(side, quantity, bound, { timeInForce: "ioc", ...details }), rests: false };
}

/** A market order sized by ticks × lots. */
export function marketByBudget(
  side: Side,
  quoteBudget: number,
  bound = 0,
  details: Partial<OrderDetails> = {},
): NewOrder {
  return { ...market(side, 0, bound, details), quoteBudget };
}
