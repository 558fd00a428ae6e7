import { type BackendState, notConfigured } from "../backends/backend-state.ts";
import { measured } from "../backends/measured.ts";
import type { CacheRepository } from "../cache/cache-repository.ts";
import { MemoryCacheRepository } from "../cache/memory-cache-repository.ts";
import { MemoryServiceDiscoveryRepository } from "../discovery/memory-service-discovery-repository.ts";
import type { ServiceDiscoveryRepository } from "../discovery/service-discovery-repository.ts";
import { StorageError } from "../errors.ts";
import type { StoragePlace } from "../names.ts";
import { RedisBackend } from "../redis/redis-backend.ts";
import { MemoryDatabase } from "../rows/memory-database.ts";
import type { RepositoryParts } from "../rows/repository.ts";
import type { Session } from "../rows/rows.ts";
import { SqlSession } from "../rows/sql-session.ts";
import { uuidV7 } from "../rows/uuid-v7.ts";
import type { Migration } from "../sql/migrations.ts";
import { MemoryTimelineRepository } from "../timelines/memory-timeline-repository.ts";
import type { TimelineRepository } from "../timelines/timeline-repository.ts";
import type { DataAdapterConfig, DataAdapterParts } from "./adapter-config.ts";
import { SqlBackend } from "./sql-backend.ts";

const HISTORY = 20_000;
const CACHE_TTL_MS = 300_000;
const SERVICE_TTL_MS = 90_000;

/** What one domain adds to an adapter. */
export interface Domain<Repositories extends object, Operations extends object> {
  /** @throws StorageError `invalid_query` for a name that no instance may have */
  readonly place: (instanceName: string, explicit: DataAdapterConfig) => StoragePlace;
  readonly migrations: () => Promise<readonly Migration[]>;
  readonly repositoriesOver: (parts: RepositoryParts) => Repositories;
  /** Puts into a store in memory what the migrations put into a database. */
  readonly seed: (parts: RepositoryParts) => Promise<void>;
  /** What the adapter does beside giving its repositories; its own, outside of units of work. */
  readonly operations: (repositories: Repositories, parts: RepositoryParts) => Operations;
}

/** What every adapter does beside giving its repositories. */
export interface DataAdapter<Repositories> {
  readonly serviceDiscoveryRepository: ServiceDiscoveryRepository;
  readonly cacheRepository: CacheRepository;
  /** In Redis; in this process where none is configured. */
  readonly timelineRepository: TimelineRepository;

  /**
   * Pings each backend (10 s), claims the schema and migrates it. A backend that can't be reached is
   * logged ("stub mode"), is `degraded`, and is tried again for ever.
   *
   * @throws StorageError `schema_in_use` when another process writes the schema, `storage_conflict` when
   *   its migrations are not ours
   */
  connect(): Promise<void>;

  /** Closes everything. Safe to call twice. @throws StorageError `internal` with all failures as its cause */
  disconnect(): Promise<void>;

  /** Pings each configured backend (5 s). @throws StorageError `storage_unavailable`, naming the first that fails */
  healthCheck(): Promise<void>;

  /** How each backend is. */
  readonly state: readonly BackendState[];

  /** @returns what ends the listening */
  onStateChange(listener: (state: BackendState) => void): () => void;

  /**
   * All of `work` or, when it throws, nothing of it; what it throws is thrown. `work` uses only the
   * repositories it is given: with the adapter's own it would wait for itself. After a statement was
   * refused the unit can only fail.
   *
   * @throws StorageError `schema_in_use` while the claim on the schema is lost
   */
  transaction<Result>(work: (repositories: Repositories) => Promise<Result>): Promise<Result>;
}

/**
 * Opens nothing; `connect` does.
 *
 * @throws StorageError `invalid_query` for a configuration that can't be, saying what
 */
export function newDataAdapter<Repositories extends object, Operations extends object>(
  domain: Domain<Repositories, Operations>,
  config: DataAdapterConfig,
  parts: DataAdapterParts,
): DataAdapter<Repositories> & Repositories & Operations {
  if (config === undefined) throw new StorageError("invalid_query", "a configuration is required");
  if (parts?.logger === undefined) throw new StorageError("invalid_query", "a logger is required");
  const place = domain.place(config.instanceName, config);
  const sql = sqlBackend(domain, config, place, parts);
  const redis = redisBackend(config, parts);
  const lifeCycle = new LifeCycle({ domain, config, parts, sql, redis });
  const repositories = lifeCycle.repositories();
  const operations = domain.operations(repositories, lifeCycle.parts());
  const common = shared(config, place, parts, redis);
  return Object.assign(lifeCycle, repositories, operations, common);
}

interface Wiring<Repositories extends object> {
  readonly domain: Domain<Repositories, object>;
  readonly config: DataAdapterConfig;
  readonly parts: DataAdapterParts;
  readonly sql: SqlBackend | undefined;
  readonly redis: RedisBackend | undefined;
}

class LifeCycle<Repositories extends object> {
  readonly #wiring: Wiring<Repositories>;
  readonly #session: Session;
  readonly #absent: readonly BackendState[];
  #seeded: Promise<void> | undefined;
  #disconnected: Promise<void> | undefined;

  constructor(wiring: Wiring<Repositories>) {
    const { config, parts, sql, redis } = wiring;
    this.#wiring = wiring;
    this.#session =
      config.store.kind === "memory"
        ? new MemoryDatabase(config.store.history ?? HISTORY)
        : new SqlSession(() => sql!.database);
    const missing = [
      sql?.monitor.state.backend === "postgres" ? [] : ["postgres"],
      redis === undefined ? ["redis"] : [],
    ].flat();
    const since = parts.realClock.now();
    this.#absent = missing.map((backend) => notConfigured(backend, since, parts.metrics));
  }

  get state(): readonly BackendState[] {
    return [...this.#monitors.map((monitor) => monitor.state), ...this.#absent];
  }

  async connect(): Promise<void> {
    const { domain, sql } = this.#wiring;
    for (const monitor of this.#monitors) await monitor.connect();
    if (sql !== undefined) return;
    this.#seeded ??= domain.seed(this.parts());
    await this.#seeded;
  }

  async healthCheck(): Promise<void> {
    for (const monitor of this.#monitors) await monitor.healthCheck();
  }

  onStateChange(listener: (state: BackendState) => void): () => void {
    const ends = this.#monitors.map((monitor) => monitor.onStateChange(listener));
    return () => {
      for (const end of ends) end();
    };
  }

  disconnect(): Promise<void> {
    const { sql, redis } = this.#wiring;
    this.#disconnected ??= closeAll([...(sql?.closings() ?? []), async () => redis?.close()]);
    return this.#disconnected;
  }

  async transaction<Result>(
    work: (repositories: Repositories) => Promise<Result>,
  ): Promise<Result> {
    this.#wiring.sql?.assertWritable();
    return this.#session.unit((session) => work(this.repositories(session)));
  }

  repositories(session = this.#session): Repositories {
    const { domain, parts } = this.#wiring;
    const made = domain.repositoriesOver(this.parts(session));
    const { metrics } = parts;
    if (metrics === undefined) return made;
    const watched = Object.entries(made).map(([name, repository]) => [
      name,
      measured(name.replace("Repository", ""), repository as object, metrics),
    ]);
    return Object.fromEntries(watched) as Repositories;
  }

  parts(session = this.#session): RepositoryParts {
    const { clock } = this.#wiring.parts;
    return { session, clock, newId: () => uuidV7(clock) };
  }

  get #monitors() {
    const { sql, redis } = this.#wiring;
    return [sql?.monitor, redis?.monitor].filter((monitor) => monitor !== undefined);
  }
}

function sqlBackend(
  { migrations }: Pick<Domain<object, object>, "migrations">,
  { store, access = "writer" }: DataAdapterConfig,
  { schema }: StoragePlace,
  parts: DataAdapterParts,
): SqlBackend | undefined {
  if (store.kind === "memory") return undefined;
  return new SqlBackend({ store, schema, access, parts, migrations });
}

function redisBackend(
  { redis }: DataAdapterConfig,
  { realClock, random, logger, metrics }: DataAdapterParts,
): RedisBackend | undefined {
  if (redis === undefined) return undefined;
  return new RedisBackend({
    ...redis,
    clock: realClock,
    random,
    logger,
    ...(metrics !== undefined && { metrics }),
  });
}

function shared(
  config: DataAdapterConfig,
  place: StoragePlace,
  { realClock: clock }: DataAdapterParts,
  redis: RedisBackend | undefined,
): Pick<
  DataAdapter<unknown>,
  "cacheRepository" | "timelineRepository" | "serviceDiscoveryRepository"
> {
  const defaultTtlMs = config.cacheTtlMs ?? CACHE_TTL_MS;
  const ttlMs = config.serviceTtlMs ?? SERVICE_TTL_MS;
  if (redis === undefined) {
    return {
      cacheRepository: new MemoryCacheRepository({ clock, defaultTtlMs }),
      timelineRepository: new MemoryTimelineRepository(),
      serviceDiscoveryRepository: new MemoryServiceDiscoveryRepository({ clock, ttlMs }),
    };
  }
  const namespace = config.cacheNamespace ?? place.namespace;
  return {
    cacheRepository: redis.cache({ namespace, defaultTtlMs }),
    timelineRepository: redis.timelines(namespace),
    serviceDiscoveryRepository: redis.discovery({
      namespace: config.discoveryNamespace ?? place.namespace,
      registryNamespace: config.registryNamespace ?? "registry",
      ttlMs,
    }),
  };
}

/** One after the other, each whatever became of those before. */
async function closeAll(closings: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const close of closings) await close().catch((failure) => failures.push(failure));
  if (failures.length === 0) return;
  const cause = new AggregateError(failures);
  throw new StorageError("internal", `${failures.length} backends could not be closed`, { cause });
}
