import { AuditRepository } from "./audit/audit-repository.ts";
import { CandleRepository } from "./candles/candle-repository.ts";
import { DatasetRepository } from "./datasets/dataset-repository.ts";
import { MarketSnapshotRepository } from "./market-snapshots/market-snapshot-repository.ts";
import { OrderBookRepository } from "./order-books/order-book-repository.ts";
import { OutboxRepository } from "./outbox/outbox-repository.ts";
import { PriceFeedRepository } from "./price-feeds/price-feed-repository.ts";
import type { RepositoryParts } from "./repository.ts";
import { ScenarioRunRepository } from "./scenario-runs/scenario-run-repository.ts";
import { SymbolRepository } from "./symbols/symbol-repository.ts";

/** All repositories of market data, over one session: a database, or one unit of work of it. */
export interface MarketDataRepositories {
  readonly priceFeeds: PriceFeedRepository;
  readonly candles: CandleRepository;
  readonly marketSnapshots: MarketSnapshotRepository;
  readonly symbols: SymbolRepository;
  readonly orderBooks: OrderBookRepository;
  readonly datasets: DatasetRepository;
  readonly scenarioRuns: ScenarioRunRepository;
  readonly audit: AuditRepository;
  readonly outbox: OutboxRepository;
}

export function marketDataRepositories(parts: RepositoryParts): MarketDataRepositories {
  return {
    priceFeeds: new PriceFeedRepository(parts),
    candles: new CandleRepository(parts),
    marketSnapshots: new MarketSnapshotRepository(parts),
    symbols: new SymbolRepository(parts),
    orderBooks: new OrderBookRepository(parts),
    datasets: new DatasetRepository(parts),
    scenarioRuns: new ScenarioRunRepository(parts),
    audit: new AuditRepository(parts),
    outbox: new OutboxRepository(parts),
  };
}
