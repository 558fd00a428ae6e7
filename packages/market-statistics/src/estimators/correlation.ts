import { hasSpread, mean } from "./moments.ts";
import { finite, type Values } from "./values.ts";

/**
 * Pearson's correlation of pairs, from -1 to 1. `undefined` when the lengths differ, below three
 * pairs, when one side does not vary, and when a value is not finite.
 */
export function pearson(a: Values, b: Values): number | undefined {
  const meanA = mean(a);
  const meanB = mean(b);
  if (a.length !== b.length || a.length < 3) return undefined;
  if (meanA === undefined || meanB === undefined) return undefined;
  let aa = 0;
  let bb = 0;
  let ab = 0;
  for (let i = 0; i < a.length; i++) {
    const x = a[i]! - meanA;
    const y = b[i]! - meanB;
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  const n = a.length;
  if (!hasSpread(aa / n, meanA) || !hasSpread(bb / n, meanB)) return undefined;
  const correlation = finite(ab / Math.sqrt(aa) / Math.sqrt(bb));
  return correlation === undefined ? undefined : Math.max(-1, Math.min(1, correlation));
}

/**
 * Spearman's rank correlation, from -1 to 1; equal values share the mean of their ranks.
 * `undefined` as for `pearson`.
 */
export function spearman(a: Values, b: Values): number | undefined {
  const ranksA = ranks(a);
  const ranksB = ranks(b);
  return ranksA && ranksB && pearson(ranksA, ranksB);
}

/** Ranks from 1; equal values share the mean of theirs. `undefined` when a value is not a number. */
function ranks(values: Values): Float64Array | undefined {
  const n = values.length;
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  order.sort((i, j) => values[i]! - values[j]!);
  const result = new Float64Array(n);
  for (let from = 0; from < n; ) {
    const value = values[order[from]!]!;
    if (Number.isNaN(value)) return undefined;
    let to = from + 1;
    while (to < n && values[order[to]!] === value) to++;
    for (let i = from; i < to; i++) result[order[i]!] = (from + 1 + to) / 2;
    from = to;
  }
  return result;
}

/**
 * Pearson's correlations between all of several series: symmetric, 1 on the diagonal, in the order
 * given. `undefined` when a pair has no correlation.
 */
export function correlationMatrix(series: readonly Values[]): number[][] | undefined {
  const matrix = series.map(() => new Array<number>(series.length).fill(1));
  for (let i = 0; i < series.length; i++) {
    for (let j = 0; j <= i; j++) {
      const correlation = pearson(series[i]!, series[j]!);
      if (correlation === undefined) return undefined;
      matrix[i]![j] = i === j ? 1 : correlation;
      matrix[j]![i] = i === j ? 1 : correlation;
    }
  }
  return matrix;
}
