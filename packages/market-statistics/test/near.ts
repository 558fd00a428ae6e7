import assert from "node:assert/strict";

/** Fails unless `actual` is there and within `tolerance` of `expected`. */
export function near(actual: number | undefined, expected: number, tolerance: number): void {
  const close = actual !== undefined && Math.abs(actual - expected) <= tolerance;
  assert.ok(close, `${actual} is not ${expected} ± ${tolerance}`);
}
