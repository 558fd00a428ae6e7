import type { MessagePort } from "node:worker_threads";
import type { Clock, Random } from "@tse/domain";
import type { StorageLogger } from "../backends/storage-logger.ts";
import type { StorageMetrics } from "../backends/storage-metrics.ts";
import type { RedisSettings } from "../redis/redis-connection.ts";
import type { PoolSettings } from "../sql/postgres.ts";
import type { SqlDatabase } from "../sql/sql-database.ts";

/** Where rows are kept. */
export type StoreConfig =
  /** A server. */
  | {
      readonly kind: "postgres";
      readonly url: string;
      readonly pool?: Partial<PoolSettings>;
    }
  /**
   * A directory of this process, or its memory when there is none; `connect` starts the database in a
   * thread. The caller holds a lock on the directory: PGlite does not notice a second process.
   */
  | { readonly kind: "embedded"; readonly directory?: string; readonly images?: string }
  /** A port of the `PgliteHost` that another thread runs. */
  | { readonly kind: "port"; readonly port: MessagePort }
  /** A database that is open already; `disconnect` closes it. */
  | { readonly kind: "database"; readonly database: SqlDatabase<unknown> }
  /** This process's memory. */
  | {
      readonly kind: "memory";
      /** Finished rows of each table that are kept, the newest; 20,000 when absent. */
      readonly history?: number;
    };

export interface DataAdapterConfig {
  /** Lower case, safe in DNS. Schema and namespaces follow from it: `exchange-okx` has `exchange_okx`. */
  readonly instanceName: string;
  readonly store: StoreConfig;
  /** A `reader` neither migrates nor claims the schema; `writer` when absent. */
  readonly access?: "writer" | "reader";
  /** Instead of what follows from the name. */
  readonly schema?: string;
  readonly namespace?: string;
  /** Cache and registry are in process when absent. */
  readonly redis?: { readonly url: string; readonly settings?: Partial<RedisSettings> };
  /** Of keys that are set with a time to live of 0; 300,000 when absent. */
  readonly cacheTtlMs?: number;
  readonly cacheNamespace?: string;
  /** How long a service is known after its last sign of life; 90,000 when absent. */
  readonly serviceTtlMs?: number;
  readonly discoveryNamespace?: string;
  /** `registry` when absent: the same for all services. */
  readonly registryNamespace?: string;
}

export interface DataAdapterParts {
  readonly logger: StorageLogger;
  /** Stamps rows. */
  readonly clock: Pick<Clock, "now">;
  /** Real time, for limits and retries; also where the world's time is virtual. */
  readonly realClock: Clock;
  /** Spreads retries. */
  readonly random: Random;
  readonly metrics?: StorageMetrics;
}
