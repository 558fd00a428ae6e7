import { kolmogorovSmirnov, logReturns, pearson, standardDeviation } from "@tse/market-statistics";
import type { PricePoint } from "./price-point.ts";
import { SHORTEST_HISTORY } from "./simulation-parameters.ts";

/** How alike two series are: see `similarityMetrics`. The names are those of the published contract. */
export interface SimilarityMetrics {
  /** -1 to 1. */
  readonly correlationCoefficient: number;
  /** 0 to 1, as are the following. */
  readonly volatilitySimilarity: number;
  readonly returnDistributionSimilarity: number;
  readonly trendSimilarity: number;
  readonly confidenceScore: number;
  /** -1 to 1. */
  readonly volumeCorrelation: number;
}

const NOTHING: SimilarityMetrics = {
  correlationCoefficient: 0,
  volatilitySimilarity: 0,
  returnDistributionSimilarity: 0,
  trendSimilarity: 0,
  confidenceScore: 0,
  volumeCorrelation: 0,
};

/**
 * Compares two series, cut to the n points of the shorter from their start. With x, y their log
 * returns:
 * ```
 * correlation     Pearson(x, y)
 * volatility      min(sₓ, s_y) / max(sₓ, s_y); 1 when both are 0
 * distribution    1 − the two-sample Kolmogorov-Smirnov distance of x and y
 * trend           share of windows of max(2, ⌊returns/20⌋) returns, one after the other, the last one
 *                 perhaps shorter, in which the sums of x and y have the same sign
 * volume          Pearson of the log volumes, of the pairs where both are above 0
 * confidence      mean of max(0, correlation), volatility, distribution and trend, × min(1, n / 30)
 * ```
 * A correlation that isn't defined, for a side that doesn't vary, is 1 when both sides are equal and 0
 * when not. All are 0 for a series of fewer than two points; all are 1 for a series of at least 30
 * points and itself. Symmetric and deterministic.
 */
export function similarityMetrics(
  historical: readonly PricePoint[],
  simulated: readonly PricePoint[],
): SimilarityMetrics {
  const n = Math.min(historical.length, simulated.length);
  if (n < 2) return NOTHING;
  const a = historical.slice(0, n);
  const b = simulated.slice(0, n);
  const x = logReturns(a.map(({ close }) => close));
  const y = logReturns(b.map(({ close }) => close));

  const correlationCoefficient = correlation(x, y);
  const volatilitySimilarity = ratio(deviation(x), deviation(y));
  const returnDistributionSimilarity = 1 - (kolmogorovSmirnov(x, y)?.distance ?? 1);
  const trendSimilarity = sharedTrend(x, y);
  const mean =
    (Math.max(0, correlationCoefficient) +
      volatilitySimilarity +
      returnDistributionSimilarity +
      trendSimilarity) /
    4;
  return {
    correlationCoefficient,
    volatilitySimilarity,
    returnDistributionSimilarity,
    trendSimilarity,
    confidenceScore: mean * Math.min(1, n / SHORTEST_HISTORY),
    volumeCorrelation: volumeCorrelation(a, b),
  };
}

type Series = ArrayLike<number>;

/** Exactly 1 for equal series, which rounding would miss. */
function correlation(x: Series, y: Series): number {
  return isEqual(x, y) ? 1 : (pearson(x, y) ?? 0);
}

function isEqual(x: Series, y: Series): boolean {
  return x.length === y.length && Array.from(x).every((value, i) => value === y[i]);
}

function deviation(returns: Series): number {
  return standardDeviation(returns) ?? 0;
}

function ratio(a: number, b: number): number {
  const larger = Math.max(a, b);
  return larger === 0 ? 1 : Math.min(a, b) / larger;
}

function sharedTrend(x: Float64Array, y: Float64Array): number {
  const length = Math.max(2, Math.floor(x.length / 20));
  let windows = 0;
  let shared = 0;
  for (let from = 0; from < x.length; from += length) {
    windows += 1;
    if (signOf(x, from, length) === signOf(y, from, length)) shared += 1;
  }
  return shared / windows;
}

function signOf(returns: Float64Array, from: number, length: number): number {
  let sum = 0;
  for (const value of returns.subarray(from, from + length)) sum += value;
  // Not `Math.sign`, for which 0 and -0 differ.
  return sum > 0 ? 1 : sum < 0 ? -1 : 0;
}

function volumeCorrelation(a: readonly PricePoint[], b: readonly PricePoint[]): number {
  const pairs = a.map(({ volume }, i) => [volume, (b[i] as PricePoint).volume] as const);
  if (pairs.every(([one, other]) => one === other)) return 1;
  const traded = pairs.filter(([one, other]) => one > 0 && other > 0);
  const x = traded.map(([one]) => Math.log(one));
  const y = traded.map(([, other]) => Math.log(other));
  return pearson(x, y) ?? 0;
}
