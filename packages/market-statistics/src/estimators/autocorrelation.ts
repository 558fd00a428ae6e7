import { hasSpread, mean } from "./moments.ts";
import { finite, type Values } from "./values.ts";

/**
 * Autocorrelation at a lag: `Σ d[i] d[i + lag] / Σ d[i]²` with `d` the deviation from the mean, and
 * with the sum above scaled by n / (n - lag), so that a long lag is not drawn to 0.
 * `undefined` when fewer than three pairs are that far apart, without spread, and when a value is
 * not finite.
 *
 * @param lag in places, a whole number from 0
 */
export function autocorrelation(values: Values, lag: number): number | undefined {
  return autocorrelations(values, [lag])?.[0];
}

/** `autocorrelation` at several lags; `undefined` when one of them has none. */
export function autocorrelations(values: Values, lags: readonly number[]): number[] | undefined {
  const centre = mean(values);
  const n = values.length;
  if (centre === undefined || n - Math.max(...lags) < 3) return undefined;
  const deviations = Float64Array.from(values, (value) => value - centre);
  const variance = laggedMean(deviations, 0);
  if (!hasSpread(variance, centre)) return undefined;
  const result = lags.map((lag) => laggedMean(deviations, lag) / variance);
  return result.every((value) => finite(value) !== undefined) ? result : undefined;
}

/** Mean of the products of values `lag` places apart. */
function laggedMean(values: Float64Array, lag: number): number {
  const pairs = values.length - lag;
  let sum = 0;
  for (let i = 0; i < pairs; i++) sum += values[i]! * values[i + lag]!;
  return sum / pairs;
}
