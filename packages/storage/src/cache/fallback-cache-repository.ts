import type { Clock } from "@tse/domain";
import type { BackendMonitor } from "../backends/backend-monitor.ts";
import { Fallback } from "../backends/fallback.ts";
import type { CacheRepository } from "./cache-repository.ts";
import type { MemoryCacheRepository } from "./memory-cache-repository.ts";

export interface FallbackCacheParts {
  readonly remote: CacheRepository;
  readonly local: MemoryCacheRepository;
  /** Of the remote's server. */
  readonly monitor: BackendMonitor;
  /** Real time, also where the world's time is virtual. */
  readonly clock: Clock;
}

/** Keys beyond which the remote rather forgets everything than being told each. */
const STALE_MAX = 10_000;

/**
 * A remote cache that a cache in process stands in for. What was set, deleted or made to expire while the
 * remote was away is deleted there before it is asked again, and the local one starts empty the next
 * time: a value may be missing, never out of date.
 */
export class FallbackCacheRepository implements CacheRepository {
  readonly #remote: CacheRepository;
  readonly #local: MemoryCacheRepository;
  readonly #fallback: Fallback;
  /** What the remote may have out of date. */
  readonly #staleKeys = new Set<string>();
  readonly #stalePatterns = new Set<string>();

  constructor({ remote, local, monitor, clock }: FallbackCacheParts) {
    this.#remote = remote;
    this.#local = local;
    this.#fallback = new Fallback({
      monitor,
      clock,
      catchUp: (caughtUp) => this.#catchUp(caughtUp),
    });
  }

  set(key: string, value: unknown, ttlMs: number): Promise<void> {
    return this.#changeKey(key, (cache) => cache.set(key, value, ttlMs));
  }

  get(key: string): Promise<string> {
    return this.#ask((cache) => cache.get(key));
  }

  delete(key: string): Promise<boolean> {
    return this.#changeKey(key, (cache) => cache.delete(key));
  }

  exists(key: string): Promise<boolean> {
    return this.#ask((cache) => cache.exists(key));
  }

  expire(key: string, ttlMs: number): Promise<boolean> {
    return this.#changeKey(key, (cache) => cache.expire(key, ttlMs));
  }

  keys(pattern: string): Promise<string[]> {
    return this.#ask((cache) => cache.keys(pattern));
  }

  deleteByPattern(pattern: string): Promise<number> {
    return this.#ask(
      (cache) => cache.deleteByPattern(pattern),
      () => this.#stalePatterns.add(pattern),
    );
  }

  /** Of the remote: that it is stood in for makes it no healthier. */
  healthCheck(): Promise<void> {
    return this.#remote.healthCheck();
  }

  #changeKey<Result>(
    key: string,
    ask: (cache: CacheRepository) => Promise<Result>,
  ): Promise<Result> {
    return this.#ask(ask, () => {
      this.#staleKeys.add(key);
      if (this.#staleKeys.size <= STALE_MAX) return;
      this.#staleKeys.clear();
      this.#stalePatterns.add("*");
    });
  }

  #ask<Result>(
    ask: (cache: CacheRepository) => Promise<Result>,
    beforeLocal: () => void = nothing,
  ): Promise<Result> {
    return this.#fallback.choose(
      () => ask(this.#remote),
      () => {
        beforeLocal();
        return ask(this.#local);
      },
    );
  }

  /** What changes meanwhile is forgotten too. */
  async #catchUp(caughtUp: () => void): Promise<void> {
    while (this.#stalePatterns.size + this.#staleKeys.size > 0) {
      for (const pattern of this.#stalePatterns) {
        await this.#remote.deleteByPattern(pattern);
        this.#stalePatterns.delete(pattern);
      }
      for (const key of this.#staleKeys) {
        await this.#remote.delete(key);
        this.#staleKeys.delete(key);
      }
    }
    caughtUp();
    this.#local.clear();
  }
}

function nothing(): void {}
