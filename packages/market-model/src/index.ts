export type { AssetPath } from "./asset-path.ts";
export { Diffusion, type PricedAsset } from "./diffusion.ts";
export { DiffusionMarket, type TradedAsset } from "./diffusion-market.ts";
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
