import type { VolatilityFactor } from "../realistic/realistic-shape.ts";
import { autocovariance, MINUTES_A_DAY, type Minutes, mean, median } from "./minutes.ts";
import { nonNegativeFit } from "./non-negative-fit.ts";

const LAGS = 60;
/** Longest lag as a share of the candles, and in minutes. */
const LAG_SHARE = 1 / 6;
const LAG_MAX = 7 * MINUTES_A_DAY;
/** A factor is fitted when its memory in minutes is between these: shorter ones live inside a minute, and longer ones barely move in what was seen. */
const MEMORY_MIN = 2;
const MEMORY_SHARE = 1 / 4;
/** Sizes below the median over this count as that: a price that didn't move says nothing about a logarithm. */
const FLOOR = 8;

export interface VolatilityFit {
  readonly factors: readonly VolatilityFactor[];
  /** Autocovariance of log sizes at some lags in minutes: measured, and of the fitted factors. */
  readonly curve: readonly {
    readonly lag: number;
    readonly measured: number;
    readonly fitted: number;
  }[];
}

/**
 * Variances of the volatility factors. A return's log size is the sum of log volatility and independent noise, so that beyond lag 0 its
 * autocovariance is that of log volatility, sum_k v_k exp(-lag / memory_k): the variances are its non-negative least squares
 * fit. The season is taken out before. Factors that these candles can't tell keep the variance that `shape` has.
 */
export function fitVolatility(minutes: Minutes, shape: readonly VolatilityFactor[]): VolatilityFit {
  const logs = logSizes(minutes);
  const lags = lagsOf(logs.length);
  const measured = Float64Array.from(lags, (lag) => autocovariance(logs, lag));
  const curveOf = ({ memory }: VolatilityFactor): Float64Array =>
    Float64Array.from(lags, (lag) => Math.exp((-lag * 60) / memory));
  const isFitted = ({ memory }: VolatilityFactor): boolean =>
    memory / 60 >= MEMORY_MIN && memory / 60 <= logs.length * MEMORY_SHARE;

  const fitted = shape.filter(isFitted);
  const weights = nonNegativeFit(fitted.map(curveOf), measured);
  const factors = shape.map((factor) => {
    const place = fitted.indexOf(factor);
    return place < 0 ? factor : { ...factor, variance: weights[place] as number };
  });
  const known = factors.filter(isFitted);
  const curve = lags.map((lag, i) => {
    const sum = known.reduce(
      (at, { memory, variance }) => at + variance * Math.exp((-lag * 60) / memory),
      0,
    );
    return { lag, measured: measured[i] as number, fitted: sum };
  });
  return { factors, curve };
}

/**
 * Root of the mean variance of a year's return. It is found from the mean log variance of days, which no single wild day decides, and what the
 * slow factors add from there to the mean.
 */
export function fitLevel({ returns }: Minutes, factors: readonly VolatilityFactor[]): number {
  const days = Math.floor(returns.length / MINUTES_A_DAY);
  const logs = Float64Array.from({ length: days }, (_, day) => {
    const ofDay = returns.subarray(day * MINUTES_A_DAY, (day + 1) * MINUTES_A_DAY);
    return 0.5 * Math.log(Math.max(mean(ofDay.map((move) => move * move)), Number.MIN_VALUE));
  });
  const slow = factors.reduce(
    (sum, { memory, variance }) => sum + variance * keptOverDay(memory),
    0,
  );
  return Math.exp(mean(logs) + slow) * Math.sqrt(MINUTES_A_DAY * 365);
}

/** Share of a factor's variance that is left in its mean over a day. */
function keptOverDay(memory: number): number {
  const days = memory / 86_400;
  return 2 * days * (1 - days * (1 - Math.exp(-1 / days)));
}

/** Log sizes without their mean at the hour, working days and weekends apart. */
function logSizes({ second, sizes }: Minutes): Float64Array {
  const smallest = Math.max(median(sizes) / FLOOR, Number.MIN_VALUE);
  const logs = sizes.map((size) => Math.log(Math.max(size, smallest)));
  const slot = (i: number): number => {
    const at = second[i] as number;
    const weekend = (Math.floor(at / 86_400) + 3) % 7 >= 5 ? 24 : 0;
    return weekend + Math.floor((at % 86_400) / 3600);
  };
  const sums = new Float64Array(48);
  const counts = new Float64Array(48);
  for (const [i, log] of logs.entries()) {
    sums[slot(i)] = (sums[slot(i)] as number) + log;
    counts[slot(i)] = (counts[slot(i)] as number) + 1;
  }
  return logs.map((log, i) => log - (sums[slot(i)] as number) / (counts[slot(i)] as number));
}

function lagsOf(count: number): number[] {
  const longest = Math.max(2, Math.min(LAG_MAX, Math.floor(count * LAG_SHARE)));
  const lags = Array.from({ length: LAGS }, (_, i) => Math.round(longest ** (i / (LAGS - 1))));
  return [...new Set(lags)];
}
