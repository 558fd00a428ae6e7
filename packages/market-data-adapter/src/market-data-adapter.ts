import { marketDataPlace } from "@tse/storage";
import {
  configFromEnvironment,
  type DataAdapter,
  type DataAdapterConfig,
  type DataAdapterParts,
  type Domain,
  type Environment,
  newDataAdapter,
} from "@tse/storage/adapter";
import { type MarketDataRepositories, repositoriesOver } from "./market-data-repositories.ts";
import { marketDataMigrations } from "./migrations.ts";
import { DEFAULT_RETENTION, Retention, type RetentionPeriods } from "./retention.ts";
import { storeDefaultSymbols } from "./symbols/default-symbols.ts";

/**
 * Everything that market data keeps, wherever it is kept. Repositories are there from the start; they
 * answer `storage_unavailable` while their backend is away.
 */
export interface MarketDataAdapter
  extends DataAdapter<MarketDataRepositories>,
    MarketDataRepositories,
    MarketDataOperations {}

interface MarketDataOperations {
  readonly retention: Retention;
}

export interface MarketDataAdapterConfig extends DataAdapterConfig {
  /** `DEFAULT_RETENTION` when absent. */
  readonly retention?: RetentionPeriods;
}

const NAMES = { singleton: "market-data-simulator", example: "market-data-coinmetrics" };

/**
 * Opens nothing; `connect` does.
 *
 * @throws StorageError `invalid_query` for a configuration that can't be, saying what
 */
export function newMarketDataAdapter(
  config: MarketDataAdapterConfig,
  parts: DataAdapterParts,
): MarketDataAdapter {
  return newDataAdapter(marketData(config?.retention ?? DEFAULT_RETENTION), config, parts);
}

function marketData(
  periods: RetentionPeriods,
): Domain<MarketDataRepositories, MarketDataOperations> {
  return {
    place: marketDataPlace,
    migrations: marketDataMigrations,
    repositoriesOver,
    seed: storeDefaultSymbols,
    operations: (repositories, { clock }) => ({
      retention: new Retention({ repositories, clock, periods }),
    }),
  };
}

/**
 * An adapter as environment variables describe it. Opens nothing.
 *
 * @param env `SERVICE_INSTANCE_NAME`, `STORE`, `POSTGRES_URL`, `DATA_DIR`, `REDIS_URL`, …: see the README
 * @throws StorageError `invalid_query` naming the variable and the form it should have
 */
export function newMarketDataAdapterFromEnv(
  env: Environment,
  parts: DataAdapterParts,
): MarketDataAdapter {
  return newMarketDataAdapter(configFromEnvironment(env, NAMES), parts);
}
