export {
  type AuditEntry,
  type AuditEvent,
  type AuditQuery,
  type AuditVerdict,
  auditHash,
  CHAIN_START,
  chained,
  type DataAdapterConfig,
  type DataAdapterParts,
  type Environment,
  type NewOutboxMessage,
  type OutboxMessage,
  type OutboxQuery,
  type StoreConfig,
} from "@tse/storage/adapter";
export type { Json, JsonObject, Page, PageRequest } from "@tse/storage/rows";
export {
  CANDLE_INTERVALS,
  type Candle,
  type CandleInterval,
  type CandleQuery,
  type MarketData,
  type NewCandle,
  type Ohlcv,
} from "./candles/candle.ts";
export type {
  Dataset,
  DatasetKind,
  DatasetPoint,
  DatasetQuery,
  NewDataset,
  PlacedPoint,
} from "./datasets/dataset.ts";
export type { PointQuery } from "./datasets/dataset-repository.ts";
export {
  type MarketDataAdapter,
  type MarketDataAdapterConfig,
  newMarketDataAdapter,
  newMarketDataAdapterFromEnv,
} from "./market-data-adapter.ts";
export type { MarketDataRepositories } from "./market-data-repositories.ts";
export type {
  MarketSnapshot,
  MarketSnapshotQuery,
  NewMarketSnapshot,
  Ticker,
} from "./market-snapshots/market-snapshot.ts";
export { marketDataMigrations } from "./migrations.ts";
export type { BookLevel, NewOrderBook, OrderBook } from "./order-books/order-book.ts";
export type { NewPriceFeed, PriceFeed, PriceFeedQuery } from "./price-feeds/price-feed.ts";
export { DEFAULT_RETENTION, type RetentionPeriods, type RetentionResult } from "./retention.ts";
export type {
  NewScenarioRun,
  ScenarioRun,
  ScenarioRunQuery,
  ScenarioState,
} from "./scenario-runs/scenario-run.ts";
export type {
  MarketSymbol,
  MarketSymbolChange,
  NewMarketSymbol,
  SymbolQuery,
} from "./symbols/market-symbol.ts";
