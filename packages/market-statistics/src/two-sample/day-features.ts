import { type Candles, DAY_MINUTES, MINUTE_MS, sliceCandles } from "../candles/candles.ts";
import { detrendedFluctuation } from "../estimators/detrended-fluctuation.ts";
import { hill } from "../estimators/hill.ts";
import { logReturns } from "../estimators/log-returns.ts";
import { kurtosis, standardDeviation } from "../estimators/moments.ts";
import { logRealisedVariances, type MinuteSample, minuteSample } from "../facts/minute-sample.ts";
import { varianceRatio } from "../facts/return-facts.ts";
import { STYLISED_FACTS } from "../facts/stylised-facts.ts";

type Feature = (day: MinuteSample) => number | undefined;

/**
 * What a day is described by, in this order; `r` and `V` as in the stylised facts. Numbers that span
 * decades are logarithms, so that a straight rule can tell them apart. The level of volatility and
 * the plain laws of volume are left out: they tell the year and the venue's fees, not whether a day
 * is real.
 */
const FEATURES: Readonly<Record<string, Feature>> = {
  kurtosis1m: ({ returns }) => logarithm(kurtosis(returns), 3),
  kurtosis15m: ({ candles }) => logarithm(kurtosis(logReturns(candles.close, 15)), 3),
  tailIndex: ({ sizes }) => logarithm(hill(sizes, 0.02)),
  tailRatio: (day) => logarithm(STYLISED_FACTS.tailRatio.measure(day)),
  returnAcf1: STYLISED_FACTS.returnAcf1.measure,
  returnAcfMax: STYLISED_FACTS.returnAcfMax.measure,
  varianceRatio15m: ({ candles, returns }) => logarithm(varianceRatio(candles.close, returns, 15)),
  varianceRatio60m: ({ candles, returns }) => logarithm(varianceRatio(candles.close, returns, 60)),
  sizeAcf1: STYLISED_FACTS.sizeAcf1.measure,
  sizeAcf10: STYLISED_FACTS.sizeAcf10.measure,
  sizeAcf60: STYLISED_FACTS.sizeAcf60.measure,
  fluctuation: ({ sizes }) => detrendedFluctuation(sizes, { shortest: 10, longest: 240 }),
  varianceSpread15m: (day) => standardDeviation(logRealisedVariances(day, 15)),
  varianceSpread1h: (day) => standardDeviation(logRealisedVariances(day, 60)),
  hourContrast: (day) => logarithm(STYLISED_FACTS.hourContrast.measure(day)),
  leverage: STYLISED_FACTS.leverage.measure,
  volumeSize: STYLISED_FACTS.volumeSize.measure,
  volumeTail: (day) => logarithm(STYLISED_FACTS.volumeTail.measure(day)),
  volumeAcf60: STYLISED_FACTS.volumeAcf60.measure,
  jumps: (day) => logarithm(STYLISED_FACTS.jumps.measure(day), 1),
  jumpShare: STYLISED_FACTS.jumpShare.measure,
  rangeVolatility: STYLISED_FACTS.rangeVolatility.measure,
  rangeBody: STYLISED_FACTS.rangeBody.measure,
};

/** Names of the 23 features, in the order of `dayFeatures`. */
export const DAY_FEATURE_NAMES: readonly string[] = Object.keys(FEATURES);

function logarithm(value: number | undefined, above = 0): number | undefined {
  return value === undefined || value + above <= 0 ? undefined : Math.log(value + above);
}

/**
 * 23 numbers of each whole UTC day of regular candles, oldest day first: tails, memory, volume, jumps, the inside of a candle. A number that a day does not have, as the correlation of a
 * price that stood still, counts as 0.
 */
export function dayFeatures(candles: Candles): number[][] {
  const days: number[][] = [];
  const minute = (candles.ts[0] ?? 0) / MINUTE_MS;
  const first = (DAY_MINUTES - (minute % DAY_MINUTES)) % DAY_MINUTES;
  for (let from = first; from + DAY_MINUTES <= candles.ts.length; from += DAY_MINUTES) {
    const day = minuteSample(sliceCandles(candles, from, from + DAY_MINUTES));
    days.push(Object.values(FEATURES).map((feature) => feature(day) ?? 0));
  }
  return days;
}
