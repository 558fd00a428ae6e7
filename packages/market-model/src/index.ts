export type { AssetPath } from "./asset-path.ts";
export { Diffusion, type PricedAsset } from "./diffusion.ts";
export {
  flattened,
  type Ladder,
  type LadderConditions,
  type LadderShape,
  ladder,
  type Quote,
} from "./ladder.ts";
export { type FlowShape, OrderFlow, type Wish } from "./order-flow.ts";
export { type PriceModel, pairPrice } from "./price-model.ts";
