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
