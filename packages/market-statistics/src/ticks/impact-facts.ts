import { spearman } from "../estimators/correlation.ts";
import { slope } from "../estimators/line-fit.ts";
import { mean } from "../estimators/moments.ts";
import { finite } from "../estimators/values.ts";
import { middlesEvery } from "./middles.ts";
import type { TickFact } from "./tick-fact.ts";
import type { MarketOrders } from "./tick-sample.ts";

const MANY_ORDERS = 500;

/**
 * Rows 17 to 19: market orders move the price. Concave in the volume: Donier and Bonart, arXiv 1412.4503;
 * a response that grows with the lag, as signs remember: Bouchaud et al. (2004).
 */
export const IMPACT_FACTS = {
  impactCorrelation: {
    row: 17,
    title: "net flow and return",
    unit: "",
    formula: "Spearman(f, Δ ln m) over windows of 1 s, f = Σ s q",
    orders: MANY_ORDERS,
    measure: ({ quoted }) => impactCorrelation(quoted),
  },
  impactExponent: {
    row: 18,
    title: "return as a power of net flow",
    unit: "",
    formula: "slope of ln E|Δ ln m| on E ln|f| over the fifths of |f|, windows of 5 s",
    orders: MANY_ORDERS,
    measure: ({ quoted }) => impactExponent(quoted),
  },
  response: {
    row: 19,
    title: "response after 10 orders over that after 1",
    unit: "",
    formula: "R(10) / R(1), R(k) = E(s[i] (ln m[i + k] - ln m[i]))",
    orders: MANY_ORDERS,
    measure: ({ quoted }) => response(quoted),
  },
} as const satisfies Record<string, TickFact>;

/** What was traded in windows of equal length, one after the other from the first order, and what the price did. */
export interface FlowWindows {
  /** Base units bought less those sold. */
  readonly flows: Float64Array;
  /** Log returns of the middle. */
  readonly moves: Float64Array;
}

/** @param orders that met a bid and an ask; what is left of a window at the end is left out */
export function flowWindows(orders: MarketOrders, lengthMs: number): FlowWindows {
  const middles = middlesEvery(orders, lengthMs);
  const count = Math.max(0, middles.length - 1);
  const flows = new Float64Array(count);
  for (const [i, time] of orders.times.entries()) {
    const window = Math.floor((time - orders.times[0]!) / lengthMs);
    if (window < count) flows[window]! += orders.signs[i]! * orders.sizes[i]!;
  }
  return { flows, moves: flows.map((_, i) => middles[i + 1]! - middles[i]!) };
}

function impactCorrelation(orders: MarketOrders): number | undefined {
  const { flows, moves } = flowWindows(orders, 1_000);
  return spearman(flows, moves);
}

const FIFTHS = 5;

/** Windows without flow are left out. */
function impactExponent(orders: MarketOrders): number | undefined {
  const { flows, moves } = flowWindows(orders, 5_000);
  const order = Uint32Array.from(flows.keys()).filter((i) => flows[i] !== 0);
  order.sort((i, j) => Math.abs(flows[i]!) - Math.abs(flows[j]!));
  const logFlows: number[] = [];
  const logMoves: number[] = [];
  for (let fifth = 0; fifth < FIFTHS; fifth++) {
    const from = Math.floor((fifth * order.length) / FIFTHS);
    const places = [...order.subarray(from, Math.floor(((fifth + 1) * order.length) / FIFTHS))];
    logFlows.push(mean(places.map((i) => Math.log(Math.abs(flows[i]!)))) ?? Number.NaN);
    logMoves.push(Math.log(mean(places.map((i) => Math.abs(moves[i]!))) ?? Number.NaN));
  }
  return slope(logFlows, logMoves);
}

function response(orders: MarketOrders): number | undefined {
  return finite(responseAfter(orders, 10) / responseAfter(orders, 1));
}

function responseAfter({ signs, middles }: MarketOrders, lag: number): number {
  let sum = 0;
  for (let i = 0; i + lag < middles.length; i++) {
    sum += signs[i]! * (middles[i + lag]! - middles[i]!);
  }
  return sum / (middles.length - lag);
}
