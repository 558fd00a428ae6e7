export type { BackendCondition, BackendState } from "./backend-state.ts";
export type { CacheRepository } from "./cache-repository.ts";
export { STORAGE_CODES, type StorageCode, StorageError } from "./errors.ts";
export type {
  ServiceDiscoveryRepository,
  ServiceInfo,
  ServiceRegistration,
} from "./service-discovery-repository.ts";
export type { SqlDatabase } from "./sql-database.ts";
