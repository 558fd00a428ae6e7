import { ascending, type Values } from "./values.ts";

/** How far two samples' laws are apart. */
export interface KolmogorovSmirnov {
  /** The largest difference of the two empirical distribution functions, from 0 to 1. */
  readonly distance: number;
  /** Chance of at least that distance for samples of one law, from 0 to 1 (Stephens' approximation). */
  readonly pValue: number;
}

/**
 * The two-sample Kolmogorov-Smirnov test. `undefined` when a sample is empty or has a value that is
 * not a number.
 */
export function kolmogorovSmirnov(a: Values, b: Values): KolmogorovSmirnov | undefined {
  const x = ascending(a);
  const y = ascending(b);
  if (x.length === 0 || y.length === 0) return undefined;
  if (Number.isNaN(x.at(-1)) || Number.isNaN(y.at(-1))) return undefined;
  const distance = largestGap(x, y);
  const root = Math.sqrt((x.length * y.length) / (x.length + y.length));
  return { distance, pValue: kolmogorovTail((root + 0.12 + 0.11 / root) * distance) };
}

function largestGap(x: Float64Array, y: Float64Array): number {
  let gap = 0;
  let i = 0;
  let j = 0;
  while (i < x.length && j < y.length) {
    const at = Math.min(x[i]!, y[j]!);
    while (x[i] === at) i++;
    while (y[j] === at) j++;
    gap = Math.max(gap, Math.abs(i / x.length - j / y.length));
  }
  return gap;
}

/** Kolmogorov's limit law: `2 Σ (-1)^(j - 1) exp(-2 j² λ²)`, which is 1 to all digits below 0.2. */
function kolmogorovTail(lambda: number): number {
  if (lambda < 0.2) return 1;
  let sum = 0;
  for (let j = 1; j <= 100; j++) {
    const term = Math.exp(-2 * j * j * lambda * lambda);
    sum += j % 2 === 1 ? term : -term;
    if (term < 1e-12) break;
  }
  return Math.max(0, Math.min(1, 2 * sum));
}
