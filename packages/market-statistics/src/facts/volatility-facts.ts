import { DAY_MINUTES } from "../candles/candles.ts";
import { autocorrelation, autocorrelations } from "../estimators/autocorrelation.ts";
import { detrendedFluctuation } from "../estimators/detrended-fluctuation.ts";
import { logSpaced, slope } from "../estimators/line-fit.ts";
import { mean, standardDeviation } from "../estimators/moments.ts";
import { structureExponent } from "../estimators/structure-exponent.ts";
import type { MinuteFact } from "./fact.ts";
import { logRealisedVariances } from "./minute-sample.ts";

/**
 * Rows 7 to 10, 17, 18 and 20: volatility clusters, is remembered for long, is rough, scales in many
 * ways. Slow decay: Cont (2001); fluctuation analysis: Peng et al. (1994); roughness and
 * multifractality of Bitcoin: Takaishi, arXiv 1904.12346 and 1707.07618.
 */
export const VOLATILITY_FACTS = {
  sizeAcf1: sizeAcf(7, "1 m", 1, 7),
  sizeAcf10: sizeAcf(7, "10 m", 10, 7),
  sizeAcf60: sizeAcf(7, "60 m", 60, 7),
  sizeAcf240: sizeAcf(7, "240 m", 240, 7),
  sizeAcfDecay: {
    row: 8,
    title: "decay of volatility clustering",
    unit: "",
    formula: "β of acf(|r|) ~ lag^-β, lags 2 to 240, means of 12 log-spaced bins",
    days: 7,
    measure: ({ sizes }) => decayExponent(sizes, 2, 240),
  },
  fluctuation: {
    row: 9,
    title: "memory of volatility, 10 m to 1000 m",
    unit: "",
    formula: "detrended fluctuation exponent of |r|, boxes of 10 to 1000 m",
    days: 7,
    measure: ({ sizes }) => detrendedFluctuation(sizes, { shortest: 10, longest: 1_000 }),
  },
  fluctuationLong: {
    row: 9,
    title: "memory of volatility, 30 m to 4 d",
    unit: "",
    formula: "detrended fluctuation exponent of |r|, boxes of 30 m to 4 d",
    days: 28,
    measure: ({ sizes }) => detrendedFluctuation(sizes, { shortest: 30, longest: 4 * DAY_MINUTES }),
  },
  sizeAcf1d: sizeAcf(10, "1 d", DAY_MINUTES, 28),
  varianceSpread1h: {
    row: 17,
    title: "spread of hourly variance",
    unit: "",
    formula: "sd of ln RV over 1 h, RV = Σ r²",
    days: 7,
    measure: (sample) => standardDeviation(logRealisedVariances(sample, 60)),
  },
  varianceSpread1d: {
    row: 17,
    title: "spread of daily variance",
    unit: "",
    formula: "sd of ln RV over 1 d",
    days: 28,
    measure: (sample) => standardDeviation(logRealisedVariances(sample, DAY_MINUTES)),
  },
  varianceAcf1d: {
    row: 17,
    title: "memory of daily variance",
    unit: "",
    formula: "acf(ln RV over 1 d) at 1",
    days: 28,
    measure: (sample) => autocorrelation(logRealisedVariances(sample, DAY_MINUTES), 1),
  },
  roughness1h: {
    row: 18,
    title: "roughness of hourly variance",
    unit: "",
    formula: "ζ(2) / 2 of ln RV over 1 h, lags 1 to 24 h",
    days: 7,
    measure: (sample) => hurst(logRealisedVariances(sample, 60), [1, 2, 3, 4, 6, 8, 12, 18, 24]),
  },
  roughness1d: {
    row: 18,
    title: "roughness of daily variance",
    unit: "",
    formula: "ζ(2) / 2 of ln RV over 1 d, lags 1 to 7 d",
    days: 28,
    measure: (sample) => hurst(logRealisedVariances(sample, DAY_MINUTES), [1, 2, 3, 4, 5, 6, 7]),
  },
  multifractality: {
    row: 20,
    title: "multifractality",
    unit: "",
    formula: "2 ζ(1) - ζ(2) of ln close, lags 1 to 240 m",
    days: 7,
    measure: ({ candles }) => multifractality(candles.close.map(Math.log)),
  },
} as const satisfies Record<string, MinuteFact>;

function sizeAcf(row: number, name: string, lag: number, days: 7 | 28): MinuteFact {
  return {
    row,
    title: `volatility clustering, ${name}`,
    unit: "",
    formula: `acf(|r|) at ${name}`,
    days,
    measure: ({ sizes }) => autocorrelation(sizes, lag),
  };
}

/**
 * β of a correlation that falls as `lag^-β`. Each bin's mean evens out the noise of single lags; a
 * bin that is not above 0 has no logarithm and is left out, and half of them must be left.
 */
function decayExponent(sizes: Float64Array, from: number, to: number): number | undefined {
  const edges = logSpaced(from, to + 1, 13);
  const lags: number[] = [];
  const levels: number[] = [];
  const acf = autocorrelations(
    sizes,
    Array.from({ length: to - from + 1 }, (_, i) => from + i),
  );
  if (acf === undefined) return undefined;
  for (let bin = 0; bin + 1 < edges.length; bin++) {
    const [low, high] = [edges[bin]!, edges[bin + 1]!];
    const level = mean(acf.slice(low - from, high - from));
    if (level === undefined || level <= 0) continue;
    lags.push(Math.log(low * (high - 1)) / 2);
    levels.push(Math.log(level));
  }
  if (lags.length < (edges.length - 1) / 2) return undefined;
  const steepness = slope(lags, levels);
  return steepness === undefined ? undefined : -steepness;
}

/** Hurst exponent by the squared differences. Four times the longest lag are needed. */
function hurst(values: Float64Array, lags: readonly number[]): number | undefined {
  if (values.length < 3 * Math.max(...lags)) return undefined;
  const exponent = structureExponent(values, lags, 2);
  return exponent === undefined ? undefined : exponent / 2;
}

function multifractality(logPrices: Float64Array): number | undefined {
  const lags = [1, 2, 4, 8, 15, 30, 60, 120, 240];
  const first = structureExponent(logPrices, lags, 1);
  const second = structureExponent(logPrices, lags, 2);
  return first === undefined || second === undefined ? undefined : 2 * first - second;
}
