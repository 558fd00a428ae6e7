export function classify(rows: readonly number[][]): number { // breaks noExcessiveCognitiveComplexity
  let found = 0;
  for (const row of rows) {
    for (const value of row) {
      if (value > 0) {
        if (value % 2 === 0) found += 1;
        else if (value % 3 === 0) found += 2;
      } else if (value < -10) {
        found -= 1;
      }
    }
  }
  return found;
}
