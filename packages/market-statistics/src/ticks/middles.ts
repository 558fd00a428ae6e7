import { finite } from "../estimators/values.ts";
import type { MarketOrders } from "./tick-sample.ts";

/** Shortest step on which the middle is looked at. */
const STEP_MS = 100;

/**
 * Logarithm of the middle at every multiple of `stepMs` after the first order: that of the quote which the next
 * market order met. Ends with the last order.
 */
export function middlesEvery({ times, middles }: MarketOrders, stepMs: number): Float64Array {
  if (times.length === 0) return new Float64Array(0);
  const first = times[0]!;
  const result = new Float64Array(Math.floor((times.at(-1)! - first) / stepMs) + 1);
  for (let step = 0, next = 0; step < result.length; step++) {
    while (times[next]! < first + step * stepMs) next++;
    result[step] = middles[next]!;
  }
  return result;
}

/**
 * √(E((ln m(t + τ) - ln m(t))²) / τ) per √s; windows overlap. `undefined` where the tape is shorter than ten of
 * them.
 *
 * @param quoted orders that met a bid and an ask
 * @param lengthMs τ, a multiple of 100
 */
export function volatilityOver(quoted: MarketOrders, lengthMs: number): number | undefined {
  const middles = middlesEvery(quoted, STEP_MS);
  const places = lengthMs / STEP_MS;
  const count = middles.length - places;
  if (count < 9 * places) return undefined;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (middles[i + places]! - middles[i]!) ** 2;
  return finite(Math.sqrt(squares / count / (lengthMs / 1000)));
}
