import pg from "pg";
import type { StorageMetrics } from "../backends/storage-metrics.ts";
import { StorageError } from "../errors.ts";
import { requireSchemaName } from "../names.ts";
import { claimSchema } from "./schema-claim.ts";
import type { SqlDatabase } from "./sql-database.ts";
import { valueParsers } from "./value-parsers.ts";
import { WireDatabase } from "./wire-database.ts";
import type { OutcomeListener } from "./wire-driver.ts";

export interface PoolSettings {
  readonly connectionsMax: number;
  /** Connections beyond this many are closed as soon as they are free and nobody waits for one. */
  readonly idleMax: number;
  readonly lifetimeSeconds: number;
  readonly idleSeconds: number;
  /** How long a statement waits for a connection, new or free. */
  readonly acquireTimeoutMs: number;
  /** How long a statement waits for its answer: what frees those that a silent network took. */
  readonly statementTimeoutMs: number;
}

export const POOL_DEFAULTS: PoolSettings = {
  connectionsMax: 25,
  idleMax: 10,
  lifetimeSeconds: 300,
  idleSeconds: 60,
  acquireTimeoutMs: 10_000,
  statementTimeoutMs: 60_000,
};

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  readonly schema: string;
  /** What the server's administrator sees in `pg_stat_activity`. */
  readonly applicationName?: string;
  readonly pool?: Partial<PoolSettings>;
  readonly metrics?: StorageMetrics;
  readonly onOutcome?: OutcomeListener;
}

/**
 * One schema of a PostgreSQL server, 15 or later. Opens nothing: connections are made when they are
 * needed, so a server that is away now may come later.
 *
 * @throws StorageError `invalid_query` for an address that isn't one
 */
export function openPostgres<Tables>(options: PostgresOptions): SqlDatabase<Tables> {
  const settings = { ...POOL_DEFAULTS, ...options.pool };
  const schema = requireSchemaName(options.schema);
  const connection = connectionConfig({ ...options, schema });
  const pool = new pg.Pool({
    ...connection,
    max: settings.connectionsMax,
    maxLifetimeSeconds: settings.lifetimeSeconds,
    idleTimeoutMillis: settings.idleSeconds * 1000,
    connectionTimeoutMillis: settings.acquireTimeoutMs,
    query_timeout: settings.statementTimeoutMs,
  });
  if (options.metrics !== undefined) countConnections(pool, options.metrics);
  return new WireDatabase<Tables>({
    kind: "postgres",
    schema,
    pool,
    idleMax: settings.idleMax,
    onOutcome: options.onOutcome ?? ignore,
    claim: (onLost) => claimSchema({ connection, schema, onLost }),
    closeRest: async () => {},
  });
}

/** Settings go with the start of each session, so that nothing a statement does can lose them. */
function connectionConfig(options: PostgresOptions): pg.ClientConfig {
  const url = parseUrl(options.url);
  const settings = [
    url.searchParams.get("options"),
    `-c search_path=${options.schema}`,
    "-c TimeZone=UTC",
    "-c DateStyle=ISO",
    "-c bytea_output=hex",
  ];
  url.searchParams.set("options", settings.filter((setting) => setting !== null).join(" "));
  return {
    connectionString: url.href,
    types: valueParsers,
    keepAlive: true,
    fallback_application_name: options.applicationName ?? "tse",
    connectionTimeoutMillis: options.pool?.acquireTimeoutMs ?? POOL_DEFAULTS.acquireTimeoutMs,
  };
}

function parseUrl(text: string): URL {
  const url = URL.parse(text);
  if (url !== null && /^postgres(ql)?:$/.test(url.protocol)) return url;
  // Without the text: it may hold a password.
  throw new StorageError(
    "invalid_query",
    "the address of PostgreSQL must look like postgres://user:password@host:port/database",
  );
}

function countConnections(pool: pg.Pool, metrics: StorageMetrics): void {
  const count = () => {
    const { idleCount: idle, totalCount, waitingCount: waiting } = pool;
    for (const [state, value] of Object.entries({ active: totalCount - idle, idle, waiting })) {
      metrics.setGauge("data_adapter_pool_connections", value, { state });
    }
  };
  // A connection is counted as idle only after the event that tells of its release.
  pool
    .on("acquire", count)
    .on("remove", count)
    .on("release", () => setImmediate(count));
}

function ignore(): void {}
