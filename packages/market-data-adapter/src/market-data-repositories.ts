import { AuditRepository, OutboxRepository } from "@tse/storage/adapter";
import type { RepositoryParts } from "@tse/storage/rows";
import { CandleRepository } from "./candles/candle-repository.ts";
import { DatasetRepository } from "./datasets/dataset-repository.ts";
import { MarketSnapshotRepository } from "./market-snapshots/market-snapshot-repository.ts";
import { OrderBookRepository } from "./order-books/order-book-repository.ts";
import { PriceFeedRepository } from "./price-feeds/price-feed-repository.ts";
import { ScenarioRunRepository } from "./scenario-runs/scenario-run-repository.ts";
import { SymbolRepository } from "./symbols/symbol-repository.ts";

/** Everything that market data keeps. */
export interface MarketDataRepositories {
  readonly priceFeedRepository: PriceFeedRepository;
  readonly candleRepository: CandleRepository;
  readonly marketSnapshotRepository: MarketSnapshotRepository;
  readonly symbolRepository: SymbolRepository;
  readonly orderBookRepository: OrderBookRepository;
  readonly datasetRepository: DatasetRepository;
  readonly scenarioRunRepository: ScenarioRunRepository;
  readonly auditRepository: AuditRepository;
  readonly outboxRepository: OutboxRepository;
}

/** The repositories over one session: single statements, or one unit of work. */
export function repositoriesOver(parts: RepositoryParts): MarketDataRepositories {
  return {
    priceFeedRepository: new PriceFeedRepository(parts),
    candleRepository: new CandleRepository(parts),
    marketSnapshotRepository: new MarketSnapshotRepository(parts),
    symbolRepository: new SymbolRepository(parts),
    orderBookRepository: new OrderBookRepository(parts),
    datasetRepository: new DatasetRepository(parts),
    scenarioRunRepository: new ScenarioRunRepository(parts),
    auditRepository: new AuditRepository(parts),
    outboxRepository: new OutboxRepository(parts),
  };
}
