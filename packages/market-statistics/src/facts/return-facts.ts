import { autocorrelation, autocorrelations } from "../estimators/autocorrelation.ts";
import { hill } from "../estimators/hill.ts";
import { logReturns } from "../estimators/log-returns.ts";
import { kurtosis, standardDeviation } from "../estimators/moments.ts";
import { ascendingQuantile } from "../estimators/quantile.ts";
import { ascending, finite } from "../estimators/values.ts";
import type { MinuteFact } from "./fact.ts";
import type { MinuteSample } from "./minute-sample.ts";

const YEAR_MINUTES = 525_600;

/**
 * Rows 1 to 6 and 23: the law of returns and their (missing) linear correlation. Cont, Quantitative
 * Finance 1:223 (2001); tails of Bitcoin: Takaishi, arXiv 1707.07618; variance ratio: Lo and
 * MacKinlay (1988).
 */
export const RETURN_FACTS = {
  volatility: {
    row: 1,
    title: "volatility",
    unit: "per √year",
    formula: "sd(r) √525600",
    days: 7,
    measure: ({ returns }) => {
      const deviation = standardDeviation(returns);
      return deviation && deviation * Math.sqrt(YEAR_MINUTES);
    },
  },
  kurtosis1m: kurtosisOver(2, "1 m", 1, 7),
  tailIndex: {
    row: 3,
    title: "tail index",
    unit: "",
    formula: "Hill's estimator of |r|, largest 0.5 %",
    days: 7,
    measure: ({ sizes }) => hill(sizes, 0.005),
  },
  tailRatio: {
    row: 4,
    title: "tail ratio",
    unit: "",
    formula: "q99.5 / q75 of |r| (normal law: 2.44)",
    days: 7,
    measure: tailRatio,
  },
  kurtosis15m: kurtosisOver(5, "15 m", 15, 7),
  kurtosis1h: kurtosisOver(5, "1 h", 60, 7),
  kurtosis4h: kurtosisOver(5, "4 h", 240, 7),
  kurtosis1d: kurtosisOver(5, "1 d", 1_440, 365),
  returnAcf1: {
    row: 6,
    title: "correlation of returns, 1 m",
    unit: "",
    formula: "acf(r) at 1",
    days: 7,
    measure: ({ returns }) => autocorrelation(returns, 1),
  },
  returnAcfMax: {
    row: 6,
    title: "correlation of returns, 2 to 10 m",
    unit: "",
    formula: "max |acf(r)| at 2 to 10",
    days: 7,
    measure: ({ returns }) => {
      const acf = autocorrelations(returns, [2, 3, 4, 5, 6, 7, 8, 9, 10]);
      return acf && Math.max(...acf.map(Math.abs));
    },
  },
  varianceRatio60m: {
    row: 6,
    title: "variance ratio, 60 m",
    unit: "",
    formula: "var(60-minute returns, overlapping) / (60 var(r))",
    days: 7,
    measure: ({ candles, returns }) => varianceRatio(candles.close, returns, 60),
  },
  zeroReturns: {
    row: 23,
    title: "share of unchanged minutes",
    unit: "",
    formula: "share of r = 0",
    days: 7,
    measure: ({ returns }) => {
      let zeros = 0;
      for (const r of returns) if (r === 0) zeros += 1;
      return finite(zeros / returns.length);
    },
  },
} as const satisfies Record<string, MinuteFact>;

function kurtosisOver(row: number, name: string, step: number, days: 7 | 365): MinuteFact {
  return {
    row,
    title: `excess kurtosis, ${name}`,
    unit: "",
    formula: `m4 / m2² - 3 of ${name} returns`,
    days,
    measure: ({ candles }) => kurtosis(logReturns(candles.close, step)),
  };
}

function tailRatio({ sizes }: MinuteSample): number | undefined {
  const sorted = ascending(sizes);
  const far = ascendingQuantile(sorted, 0.995);
  const near = ascendingQuantile(sorted, 0.75);
  return far === undefined || near === undefined ? undefined : finite(far / near);
}

/**
 * Variance of overlapping returns over `length` minutes, over `length` times that of `returns`: 1 for
 * a walk, below 1 where moves are taken back.
 */
export function varianceRatio(
  prices: Float64Array,
  returns: Float64Array,
  length: number,
): number | undefined {
  if (prices.length <= length) return undefined;
  const logs = prices.map(Math.log);
  const long = logs.subarray(length).map((value, i) => value - logs[i]!);
  const whole = standardDeviation(long);
  const part = standardDeviation(returns);
  return whole === undefined || !part ? undefined : finite(whole ** 2 / (length * part ** 2));
}
