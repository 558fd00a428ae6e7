import { assert } from "@tse/domain";
import { logReturns, mean, pearson, standardDeviation } from "@tse/market-statistics";
import type { PricePoint } from "./price-point.ts";

/** What a history says about how its price moves: all of it computed from its closes. */
export interface HistoryReturns {
  /** rᵢ − μ: log returns without their mean, one less than there are points. */
  readonly residuals: Float64Array;
  /** μ, the mean log return of a step. */
  readonly mean: number;
  /** s, the standard deviation of the log returns. */
  readonly deviation: number;
  /** Mean of the log closes. */
  readonly level: number;
  /** Share of a distance from `level` that is left a step later: the slope of an AR(1) regression, in [0, 1). */
  readonly persistence: number;
  /** φ, correlation of a return with the one before, 0.1 to 0.95. */
  readonly momentum: number;
}

const LEAST_MOMENTUM = 0.1;
const MOST_MOMENTUM = 0.95;

/** @param history at least three points */
export function historyReturns(history: readonly PricePoint[]): HistoryReturns {
  const closes = history.map(({ close }) => close);
  const returns = logReturns(closes);
  const μ = mean(returns);
  const deviation = standardDeviation(returns);
  const logs = closes.map(Math.log);
  const level = mean(logs);
  assert(
    μ !== undefined && deviation !== undefined && level !== undefined,
    "a history has closes above 0, at least three",
  );
  return {
    residuals: returns.map((r) => r - μ),
    mean: μ,
    deviation,
    level,
    // A price without a level of its own has a slope around 1: the cap still brings it back, slowly.
    persistence: Math.min(Math.max(regressionSlope(logs), 0), 1 - 1 / history.length),
    momentum: Math.min(Math.max(regressionSlope(returns), LEAST_MOMENTUM), MOST_MOMENTUM),
  };
}

/** Slope of the regression of each value on the one before; 0 when the values don't vary. */
function regressionSlope(values: ArrayLike<number>): number {
  const all = Array.from(values);
  const before = all.slice(0, -1);
  const after = all.slice(1);
  const correlation = pearson(before, after);
  if (correlation === undefined) return 0;
  return (correlation * (standardDeviation(after) ?? 0)) / (standardDeviation(before) ?? 1);
}
