import { downtime } from "./downtime.ts";
import type { FaultType } from "./fault.ts";
import { latency } from "./latency.ts";
import { liquidity } from "./liquidity.ts";
import { partialFills } from "./partial-fills.ts";
import { rejectOrders } from "./reject-orders.ts";
import { spreads } from "./spreads.ts";

/** Actions that start a rule, by their name form. The path form has hyphens: `inject-latency`. */
export const FAULTS = {
  inject_latency: latency,
  reject_orders: rejectOrders,
  simulate_downtime: downtime,
  manipulate_spreads: spreads,
  reduce_liquidity: liquidity,
  partial_fills: partialFills,
} as const satisfies Record<string, FaultType>;

export type FaultAction = keyof typeof FAULTS;

/** A fault by how bad it is: `intensity` from 0, nothing, to 1. */
interface Template {
  readonly action: FaultAction;
  readonly settings: (intensity: number) => Readonly<Record<string, number>>;
}

/** Used when an action of this name comes with `intensity`. */
export const TEMPLATES = new Map<string, Template>([
  ["latency", { action: "inject_latency", settings: (i) => ({ delay_ms: 2000 * i }) }],
  ["downtime", { action: "simulate_downtime", settings: (i) => ({ duration_s: 60 * i }) }],
  ["order_rejection", { action: "reject_orders", settings: (i) => ({ rejection_rate: i }) }],
  [
    "partial_fills",
    { action: "partial_fills", settings: (i) => ({ max_fill_ratio: (10 - 9 * i) / 10 }) },
  ],
]);

/** Actions that end rules. */
export const ENDINGS = ["restore_liquidity", "clear_chaos", "clear_all_chaos"] as const;

export type EndingAction = (typeof ENDINGS)[number];

/** The name form of an action given in either form. */
export function nameForm(action: string): string {
  return action.replaceAll("-", "_");
}

export function isFaultAction(action: string): action is FaultAction {
  return Object.hasOwn(FAULTS, action);
}

export function isEndingAction(action: string): action is EndingAction {
  return (ENDINGS as readonly string[]).includes(action);
}
