export { BackendMonitor, type BackendMonitorParts } from "./backends/backend-monitor.ts";
export {
  type BackendCondition,
  type BackendState,
  notConfigured,
} from "./backends/backend-state.ts";
export { measured } from "./backends/measured.ts";
export type { StorageLogger } from "./backends/storage-logger.ts";
export type { StorageMetrics } from "./backends/storage-metrics.ts";
export { giveWay } from "./background-thread.ts";
export type { CacheRepository } from "./cache/cache-repository.ts";
export { type MemoryCacheOptions, MemoryCacheRepository } from "./cache/memory-cache-repository.ts";
export {
  type MemoryServiceDiscoveryOptions,
  MemoryServiceDiscoveryRepository,
} from "./discovery/memory-service-discovery-repository.ts";
export { Registry, type RegistryParts } from "./discovery/registry.ts";
export type {
  ServiceDiscoveryRepository,
  ServiceInfo,
  ServiceRegistration,
} from "./discovery/service-discovery-repository.ts";
export { STORAGE_CODES, type StorageCode, StorageError } from "./errors.ts";
export {
  type ExplicitPlace,
  exchangePlace,
  isInstanceName,
  marketDataPlace,
  type StoragePlace,
} from "./names.ts";
export {
  type EmbeddedDirectory,
  embeddedDirectory,
  imagesFolder,
  moveAside,
  wasFlushed,
} from "./pglite/embedded-directory.ts";
export { type RemotePgliteOptions, remotePglite } from "./pglite/pglite.ts";
export { PgliteHost, type PgliteOptions } from "./pglite/pglite-host.ts";
export {
  type CachePlace,
  RedisBackend,
  type RedisBackendOptions,
  type RegistryPlace,
} from "./redis/redis-backend.ts";
export { RedisCacheRepository } from "./redis/redis-cache-repository.ts";
export {
  REDIS_DEFAULTS,
  RedisConnection,
  type RedisOptions,
  type RedisSettings,
} from "./redis/redis-connection.ts";
export { RedisServiceDiscoveryRepository } from "./redis/redis-service-discovery-repository.ts";
export { RedisTimelineRepository } from "./redis/redis-timeline-repository.ts";
export { archivedName, archiveSchema, hasSchema } from "./sql/archive-schema.ts";
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
export { acquireWriterLock, type WriterLock, type WriterLockOptions } from "./sql/writer-lock.ts";
export { MemoryTimelineRepository } from "./timelines/memory-timeline-repository.ts";
export type { TimelinePoint, TimelineRepository } from "./timelines/timeline-repository.ts";
