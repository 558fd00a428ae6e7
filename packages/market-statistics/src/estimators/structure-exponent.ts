import { slope } from "./line-fit.ts";
import type { Values } from "./values.ts";

/**
 * Exponent ζ(q) of the structure function: the slope of `ln E|x[i + lag] - x[i]|^q` on `ln lag`.
 * q / 2 for a random walk, qH for a self-affine series of Hurst exponent H, and below a straight
 * line through the origin for a multifractal one.
 * `undefined` where the values are not longer than the lags, do not vary or are not finite.
 */
export function structureExponent(
  values: Values,
  lags: readonly number[],
  power: number,
): number | undefined {
  return slope(
    lags.map(Math.log),
    lags.map((lag) => Math.log(meanDifference(values, lag, power))),
  );
}

function meanDifference(values: Values, lag: number, power: number): number {
  let sum = 0;
  for (let i = lag; i < values.length; i++) sum += Math.abs(values[i]! - values[i - lag]!) ** power;
  return sum / (values.length - lag);
}
