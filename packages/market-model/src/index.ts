export type { AssetPath } from "./asset-path.ts";
export type { LogBounds } from "./bounds.ts";
export {
  CALIBRATION_DAYS_MIN,
  type Calibration,
  type CalibrationRefusal,
  calibrate,
} from "./calibration/calibrate.ts";
export type { MinuteCandles } from "./calibration/minutes.ts";
export { CompositeMarket } from "./composite-market.ts";
export {
  Consensus,
  type ConsensusEvent,
  type ConsensusOptions,
  type ConsensusResult,
  DROP_REASONS,
  type DropReason,
  type QuoteRefusal,
} from "./consensus/consensus.ts";
export {
  type ConsensusAsset,
  ConsensusModel,
  type ConsensusModelOptions,
  type SourceView,
} from "./consensus/consensus-model.ts";
export {
  SIMULATED_SOURCES,
  SimulatedSource,
  type SimulatedSourceShape,
  type SourceDisturbance,
} from "./consensus/simulated-source.ts";
export type { ConsensusSource, SourceQuote } from "./consensus/source-quote.ts";
export { Diffusion, type PricedAsset } from "./diffusion.ts";
export { DiffusionMarket, type TradedAsset } from "./diffusion-market.ts";
export { FlowAgents, flowSlots } from "./flow/flow-agents.ts";
export type {
  FillReceiver,
  FlowBook,
  FlowListener,
  FlowTrade,
  Sign,
  Touch,
} from "./flow/flow-book.ts";
export type { FlowConditions } from "./flow/flow-conditions.ts";
export { FLOW_PARAMETERS, paced } from "./flow/flow-instruments.ts";
export { FlowMarket } from "./flow/flow-market.ts";
export type { FlowParameters } from "./flow/flow-parameters.ts";
export { makerSlots } from "./flow/makers.ts";
export { ModelConditions } from "./flow/model-conditions.ts";
export { CALM, type MarketModel, type Overlay } from "./market-model.ts";
export { type FlowShape, OrderFlow, type Wish } from "./order-flow.ts";
export { OverlaidModel, type OverlaidOptions } from "./overlaid-model.ts";
export { instrumentPrice, type PriceModel } from "./price-model.ts";
export {
  flattened,
  type Quote,
  type QuoteConditions,
  type QuoteLevels,
  type QuoteShape,
  quoteLevels,
} from "./quote-levels.ts";
export { REALISTIC_ASSETS } from "./realistic/default-assets.ts";
export {
  type RealisticCheckpoint,
  RealisticMarket,
  type RealisticOptions,
} from "./realistic/realistic-market.ts";
export {
  type MovingAsset,
  type PeggedAsset,
  REALISTIC_SHAPE,
  type RealisticAsset,
  type RealisticShape,
} from "./realistic/realistic-shape.ts";
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
export {
  type Effect,
  FEED_FAULTS,
  MULTIPLIED,
  type MultiplierEffect,
  type PriceEffect,
  SCENARIO_KINDS,
  type ScenarioDefinition,
} from "./scenarios/definition.ts";
export { definitionFaults } from "./scenarios/definition-faults.ts";
export type { DrawnFault } from "./scenarios/drawn-scenario.ts";
export { type BoardState, type Planned, ScenarioBoard } from "./scenarios/scenario-board.ts";
export type {
  ScenarioCommand,
  ScenarioEvent,
  ScenarioRefusal,
  ScenarioStart,
  StartOptions,
} from "./scenarios/scenario-command.ts";
export {
  CURVE_TYPES,
  type CurveFault,
  type CurveParameters,
  type CurveType,
  curveFault,
} from "./scenarios/scenario-curve.ts";
export { type ScenarioPathOptions, scenarioPath } from "./scenarios/scenario-path.ts";
export { PATH_SHAPES } from "./scenarios/shapes.ts";
