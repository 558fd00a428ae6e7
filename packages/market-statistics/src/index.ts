export { type Candles, sliceCandles, windowsOf } from "./candles/candles.ts";
export {
  type CandleRefusal,
  type RegularCandles,
  regularCandles,
} from "./candles/regular-candles.ts";
export { autocorrelation } from "./estimators/autocorrelation.ts";
export { correlationMatrix, pearson, spearman } from "./estimators/correlation.ts";
export {
  detrendedFluctuation,
  type FluctuationScales,
} from "./estimators/detrended-fluctuation.ts";
export { hill } from "./estimators/hill.ts";
export { type KolmogorovSmirnov, kolmogorovSmirnov } from "./estimators/kolmogorov-smirnov.ts";
export { logReturns } from "./estimators/log-returns.ts";
export { kurtosis, mean, standardDeviation } from "./estimators/moments.ts";
export { median, quantile } from "./estimators/quantile.ts";
export type { Values } from "./estimators/values.ts";
export { CROSS_FACTS } from "./facts/cross-facts.ts";
export type { Fact } from "./facts/fact.ts";
export {
  type AssetClass,
  type JudgedFact,
  type Judgement,
  judge,
  judgeSymbol,
} from "./facts/judge.ts";
export { CROSS_RANGES, STYLISED_RANGES } from "./facts/ranges.ts";
export { HOURLY_PROFILE } from "./facts/season-facts.ts";
export { crossFacts, STYLISED_FACTS, stylisedFacts } from "./facts/stylised-facts.ts";
export type { Range, Score, Verdict } from "./facts/verdict.ts";
export { type FlowWindows, flowWindows } from "./ticks/impact-facts.ts";
export { judgeTicks } from "./ticks/judge-ticks.ts";
export { volatilityOver } from "./ticks/middles.ts";
export { sliceTape, TAPE_COLUMNS, type Tape } from "./ticks/tape.ts";
export { TAPE_RULES, type TapeFault, tapeFault } from "./ticks/tape-fault.ts";
export { TICK_FACTS, type TickFactId, tickFacts } from "./ticks/tick-facts.ts";
export { TICK_RANGES } from "./ticks/tick-ranges.ts";
export { type MarketOrders, type TickSample, tickSample } from "./ticks/tick-sample.ts";
export { DAY_FEATURE_NAMES, dayFeatures } from "./two-sample/day-features.ts";
export { twoSampleAuc } from "./two-sample/two-sample-auc.ts";
