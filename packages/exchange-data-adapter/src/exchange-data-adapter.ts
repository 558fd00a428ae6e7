import { exchangePlace } from "@tse/storage";
import {
  configFromEnvironment,
  type DataAdapter,
  type DataAdapterConfig,
  type DataAdapterParts,
  type Domain,
  type Environment,
  newDataAdapter,
} from "@tse/storage/adapter";
import { type ExchangeRepositories, repositoriesOver } from "./exchange-repositories.ts";
import { storeDefaultInstruments } from "./instruments/defaults.ts";
import { findViolations, type Violations } from "./invariants/violations.ts";
import { exchangeMigrations } from "./migrations.ts";

/**
 * Everything that an exchange keeps, wherever it is kept. Repositories are there from the start; they
 * answer `storage_unavailable` while their backend is away.
 */
export interface ExchangeDataAdapter
  extends DataAdapter<ExchangeRepositories>,
    ExchangeRepositories,
    ExchangeOperations {}

interface ExchangeOperations {
  /** Runs the invariants that the database keeps as views; `undefined` where history is bounded. */
  violations(): Promise<Violations | undefined>;
}

const EXCHANGE: Domain<ExchangeRepositories, ExchangeOperations> = {
  place: exchangePlace,
  migrations: exchangeMigrations,
  repositoriesOver,
  seed: storeDefaultInstruments,
  operations: (_, { session }) => ({ violations: () => findViolations(session) }),
};

/**
 * Opens nothing; `connect` does.
 *
 * @throws StorageError `invalid_query` for a configuration that can't be, saying what
 */
export function newExchangeDataAdapter(
  config: DataAdapterConfig,
  parts: DataAdapterParts,
): ExchangeDataAdapter {
  return newDataAdapter(EXCHANGE, config, parts);
}

/**
 * An adapter as environment variables describe it. Opens nothing.
 *
 * @param env `SERVICE_INSTANCE_NAME`, `STORE`, `POSTGRES_URL`, `DATA_DIR`, `REDIS_URL`, …: see the README
 * @throws StorageError `invalid_query` naming the variable and the form it should have
 */
export function newExchangeDataAdapterFromEnv(
  env: Environment,
  parts: DataAdapterParts,
): ExchangeDataAdapter {
  return newExchangeDataAdapter(exchangeConfigOf(env), parts);
}

/** The configuration that environment variables describe. @throws StorageError as above */
export function exchangeConfigOf(env: Environment): DataAdapterConfig {
  return configFromEnvironment(env, {
    singleton: "exchange-simulator",
    example: "exchange-okx",
  });
}
