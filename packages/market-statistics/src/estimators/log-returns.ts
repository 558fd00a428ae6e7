import type { Values } from "./values.ts";

/**
 * Logarithmic returns `ln(p[i + step] / p[i])` at every `step`-th price: they do not overlap.
 * Around a price that is not a positive number the return is not finite, and a statistic of it is
 * `undefined`.
 *
 * @param step how many prices apart, a whole number from 1; a rest shorter than it is left out
 */
export function logReturns(prices: Values, step = 1): Float64Array {
  const returns = new Float64Array(Math.max(0, Math.floor((prices.length - 1) / step)));
  for (let i = 0; i < returns.length; i++) {
    returns[i] = Math.log(prices[(i + 1) * step]! / prices[i * step]!);
  }
  return returns;
}
