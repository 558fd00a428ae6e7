import type { MessagePort } from "node:worker_threads";
import {
  type ExchangeDataAdapter,
  type ExchangeDataAdapterConfig,
  newExchangeDataAdapter,
} from "@tse/exchange-data-adapter";
import { type Logger, type MetricsPort, realClock } from "@tse/service-kit";
import { seededRandom } from "@tse/simulation";
import {
  type EmbeddedDirectory,
  embeddedDirectory,
  imagesFolder,
  moveAside,
  PgliteHost,
  type PoolSettings,
} from "@tse/storage";
import type { ExchangeConfig } from "../config.ts";
import {
  InlineProjection,
  type Projection,
  type ProjectionHooks,
  ThreadProjection,
} from "../projection/projection.ts";
import type { ProjectionSettings } from "../projection/projection-messages.ts";
import type { WorldStorage } from "../recovery/world-storage.ts";

/** Where history goes. */
export type StoreKind = "memory" | "embedded" | "postgres";

export interface StoreParts {
  readonly config: ExchangeConfig;
  readonly world: WorldStorage;
  readonly logger: Logger;
  readonly metrics: MetricsPort;
}

/** The place of history: how it is opened, read, written and closed. */
export interface Store {
  readonly kind: StoreKind;
  /** For reads, once it was opened. */
  readonly adapter: ExchangeDataAdapter | undefined;
  /** A further connection to an embedded database, which has been opened; `undefined` for any other. */
  connect(): MessagePort | undefined;
  open(): Promise<void>;
  /** What writes it. */
  projection(hooks: ProjectionHooks): Projection;
  /** Makes what is stored survive a power cut, where it doesn't by itself. */
  secure(): Promise<void>;
  /** Moves the database away and begins an empty one. */
  remake(reason: string): Promise<void>;
  close(): Promise<void>;
}

const MICROSECONDS = 1_000_000;

/** Connections that the projection keeps for itself. */
const PROJECTION_POOL = { connectionsMax: 2, idleMax: 2 };

/** The store that the configuration names. */
export async function createStore(parts: StoreParts): Promise<Store> {
  const kind = kindOf(parts.config);
  if (kind === "memory") return new MemoryStore(parts);
  if (kind === "postgres") return new PostgresStore(parts);
  const { directory } = parts.world;
  const embedded =
    directory === undefined ? undefined : await embeddedDirectory(directory, parts.logger);
  return new EmbeddedStore(parts, embedded);
}

function kindOf({ store, postgresUrl }: ExchangeConfig): StoreKind {
  if (store !== "auto") return store;
  return postgresUrl === undefined ? "embedded" : "postgres";
}

class MemoryStore implements Store {
  readonly kind = "memory";
  readonly adapter: ExchangeDataAdapter;
  readonly #parts: StoreParts;

  constructor(parts: StoreParts) {
    this.#parts = parts;
    this.adapter = adapterOf(parts, { store: { kind: "memory" } });
  }

  async open(): Promise<void> {}

  connect(): undefined {}

  /** What is yet to come, and the world as it stands: the past is in the journal. */
  projection(hooks: ProjectionHooks): Projection {
    return inline(this.adapter, this.#parts, hooks);
  }

  async secure(): Promise<void> {}

  async remake(): Promise<void> {}

  close(): Promise<void> {
    return this.adapter.disconnect();
  }
}

class PostgresStore implements Store {
  readonly kind = "postgres";
  readonly #parts: StoreParts;
  readonly #url: string;
  #adapter: ExchangeDataAdapter | undefined;

  constructor(parts: StoreParts) {
    this.#parts = parts;
    this.#url = parts.config.postgresUrl ?? "";
  }

  get adapter(): ExchangeDataAdapter | undefined {
    return this.#adapter;
  }

  async open(): Promise<void> {
    const pool = poolOf(this.#parts.config);
    const isWriter = this.#parts.world.files === undefined;
    this.#adapter = adapterOf(this.#parts, {
      store: { kind: "postgres", url: this.#url, pool },
      access: isWriter ? "writer" : "reader",
    });
    if (!isWriter) connect(this.#adapter, this.#parts.logger);
  }

  connect(): undefined {}

  projection(hooks: ProjectionHooks): Projection {
    const pool = { ...poolOf(this.#parts.config), ...PROJECTION_POOL };
    const store = { kind: "postgres", url: this.#url, pool } as const;
    return projectionOf(this, store, this.#parts, hooks);
  }

  async secure(): Promise<void> {}

  async remake(): Promise<void> {}

  async close(): Promise<void> {
    await this.#adapter?.disconnect();
  }
}

class EmbeddedStore implements Store {
  readonly kind = "embedded";
  readonly #parts: StoreParts;
  /** `undefined`: in memory, as the journal is. */
  readonly #directory: EmbeddedDirectory | undefined;
  #host: PgliteHost | undefined;
  #adapter: ExchangeDataAdapter | undefined;

  constructor(parts: StoreParts, directory: EmbeddedDirectory | undefined) {
    this.#parts = parts;
    this.#directory = directory;
  }

  get adapter(): ExchangeDataAdapter | undefined {
    return this.#adapter;
  }

  open(): Promise<void> {
    return this.#openHost();
  }

  connect(): MessagePort | undefined {
    return this.#host?.connect();
  }

  projection(hooks: ProjectionHooks): Projection {
    const store = { kind: "port", port: (this.#host as PgliteHost).connect() } as const;
    return projectionOf(this, store, this.#parts, hooks);
  }

  /** A copy of all of it, whole and flushed: the working files never are. */
  async secure(): Promise<void> {
    if (this.#directory !== undefined) await this.#host?.dumpTo(this.#directory.base);
  }

  async remake(reason: string): Promise<void> {
    await this.#adapter?.disconnect();
    await this.#host?.close().catch(() => {});
    if (this.#directory !== undefined) {
      await moveAside(this.#directory.database, this.#parts.logger, reason);
    }
    await this.#openHost();
  }

  async close(): Promise<void> {
    await this.#adapter?.disconnect();
    if (this.#host === undefined) return;
    try {
      await this.#host.checkpoint();
      await this.#directory?.flushed();
    } catch (error) {
      this.#parts.logger.warn("embedded database was not flushed", { error });
    }
    await this.#host.close();
  }

  async #openHost(): Promise<void> {
    const place = this.#directory;
    await place?.opened();
    const images = imagesFolder();
    this.#host = new PgliteHost({
      ...(place !== undefined && { directory: place.database, base: place.base }),
      ...(images !== undefined && { images }),
    });
    this.#host.unref();
    const isWriter = this.#parts.world.files === undefined;
    this.#adapter = adapterOf(this.#parts, {
      store: { kind: "port", port: this.#host.connect() },
      access: isWriter ? "writer" : "reader",
    });
    if (!isWriter) connect(this.#adapter, this.#parts.logger);
  }
}

function poolOf(config: ExchangeConfig): Partial<PoolSettings> {
  return {
    connectionsMax: config.maxConnections,
    idleMax: config.maxIdleConnections,
    lifetimeSeconds: Math.ceil(config.connectionMaxLifetime / MICROSECONDS),
    idleSeconds: Math.ceil(config.connectionMaxIdleTime / MICROSECONDS),
  };
}

function adapterOf(
  { config, logger, metrics }: StoreParts,
  choice: Pick<ExchangeDataAdapterConfig, "store" | "access">,
): ExchangeDataAdapter {
  const clock = realClock();
  const { redisUrl, redisNamespace, registryNamespace, redisPoolSize, schemaName } = config;
  return newExchangeDataAdapter(
    {
      instanceName: instanceOf(config),
      ...choice,
      ...(schemaName !== undefined && { schema: schemaName }),
      ...(redisNamespace !== undefined && { namespace: redisNamespace }),
      ...(registryNamespace !== undefined && { registryNamespace }),
      ...(redisUrl !== undefined && {
        redis: { url: redisUrl, settings: { poolSize: redisPoolSize } },
      }),
      cacheTtlMs: config.cacheTtl / 1_000,
      serviceTtlMs: config.serviceTtl / 1_000,
    },
    { logger, clock, realClock: clock, random: seededRandom(config.seed).fork("storage"), metrics },
  );
}

function instanceOf({ instance, service }: ExchangeConfig): string {
  return instance ?? service;
}

/** Tries in the background; how it went shows in the adapter's state. */
function connect(adapter: ExchangeDataAdapter, logger: Logger): void {
  adapter.connect().catch((error: unknown) => logger.error("history can't be read", { error }));
}

/** In a thread of its own, where the journal is in files that such a thread can read. */
function projectionOf(
  { adapter }: Pick<Store, "adapter">,
  store: ProjectionSettings["store"],
  parts: StoreParts,
  hooks: ProjectionHooks,
): Projection {
  const { world, config } = parts;
  const { files } = world;
  if (files === undefined) return inline(adapter as ExchangeDataAdapter, parts, hooks);
  const settings: ProjectionSettings = {
    journalDirectory: files.journalDirectory,
    snapshotDirectory: files.snapshotDirectory,
    firstSequence: files.log.firstSequence,
    lastSequence: files.log.lastSequence,
    worldId: world.worldId,
    instanceName: instanceOf(config),
    schema: config.schemaName,
    seed: config.seed,
    store,
  };
  return new ThreadProjection(settings, hooks);
}

function inline(
  adapter: ExchangeDataAdapter,
  { world }: StoreParts,
  hooks: ProjectionHooks,
): Projection {
  const { log, files, worldId } = world;
  return new InlineProjection(
    {
      log,
      firstSequence: log.firstSequence,
      lastSequence: log.lastSequence,
      fromTheStart: files === undefined,
      snapshots: files?.snapshots,
      adapter,
      worldId,
    },
    hooks,
  );
}
