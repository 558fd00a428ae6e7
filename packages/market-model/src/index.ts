export type { AssetPath, BrownianPath, RevertingPath, StaticPath } from "./asset-path.ts";
export type { Correlation } from "./correlation.ts";
export { Diffusion, type DiffusionOptions, type PricedAsset } from "./diffusion.ts";
export {
  flattened,
  type Ladder,
  type LadderConditions,
  type LadderShape,
  ladder,
  type Quote,
  type Sizes,
} from "./ladder.ts";
export { type FlowShape, OrderFlow, type Wish } from "./order-flow.ts";
export { type Pair, type PriceModel, pairPrice } from "./price-model.ts";
