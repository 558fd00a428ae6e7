import { logSpaced, slope } from "./line-fit.ts";
import { hasSpread, mean, standardDeviation } from "./moments.ts";
import type { Values } from "./values.ts";

/** Over which box lengths a fluctuation is followed. */
export interface FluctuationScales {
  /** In places, from 4. */
  readonly shortest: number;
  /** In places; at most a quarter of the values. */
  readonly longest: number;
}

const SCALES = 14;

/**
 * Exponent of detrended fluctuation analysis of first order (Peng et al. 1994): the deviations from
 * the mean are summed up, the sum is cut into boxes, a line is taken off each, and the exponent is
 * the slope of `ln F(s)`, the root of the mean squared rest, on `ln s`. 0.5 for independent values,
 * H for fractional noise, above 0.5 for long memory.
 * `undefined` when there are fewer than four of the longest boxes, without spread, and when a value
 * is not finite.
 */
export function detrendedFluctuation(
  values: Values,
  { shortest, longest }: FluctuationScales,
): number | undefined {
  const centre = mean(values);
  const spread = standardDeviation(values);
  if (centre === undefined || spread === undefined || !hasSpread(spread ** 2, centre)) {
    return undefined;
  }
  if (shortest < 4 || values.length < 4 * longest) return undefined;
  const profile = new Float64Array(values.length);
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    sum += values[i]! - centre;
    profile[i] = sum;
  }
  const lengths = logSpaced(shortest, longest, SCALES);
  const fluctuations = lengths.map((length) => Math.log(fluctuation(profile, length)));
  return slope(lengths.map(Math.log), fluctuations);
}

function fluctuation(profile: Float64Array, length: number): number {
  const boxes = Math.floor(profile.length / length);
  let squares = 0;
  for (let box = 0; box < boxes; box++) squares += restOfLine(profile, box * length, length);
  return Math.sqrt(squares / (boxes * length));
}

/** Sum of the squared distances of `length` values from their least-squares line. */
function restOfLine(profile: Float64Array, from: number, length: number): number {
  // Relative to the box's first value, so that a far-off level costs no digits.
  const level = profile[from]!;
  const middle = (length - 1) / 2;
  let sum = 0;
  let squares = 0;
  let tilted = 0;
  for (let i = 0; i < length; i++) {
    const y = profile[from + i]! - level;
    sum += y;
    squares += y * y;
    tilted += (i - middle) * y;
  }
  const leverage = (length * (length * length - 1)) / 12;
  return Math.max(0, squares - (sum * sum) / length - (tilted * tilted) / leverage);
}
