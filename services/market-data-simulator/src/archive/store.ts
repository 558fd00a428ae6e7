import { join } from "node:path";
import type { MessagePort } from "node:worker_threads";
import type { Clock } from "@tse/domain";
import { type DirectoryLock, lockDirectory } from "@tse/journal";
import {
  type MarketDataAdapter,
  newMarketDataAdapter,
  type StoreConfig,
} from "@tse/market-data-adapter";
import { type Logger, realClock } from "@tse/service-kit";
import { seededRandom } from "@tse/simulation";
import {
  type EmbeddedDirectory,
  embeddedDirectory,
  imagesFolder,
  PgliteHost,
  type StorageMetrics,
} from "@tse/storage";
import { instanceOf, type MarketDataConfig } from "../config.ts";
import { type FeedRecorder, FileFeedRecorder, MemoryFeedRecorder } from "../feed/feed-record.ts";
import { type DatasetShelf, FileDatasetShelf, MemoryDatasetShelf } from "../modes/dataset-shelf.ts";

export interface StoreParts {
  readonly config: MarketDataConfig;
  readonly clock: Pick<Clock, "now">;
  readonly logger: Logger;
  readonly metrics: StorageMetrics;
  /** A connection to the embedded database of the world that it is part of. */
  readonly database?: MessagePort;
}

/** Where one market keeps what it has to: its path, and its history. */
export interface MarketStore {
  readonly kind: "memory" | "embedded" | "postgres";
  readonly recorder: FeedRecorder;
  /** What the path depends on besides its record. */
  readonly datasets: DatasetShelf;
  readonly adapter: MarketDataAdapter;
  /** `undefined` for a market that ends with its process. */
  readonly directory: string | undefined;
  /** Lets go of everything. The adapter is disconnected here. */
  close(): Promise<void>;
}

const MICROSECONDS = 1_000_000;

/** Where the market of a configuration is kept. */
export function dataDirOf(config: MarketDataConfig): string {
  return config.dataDir ?? join(".tse", instanceOf(config));
}

/** Opens nothing but the directory. @throws DirectoryInUse */
export async function openStore(
  parts: Omit<StoreParts, "clock">,
  clock: Pick<Clock, "now">,
): Promise<MarketStore> {
  const { config, logger } = parts;
  const isKept = config.journal === "file";
  const directory = isKept ? dataDirOf(config) : undefined;
  const lock = directory === undefined ? undefined : lockDirectory(directory);
  try {
    const kind = kindOf(config);
    const given = parts.database && ({ kind: "port", port: parts.database } as const);
    const isOwn = kind === "embedded" && given === undefined;
    const database = isOwn ? await openEmbedded(directory, logger) : undefined;
    const place = kind === "embedded" ? (database?.store ?? given) : configOf(config, kind);
    const adapter = adapterOf({ ...parts, clock }, place ?? { kind: "memory" });
    return {
      kind,
      directory,
      adapter,
      recorder:
        directory === undefined ? new MemoryFeedRecorder() : new FileFeedRecorder(directory),
      datasets:
        directory === undefined ? new MemoryDatasetShelf() : new FileDatasetShelf(directory),
      close: () => close(adapter, database, lock, logger),
    };
  } catch (error) {
    lock?.release();
    throw error;
  }
}

function kindOf({ store, postgresUrl }: MarketDataConfig): MarketStore["kind"] {
  if (store !== "auto") return store;
  return postgresUrl === undefined ? "embedded" : "postgres";
}

function configOf(config: MarketDataConfig, kind: MarketStore["kind"]): StoreConfig {
  if (kind !== "postgres") return { kind: "memory" };
  return {
    kind,
    url: config.postgresUrl ?? "",
    pool: {
      connectionsMax: config.maxConnections,
      idleMax: config.maxIdleConnections,
      lifetimeSeconds: Math.ceil(config.connectionMaxLifetime / MICROSECONDS),
      idleSeconds: Math.ceil(config.connectionMaxIdleTime / MICROSECONDS),
    },
  };
}

interface EmbeddedDatabase {
  readonly host: PgliteHost;
  readonly place: EmbeddedDirectory | undefined;
  readonly store: StoreConfig;
}

async function openEmbedded(
  directory: string | undefined,
  logger: Logger,
): Promise<EmbeddedDatabase> {
  const place = directory === undefined ? undefined : await embeddedDirectory(directory, logger);
  await place?.opened();
  const images = imagesFolder();
  const host = new PgliteHost({
    ...(place !== undefined && { directory: place.database, base: place.base }),
    ...(images !== undefined && { images }),
  });
  host.unref();
  return { host, place, store: { kind: "port", port: host.connect() } };
}

function adapterOf(parts: StoreParts, store: StoreConfig): MarketDataAdapter {
  const { config, clock, logger, metrics } = parts;
  const { redisUrl, redisNamespace, registryNamespace, redisPoolSize, schemaName } = config;
  const random = seededRandom(config.seed).fork("storage");
  return newMarketDataAdapter(
    {
      instanceName: instanceOf(config),
      store,
      ...(schemaName !== undefined && { schema: schemaName }),
      ...(redisNamespace !== undefined && { namespace: redisNamespace }),
      ...(registryNamespace !== undefined && { registryNamespace }),
      ...(redisUrl !== undefined && {
        redis: { url: redisUrl, settings: { poolSize: redisPoolSize } },
      }),
      cacheTtlMs: config.cacheTtl / 1_000,
      serviceTtlMs: config.serviceTtl / 1_000,
    },
    { logger, clock, realClock: realClock(), random, metrics },
  );
}

async function close(
  adapter: MarketDataAdapter,
  database: EmbeddedDatabase | undefined,
  lock: DirectoryLock | undefined,
  logger: Logger,
): Promise<void> {
  try {
    await adapter.disconnect();
    await closeEmbedded(database, logger);
  } finally {
    lock?.release();
  }
}

async function closeEmbedded(
  database: EmbeddedDatabase | undefined,
  logger: Logger,
): Promise<void> {
  if (database === undefined) return;
  try {
    await database.host.checkpoint();
    await database.place?.flushed();
  } catch (error) {
    logger.warn("embedded database was not flushed", { error });
  }
  await database.host.close();
}
