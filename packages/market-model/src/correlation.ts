import { assert } from "@tse/domain";

/** How strongly two assets move together: -1 to 1. Symmetric; never asked of an asset with itself. */
export type Correlation = (a: string, b: string) => number;

/** Pivots below this are zero but for rounding: one asset would be the sum of others. */
const SMALLEST_PIVOT = 1e-12;

/**
 * The lower triangular factor L with L·Lᵀ = the correlation matrix of `assets`: independent normals
 * times L have these correlations. A row depends on the rows above it only, so that an asset added at
 * the end changes no other's path.
 *
 * Throws `InvariantViolation` when the matrix is not positive definite: no prices can move like that.
 */
export function factorOf(assets: readonly string[], correlation: Correlation): number[][] {
  const factor: number[][] = [];
  for (const [row, asset] of assets.entries()) {
    const entries: number[] = [];
    for (let column = 0; column < row; column++) {
      const other = factor[column] as number[];
      const rest = correlation(asset, assets[column] as string) - dot(entries, other, column);
      entries.push(rest / (other[column] as number));
    }
    const pivot = 1 - dot(entries, entries, row);
    assert(pivot > SMALLEST_PIVOT, `correlations are positive definite: ${asset} can't move so`);
    entries.push(Math.sqrt(pivot));
    factor.push(entries);
  }
  return factor;
}

/** Sum of the products of the first `length` entries. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
