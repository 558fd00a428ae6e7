import { ascending, finite, type Values } from "./values.ts";

/**
 * The value below which a share `q` of the values lies, linear between neighbours (Hyndman and Fan's
 * type 7). `undefined` of nothing, for a `q` outside 0 to 1, and when a value is not a number.
 */
export function quantile(values: Values, q: number): number | undefined {
  return ascendingQuantile(ascending(values), q);
}

/** As `quantile`, of values that are in ascending order already. */
export function ascendingQuantile(sorted: Float64Array, q: number): number | undefined {
  const last = sorted.length - 1;
  if (last < 0 || !(q >= 0 && q <= 1) || Number.isNaN(sorted[last])) return undefined;
  const place = q * last;
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, last)]!;
  return finite(low + (high - low) * (place - below));
}

/** The middle value, or the middle of the two middle ones. */
export function median(values: Values): number | undefined {
  return quantile(values, 0.5);
}
