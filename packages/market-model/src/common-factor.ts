import { assert } from "@tse/domain";
import { dot } from "./correlation.ts";

/** Rounds of the fit; a dozen are enough. */
const ROUNDS = 100;
/** A loading of 1 would leave nothing of an asset's own. */
const LARGEST_LOADING = 0.999;

/** How much of a common factor is in each of several correlated shocks, and how to tell it from them. */
export interface CommonFactor {
  /** Correlation of each shock with the factor. */
  readonly loadings: Float64Array;
  /**
   * The factor is the sum of the independent normals that the shocks are made of, times these weights, and of `rest`
   * times a normal of its own: unit variance in all.
   */
  readonly weights: Float64Array;
  readonly rest: number;
}

/**
 * The one factor that explains the correlations best, by least squares over all pairs: two shocks have the product of
 * their loadings in common. What it leaves of the shocks is a possible covariance, too.
 *
 * @param factor lower triangular, with a positive diagonal: `factorOf` the correlations
 */
export function commonFactorOf(factor: readonly (readonly number[])[]): CommonFactor {
  const loadings = fitted(factor);
  const weights = solved(factor, loadings);
  const size = Math.sqrt(dot(weights, weights, weights.length));
  if (size <= 1) return { loadings, weights, rest: Math.sqrt(1 - size * size) };
  const smaller = (value: number) => value / size;
  return { loadings: loadings.map(smaller), weights: weights.map(smaller), rest: 0 };
}

/** Loadings, each in turn the best beside all others. */
function fitted(factor: readonly (readonly number[])[]): Float64Array {
  const count = factor.length;
  const correlation = (i: number, j: number) =>
    dot(factor[i] as readonly number[], factor[j] as readonly number[], Math.min(i, j) + 1);
  const others = (i: number, of: (j: number) => number): number => {
    let sum = 0;
    for (let j = 0; j < count; j++) if (j !== i) sum += of(j);
    return sum;
  };
  const loadings = Float64Array.from(factor, (_, i) =>
    Math.sqrt(others(i, (j) => Math.abs(correlation(i, j))) / Math.max(1, count - 1)),
  );
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < count; i++) {
      const weight = others(i, (j) => (loadings[j] as number) ** 2);
      const wanted = others(i, (j) => correlation(i, j) * (loadings[j] as number));
      const best = weight > 0 ? wanted / weight : 0;
      loadings[i] = Math.min(Math.max(best, -LARGEST_LOADING), LARGEST_LOADING);
    }
  }
  return loadings;
}

/** x with factor · x = right. */
function solved(factor: readonly (readonly number[])[], right: Float64Array): Float64Array {
  const x = new Float64Array(right.length);
  for (const [row, entries] of factor.entries()) {
    const pivot = entries[row] as number;
    assert(pivot > 0, "a factor's diagonal is positive");
    x[row] = ((right[row] as number) - dot(entries, x, row)) / pivot;
  }
  return x;
}
