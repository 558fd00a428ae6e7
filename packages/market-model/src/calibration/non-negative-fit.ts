/** More than enough for a dozen columns. */
const ROUNDS_MAX = 20_000;
const SETTLED = 1e-12;

/**
 * Weights from 0 that make a sum of columns come nearest to a target in squares: non-negative least squares, by
 * going from one weight to the next. Deterministic.
 *
 * @param columns each as long as `target`
 */
export function nonNegativeFit(
  columns: readonly Float64Array[],
  target: Float64Array,
): Float64Array {
  const products = columns.map((a) => Float64Array.from(columns, (b) => product(a, b)));
  const aims = Float64Array.from(columns, (column) => product(column, target));
  const weights = new Float64Array(columns.length);
  for (let round = 0; round < ROUNDS_MAX; round++) {
    if (improve(weights, products, aims) < SETTLED) break;
  }
  return weights;
}

/** One pass over all weights; returns the largest change. */
function improve(
  weights: Float64Array,
  products: readonly Float64Array[],
  aims: Float64Array,
): number {
  let largest = 0;
  for (let k = 0; k < weights.length; k++) {
    const row = products[k] as Float64Array;
    const own = row[k] as number;
    if (own === 0) continue;
    const before = weights[k] as number;
    const rest = product(row, weights) - own * before;
    const after = Math.max(0, ((aims[k] as number) - rest) / own);
    weights[k] = after;
    largest = Math.max(largest, Math.abs(after - before));
  }
  return largest;
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
