export type { AssetPath } from "./asset-path.ts";
export { Diffusion, type PricedAsset } from "./diffusion.ts";
export { CALM, type MarketModel, type Overlay } from "./market-model.ts";
export { type FlowShape, OrderFlow, type Wish } from "./order-flow.ts";
export { instrumentPrice, type PriceModel } from "./price-model.ts";
export {
  flattened,
  type Quote,
  type QuoteConditions,
  type QuoteLevels,
  type QuoteShape,
  quoteLevels,
} from "./quote-levels.ts";
export {
  type BootstrapAsset,
  BootstrapModel,
  type BootstrapOptions,
} from "./replay/bootstrap-model.ts";
export type { CandleSeries } from "./replay/candle-series.ts";
export { type MinuteHistory, minuteHistory, type RelativeMinute } from "./replay/minute-history.ts";
export {
  type HandOver,
  type ReplayedPoint,
  ReplayModel,
  type ReplayOptions,
  type ReplayState,
} from "./replay/replay-model.ts";
export { type ReplaySeries, seriesOfCandles } from "./replay/replay-series.ts";
