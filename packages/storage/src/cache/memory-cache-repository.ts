import type { Clock, Timestamp } from "@tse/domain";
import type { CacheRepository } from "./cache-repository.ts";
import { cacheText, keyNotFound, lifetime } from "./cache-values.ts";
import { globMatcher } from "./glob.ts";

export interface MemoryCacheOptions {
  readonly clock: Clock;
  /** Of keys that are set with a time to live of 0. */
  readonly defaultTtlMs: number;
  /** The least recently used key leaves when there are more; 100,000 when absent. */
  readonly keysMax?: number;
}

interface Entry {
  readonly text: string;
  readonly expiresAt: Timestamp | undefined;
}

const KEYS_MAX = 100_000;

/** A cache that lives and dies with its process. Never fails. */
export class MemoryCacheRepository implements CacheRepository {
  readonly #clock: Clock;
  readonly #defaultTtlMs: number;
  readonly #keysMax: number;
  /** Least recently used first. */
  readonly #entries = new Map<string, Entry>();

  constructor(options: MemoryCacheOptions) {
    this.#clock = options.clock;
    this.#defaultTtlMs = options.defaultTtlMs;
    this.#keysMax = options.keysMax ?? KEYS_MAX;
  }

  async set(key: string, value: unknown, ttlMs: number): Promise<void> {
    this.#use(key, { text: cacheText(value), expiresAt: this.#end(ttlMs) });
    if (this.#entries.size > this.#keysMax)
      this.#entries.delete(this.#entries.keys().next().value!);
  }

  async get(key: string): Promise<string> {
    const entry = this.#living(key);
    if (entry === undefined) throw keyNotFound(key);
    this.#use(key, entry);
    return entry.text;
  }

  async delete(key: string): Promise<boolean> {
    const there = this.#living(key) !== undefined;
    this.#entries.delete(key);
    return there;
  }

  async exists(key: string): Promise<boolean> {
    return this.#living(key) !== undefined;
  }

  async expire(key: string, ttlMs: number): Promise<boolean> {
    const expiresAt = this.#end(ttlMs);
    const entry = this.#living(key);
    if (entry !== undefined) this.#use(key, { text: entry.text, expiresAt });
    return entry !== undefined;
  }

  async keys(pattern: string): Promise<string[]> {
    const matches = globMatcher(pattern);
    return [...this.#entries.keys()].filter(
      (key) => matches(key) && this.#living(key) !== undefined,
    );
  }

  async deleteByPattern(pattern: string): Promise<number> {
    const keys = await this.keys(pattern);
    for (const key of keys) this.#entries.delete(key);
    return keys.length;
  }

  async healthCheck(): Promise<void> {}

  /** Forgets everything. */
  clear(): void {
    this.#entries.clear();
  }

  #living(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry?.expiresAt === undefined || entry.expiresAt > this.#clock.now()) return entry;
    this.#entries.delete(key);
    return undefined;
  }

  /** Puts the key behind all others. */
  #use(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#entries.set(key, entry);
  }

  #end(ttlMs: number): Timestamp | undefined {
    const lives = lifetime(ttlMs, this.#defaultTtlMs);
    return lives === undefined ? undefined : ((this.#clock.now() + lives * 1000) as Timestamp);
  }
}
