/** Numbers in order: a typed array or a plain one. No function of this package changes its input. */
export type Values = ArrayLike<number>;

/** `value` when it is a finite number, else `undefined`: a statistic is a number or not there. */
export function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

/** A copy, ascending; values that are not numbers come last. */
export function ascending(values: Values): Float64Array {
  return Float64Array.from(values).sort();
}

/** Magnitudes. */
export function absolute(values: Values): Float64Array {
  return Float64Array.from(values, Math.abs);
}
