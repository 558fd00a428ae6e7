type Row = readonly number[];

/** Added to the diagonal of the correlations within the classes, so that like features share weight. */
const RIDGE = 2;

/** Beyond so many deviations a feature tells no more: one crash must not turn the rule. */
const LIMIT = 4;

/**
 * Fisher's linear discriminant with a ridge: a function that is larger for what looks like `b` than
 * for what looks like `a`. Features are measured in deviations of both classes together. A feature
 * that does not vary tells nothing.
 */
export function discriminant(a: readonly Row[], b: readonly Row[]): (row: Row) => number {
  const standardise = standardiser([...a, ...b]);
  const left = a.map(standardise);
  const right = b.map(standardise);
  const meanLeft = columnMeans(left);
  const meanRight = columnMeans(right);
  const spread = withinSpread([
    ...left.map((row) => row.map((x, i) => x - meanLeft[i]!)),
    ...right.map((row) => row.map((x, i) => x - meanRight[i]!)),
  ]);
  const weights = solve(
    spread,
    meanRight.map((x, i) => x - meanLeft[i]!),
  );
  return (row) => standardise(row).reduce((sum, x, i) => sum + x * weights[i]!, 0);
}

function columnMeans(rows: readonly Row[]): number[] {
  return rows[0]!.map((_, i) => rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length);
}

function standardiser(rows: readonly Row[]): (row: Row) => number[] {
  const means = columnMeans(rows);
  const squares = columnMeans(rows.map((row) => row.map((x, i) => (x - means[i]!) ** 2)));
  const scales = squares.map((square, i) => {
    const deviation = Math.sqrt(square);
    return deviation > 1e-12 * Math.abs(means[i]!) && deviation > 0 ? 1 / deviation : 0;
  });
  return (row) =>
    row.map((x, i) => Math.max(-LIMIT, Math.min(LIMIT, (x - means[i]!) * scales[i]!)));
}

/** Mean products of centred rows, with the ridge on the diagonal: symmetric, positive definite. */
function withinSpread(centred: readonly Row[]): number[][] {
  const width = centred[0]!.length;
  return Array.from({ length: width }, (_, i) =>
    Array.from({ length: width }, (_, j) => {
      const sum = centred.reduce((total, row) => total + row[i]! * row[j]!, 0);
      return sum / centred.length + (i === j ? RIDGE : 0);
    }),
  );
}

/** Solves `matrix x = right` for a positive definite matrix, by Cholesky's factors. */
function solve(matrix: readonly Row[], right: Row): number[] {
  const lower = cholesky(matrix);
  const n = right.length;
  const x = [...right];
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= lower[i]![k]! * x[k]!;
    x[i]! /= lower[i]![i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= lower[k]![i]! * x[k]!;
    x[i]! /= lower[i]![i]!;
  }
  return x;
}

/** The lower triangle whose product with its transpose is `matrix`. */
function cholesky(matrix: readonly Row[]): number[][] {
  const lower = matrix.map((row) => row.map(() => 0));
  for (let i = 0; i < matrix.length; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i]![j]!;
      for (let k = 0; k < j; k++) rest -= lower[i]![k]! * lower[j]![k]!;
      lower[i]![j] = i === j ? Math.sqrt(rest) : rest / lower[j]![j]!;
    }
  }
  return lower;
}
