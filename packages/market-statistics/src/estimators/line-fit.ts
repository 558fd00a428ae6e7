import { hasSpread, mean } from "./moments.ts";
import { finite, type Values } from "./values.ts";

/**
 * Slope of the least-squares line of y on x. `undefined` when the lengths differ, below two points,
 * when x does not vary, and when a value is not finite.
 */
export function slope(x: Values, y: Values): number | undefined {
  const meanX = mean(x);
  const meanY = mean(y);
  if (x.length !== y.length || x.length < 2) return undefined;
  if (meanX === undefined || meanY === undefined) return undefined;
  let xx = 0;
  let xy = 0;
  for (let i = 0; i < x.length; i++) {
    xx += (x[i]! - meanX) ** 2;
    xy += (x[i]! - meanX) * (y[i]! - meanY);
  }
  return hasSpread(xx / x.length, meanX) ? finite(xy / xx) : undefined;
}

/** `count` whole numbers from `from` to `to`, evenly spaced in their logarithm, without repetition. */
export function logSpaced(from: number, to: number, count: number): number[] {
  const ratio = count > 1 ? (to / from) ** (1 / (count - 1)) : 1;
  const numbers = Array.from({ length: count }, (_, i) => Math.round(from * ratio ** i));
  return [...new Set(numbers)];
}
