import { absolute, ascending, finite, type Values } from "./values.ts";

/** Fewer than this in the tail say nothing about it. */
const TAIL_MIN = 5;

/**
 * Hill's tail index of the magnitudes: `k / Σ ln(x[i] / x[k + 1])` over the k largest. For a tail
 * `P(|x| > u) ~ u^-α` it estimates α: 2 to 4 for returns of markets, large for a thin tail.
 * `undefined` when fewer than 5 values are in the tail, when they do not differ, when the tail
 * reaches 0, and when a value is not a number.
 *
 * @param share of the values that is the tail, above 0 and below 1
 */
export function hill(values: Values, share: number): number | undefined {
  const sorted = ascending(absolute(values));
  const n = sorted.length;
  const tail = Math.floor(n * share);
  if (tail < TAIL_MIN || tail >= n) return undefined;
  const threshold = sorted[n - tail - 1]!;
  let sum = 0;
  for (let i = n - tail; i < n; i++) sum += Math.log(sorted[i]! / threshold);
  return finite(tail / sum);
}
