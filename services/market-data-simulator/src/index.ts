export { MARKET_DATA_SETTINGS, type MarketDataConfig } from "./config.ts";
export {
  type CandleColumns,
  type CandleFile,
  candleColumns,
  readCandleColumns,
} from "./datasets/candle-columns.ts";
export { datasetPoints } from "./datasets/dataset-points.ts";
export { DatasetSource } from "./datasets/dataset-source.ts";
export { fileChunks } from "./datasets/file-chunks.ts";
export {
  type ImportOutcome,
  type ImportRefusal,
  type ImportRequest,
  importDataset,
} from "./datasets/import-dataset.ts";
export type {
  MarketDataSource,
  SourceListener,
  SourceSubscription,
  SourceTick,
  TimeWindow,
} from "./datasets/market-data-source.ts";
export {
  FILE_LIMITS,
  type FileFailure,
  type FileLimits,
  type FileReport,
  readMarketFile,
} from "./datasets/market-file.ts";
export type { Chunks } from "./datasets/raw-record.ts";
export type { RowProblem } from "./datasets/row-reader.ts";
export {
  type MarketDataReady,
  MarketDataSimulator,
  type MarketDataSimulatorOptions,
  type PublishedPrice,
} from "./service.ts";
export { generateSimulation, type SimulationOutcome } from "./simulation/generate-simulation.ts";
export type { PricePoint } from "./simulation/price-point.ts";
export { type SimilarityMetrics, similarityMetrics } from "./simulation/similarity-metrics.ts";
export {
  SIMULATION_DEFAULTS,
  SIMULATION_TYPES,
  type SimulationParameters,
  type SimulationRefusal,
  type SimulationType,
} from "./simulation/simulation-parameters.ts";
export type {
  PriceUpdate,
  StreamRefusal,
  StreamRequest,
  UpdateReader,
  UpdateStream,
} from "./streams/price-updates.ts";
