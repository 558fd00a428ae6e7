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
  type Effect,
  FEED_FAULTS,
  MULTIPLIED,
  type PriceEffect,
  SCENARIO_KINDS,
  type ScenarioDefinition,
} from "./scenarios/definition.ts";
export { definitionFaults } from "./scenarios/definition-faults.ts";
export { ScenarioBoard } from "./scenarios/scenario-board.ts";
export type {
  ScenarioCommand,
  ScenarioEvent,
  StartOptions,
} from "./scenarios/scenario-command.ts";
export {
  CURVE_TYPES,
  type CurveParameters,
  curveFault,
} from "./scenarios/scenario-curve.ts";
export { type ScenarioPathOptions, scenarioPath } from "./scenarios/scenario-path.ts";
export { PATH_SHAPES } from "./scenarios/shapes.ts";
