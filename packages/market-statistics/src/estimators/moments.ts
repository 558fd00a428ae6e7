import { finite, type Values } from "./values.ts";

/** Arithmetic mean; `undefined` of nothing, and when a value is not finite. */
export function mean(values: Values): number | undefined {
  if (values.length === 0) return undefined;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return finite(sum / values.length);
}

/** Mean of the `power`-th powers of the deviations from `centre`. */
function centralMoment(values: Values, centre: number, power: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - centre) ** power;
  return sum / values.length;
}

/**
 * Standard deviation, dividing by n: 0 when all values are the same.
 * `undefined` below two values, and when one is not finite.
 */
export function standardDeviation(values: Values): number | undefined {
  const centre = mean(values);
  if (centre === undefined || values.length < 2) return undefined;
  return finite(Math.sqrt(centralMoment(values, centre, 2)));
}

/**
 * Excess kurtosis `m4 / m2² - 3` of the central moments: 0 for a normal law, 3 for a Laplace law.
 * `undefined` below four values, without spread, and when a value is not finite.
 */
export function kurtosis(values: Values): number | undefined {
  const centre = mean(values);
  if (centre === undefined || values.length < 4) return undefined;
  const variance = centralMoment(values, centre, 2);
  if (!hasSpread(variance, centre)) return undefined;
  return finite(centralMoment(values, centre, 4) / variance ** 2 - 3);
}

/** Whether a variance is more than what rounding leaves of equal values around `centre`. */
export function hasSpread(variance: number, centre: number): boolean {
  return variance > (centre * 1e-14) ** 2 && variance > Number.MIN_VALUE;
}
