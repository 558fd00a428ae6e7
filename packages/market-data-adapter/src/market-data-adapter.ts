import { marketDataPlace } from "@tse/storage";
import type { DataAdapterConfig, DataAdapterParts } from "./adapter/adapter-config.ts";
import { configFromEnvironment } from "./adapter/config-from-environment.ts";
import { type DataAdapter, type Domain, newDataAdapter } from "./adapter/data-adapter.ts";
import type { Environment } from "./adapter/environment.ts";
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
    MarketDataRepositories {
  readonly retention: Retention;
}

export interface MarketDataAdapterConfig extends DataAdapterConfig {
  /** `DEFAULT_RETENTION` when absent. */
  readonly retention?: RetentionPeriods;
}

const MARKET_DATA: Domain<MarketDataRepositories> = {
  place: marketDataPlace,
  migrations: marketDataMigrations,
  repositoriesOver,
  seed: storeDefaultSymbols,
};

/**
 * Opens nothing; `connect` does.
 *
 * @throws StorageError `invalid_query` for a configuration that can't be, saying what
 */
export function newMarketDataAdapter(
  config: MarketDataAdapterConfig,
  parts: DataAdapterParts,
): MarketDataAdapter {
  const adapter = newDataAdapter(MARKET_DATA, config, parts);
  const retention = new Retention({
    repositories: adapter,
    clock: parts.clock,
    periods: config.retention ?? DEFAULT_RETENTION,
  });
  return Object.assign(adapter, { retention });
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
  return newMarketDataAdapter(configFromEnvironment(env, "market-data-simulator"), parts);
}
