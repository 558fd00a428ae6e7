import type { Clock, Random } from "@tse/domain";
import { BackendMonitor } from "../backends/backend-monitor.ts";
import type { StorageLogger } from "../backends/storage-logger.ts";
import type { StorageMetrics } from "../backends/storage-metrics.ts";
import type { CacheRepository } from "../cache/cache-repository.ts";
import { FallbackCacheRepository } from "../cache/fallback-cache-repository.ts";
import { MemoryCacheRepository } from "../cache/memory-cache-repository.ts";
import { FallbackServiceDiscoveryRepository } from "../discovery/fallback-service-discovery-repository.ts";
import { MemoryServiceDiscoveryRepository } from "../discovery/memory-service-discovery-repository.ts";
import type { ServiceDiscoveryRepository } from "../discovery/service-discovery-repository.ts";
import type { TimelineRepository } from "../timelines/timeline-repository.ts";
import { RedisCacheRepository } from "./redis-cache-repository.ts";
import { RedisConnection, type RedisSettings } from "./redis-connection.ts";
import { RedisServiceDiscoveryRepository } from "./redis-service-discovery-repository.ts";
import { RedisTimelineRepository } from "./redis-timeline-repository.ts";

export interface RedisBackendOptions {
  /** `redis://user:password@host:port/database`, or `rediss://` with TLS. */
  readonly url: string;
  readonly settings?: Partial<RedisSettings>;
  /** Real time, also where the world's time is virtual. */
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: StorageLogger;
  readonly metrics?: StorageMetrics;
}

export interface CachePlace {
  /** What every key starts with, without the last colon. */
  readonly namespace: string;
  /** Of keys that are set with a time to live of 0. */
  readonly defaultTtlMs: number;
}

export interface RegistryPlace {
  /** Where the owner keeps its own copy. */
  readonly namespace: string;
  /** Where every service looks; the same for all of them. */
  readonly registryNamespace: string;
  /** How long a service is known after its last sign of life. */
  readonly ttlMs: number;
}

/** A Redis server and what is kept there, each with what stands in for it in process. */
export class RedisBackend {
  readonly monitor: BackendMonitor;
  readonly #connection: RedisConnection;
  readonly #clock: Clock;

  /**
   * Opens nothing; `monitor.connect()` does.
   *
   * @throws StorageError `invalid_query` for an address that isn't one
   */
  constructor({ url, settings, clock, random, logger, metrics }: RedisBackendOptions) {
    const connection = new RedisConnection({
      url,
      clock,
      onOutcome: (failure) => this.monitor.report(failure),
      ...(settings === undefined ? {} : { settings }),
    });
    this.#connection = connection;
    this.#clock = clock;
    this.monitor = new BackendMonitor({
      backend: "redis",
      ping: () => connection.ping(),
      clock,
      random,
      logger,
      ...(metrics === undefined ? {} : { metrics }),
    });
    this.monitor.onStateChange(({ condition }) => {
      if (condition === "degraded") connection.drop();
    });
  }

  cache(place: CachePlace): CacheRepository {
    const clock = this.#clock;
    const remote = new RedisCacheRepository(this.#connection, place);
    const local = new MemoryCacheRepository({ clock, defaultTtlMs: place.defaultTtlMs });
    return new FallbackCacheRepository({ remote, local, monitor: this.monitor, clock });
  }

  discovery(place: RegistryPlace): ServiceDiscoveryRepository {
    const clock = this.#clock;
    const remote = new RedisServiceDiscoveryRepository(this.#connection, { ...place, clock });
    const local = new MemoryServiceDiscoveryRepository({ clock, ttlMs: place.ttlMs });
    return new FallbackServiceDiscoveryRepository({ remote, local, monitor: this.monitor, clock });
  }

  /** Nothing stands in for these: who writes them keeps what he wrote. @param namespace as of a cache */
  timelines(namespace: string): TimelineRepository {
    return new RedisTimelineRepository(this.#connection, namespace);
  }

  async close(): Promise<void> {
    this.monitor.close();
    await this.#connection.close();
  }
}
