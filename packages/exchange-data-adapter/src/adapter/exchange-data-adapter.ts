import {
  type BackendState,
  type CacheRepository,
  exchangePlace,
  MemoryCacheRepository,
  MemoryServiceDiscoveryRepository,
  measured,
  notConfigured,
  RedisBackend,
  type ServiceDiscoveryRepository,
  StorageError,
  type StoragePlace,
} from "@tse/storage";
import { type ExchangeRepositories, repositoriesOver } from "../exchange-repositories.ts";
import { DEFAULT_ASSETS, DEFAULT_FEE_TIERS, defaultInstruments } from "../instruments/defaults.ts";
import { findViolations, type Violations } from "../invariants/violations.ts";
import { MemoryDatabase } from "../store/memory-database.ts";
import type { Session } from "../store/rows.ts";
import { SqlSession } from "../store/sql-session.ts";
import { uuidV7 } from "../store/uuid-v7.ts";
import type { ExchangeDataAdapterConfig, ExchangeDataAdapterParts } from "./adapter-config.ts";
import { SqlBackend } from "./sql-backend.ts";

const HISTORY = 20_000;
const CACHE_TTL_MS = 300_000;
const SERVICE_TTL_MS = 90_000;

/**
 * Everything that an exchange keeps, wherever it is kept. Repositories are there from the start; they
 * answer `storage_unavailable` while their backend is away.
 */
export interface ExchangeDataAdapter extends ExchangeRepositories {
  readonly serviceDiscoveryRepository: ServiceDiscoveryRepository;
  readonly cacheRepository: CacheRepository;

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
  transaction<Result>(
    work: (repositories: ExchangeRepositories) => Promise<Result>,
  ): Promise<Result>;

  /** Runs the invariants that the database keeps as views; `undefined` where history is bounded. */
  violations(): Promise<Violations | undefined>;
}

/**
 * Opens nothing; `connect` does.
 *
 * @throws StorageError `invalid_query` for a configuration that can't be, saying what
 */
export function newExchangeDataAdapter(
  config: ExchangeDataAdapterConfig,
  parts: ExchangeDataAdapterParts,
): ExchangeDataAdapter {
  if (config === undefined) throw new StorageError("invalid_query", "a configuration is required");
  if (parts?.logger === undefined) throw new StorageError("invalid_query", "a logger is required");
  const place = exchangePlace(config.instanceName, config);
  const wiring: Wiring = {
    parts,
    sql: sqlBackend(config, place, parts),
    redis: redisBackend(config, parts),
  };
  const session =
    config.store.kind === "memory"
      ? new MemoryDatabase(config.store.history ?? HISTORY)
      : new SqlSession(() => wiring.sql!.database);
  const lifeCycle = new LifeCycle(wiring, session);
  return Object.assign(lifeCycle, lifeCycle.repositories(session), shared(config, place, wiring));
}

interface Wiring {
  readonly parts: ExchangeDataAdapterParts;
  readonly sql: SqlBackend | undefined;
  readonly redis: RedisBackend | undefined;
}

/** What an adapter does beside giving repositories. */
class LifeCycle {
  readonly #wiring: Wiring;
  readonly #session: Session;
  readonly #absent: readonly BackendState[];
  #disconnected: Promise<void> | undefined;

  constructor(wiring: Wiring, session: Session) {
    const { parts, sql, redis } = wiring;
    this.#wiring = wiring;
    this.#session = session;
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
    for (const monitor of this.#monitors) await monitor.connect();
    if (this.#wiring.sql === undefined) await this.#seed();
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
    work: (repositories: ExchangeRepositories) => Promise<Result>,
  ): Promise<Result> {
    this.#wiring.sql?.assertWritable();
    return this.#session.unit((session) => work(this.repositories(session)));
  }

  violations(): Promise<Violations | undefined> {
    return findViolations(this.#session);
  }

  repositories(session: Session): ExchangeRepositories {
    const { clock, metrics } = this.#wiring.parts;
    const made = repositoriesOver({ session, clock, newId: () => uuidV7(clock) });
    if (metrics === undefined) return made;
    const watched = Object.entries(made).map(([name, repository]) => [
      name,
      measured(name.replace("Repository", ""), repository as object, metrics),
    ]);
    return Object.fromEntries(watched) as ExchangeRepositories;
  }

  get #monitors() {
    const { sql, redis } = this.#wiring;
    return [sql?.monitor, redis?.monitor].filter((monitor) => monitor !== undefined);
  }

  /** What the first migration puts into a database. */
  async #seed(): Promise<void> {
    const { clock } = this.#wiring.parts;
    await this.transaction(async ({ instrumentRepository }) => {
      await instrumentRepository.saveAssets(DEFAULT_ASSETS);
      await instrumentRepository.saveMany(defaultInstruments(clock.now()));
      await instrumentRepository.saveFeeTiers(DEFAULT_FEE_TIERS);
    });
  }
}

function sqlBackend(
  config: ExchangeDataAdapterConfig,
  { schema }: StoragePlace,
  parts: ExchangeDataAdapterParts,
): SqlBackend | undefined {
  const { store, access = "writer" } = config;
  return store.kind === "memory" ? undefined : new SqlBackend({ store, schema, access, parts });
}

function redisBackend(
  { redis }: ExchangeDataAdapterConfig,
  { realClock, random, logger, metrics }: ExchangeDataAdapterParts,
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
  config: ExchangeDataAdapterConfig,
  place: StoragePlace,
  { parts, redis }: Wiring,
): Pick<ExchangeDataAdapter, "cacheRepository" | "serviceDiscoveryRepository"> {
  const defaultTtlMs = config.cacheTtlMs ?? CACHE_TTL_MS;
  const ttlMs = config.serviceTtlMs ?? SERVICE_TTL_MS;
  const clock = parts.realClock;
  if (redis === undefined) {
    return {
      cacheRepository: new MemoryCacheRepository({ clock, defaultTtlMs }),
      serviceDiscoveryRepository: new MemoryServiceDiscoveryRepository({ clock, ttlMs }),
    };
  }
  return {
    cacheRepository: redis.cache({
      namespace: config.cacheNamespace ?? place.namespace,
      defaultTtlMs,
    }),
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
