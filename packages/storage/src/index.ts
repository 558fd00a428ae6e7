export type { BackendCondition, BackendState } from "./backend-state.ts";
export type { CacheRepository } from "./cache-repository.ts";
export { STORAGE_CODES, type StorageCode, StorageError } from "./errors.ts";
export {
  type ExplicitPlace,
  exchangePlace,
  isInstanceName,
  marketDataPlace,
  type StoragePlace,
} from "./names.ts";
export { type RemotePgliteOptions, remotePglite } from "./pglite/pglite.ts";
export { PgliteHost, type PgliteOptions } from "./pglite/pglite-host.ts";
export type {
  ServiceDiscoveryRepository,
  ServiceInfo,
  ServiceRegistration,
} from "./service-discovery-repository.ts";
export {
  type MigrateOptions,
  type Migration,
  type MigrationState,
  migrate,
  migrationStatus,
  readMigrations,
} from "./sql/migrations.ts";
export {
  openPostgres,
  POOL_DEFAULTS,
  type PoolSettings,
  type PostgresOptions,
} from "./sql/postgres.ts";
export type { SchemaClaim, SqlDatabase } from "./sql/sql-database.ts";
export { violatedConstraint } from "./sql/sql-errors.ts";
export { timestampText } from "./sql/value-parsers.ts";
export type { OutcomeListener } from "./sql/wire-driver.ts";
export type { StorageMetrics } from "./storage-metrics.ts";
