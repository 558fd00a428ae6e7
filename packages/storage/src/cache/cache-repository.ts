/**
 * A namespaced cache with expiry. Values: text and bytes are kept as they are, everything else as JSON.
 * Two implementations, one contract: Redis, and in-process (bounded; least recently used leave first).
 */
export interface CacheRepository {
  /** @param ttlMs 0 uses the configured default, -1 means that it never expires */
  set(key: string, value: unknown, ttlMs: number): Promise<void>;

  /** @throws StorageError `not_found`, "key not found: <key>" */
  get(key: string): Promise<string>;

  /** @returns whether there was one */
  delete(key: string): Promise<boolean>;

  exists(key: string): Promise<boolean>;

  /** @returns whether there is such a key */
  expire(key: string, ttlMs: number): Promise<boolean>;

  /** Keys that match a glob pattern, without the namespace, in no order. Scans; never blocks the server. */
  keys(pattern: string): Promise<string[]>;

  /** @returns how many were deleted */
  deleteByPattern(pattern: string): Promise<number>;

  /** @throws StorageError `storage_unavailable` */
  healthCheck(): Promise<void>;
}
