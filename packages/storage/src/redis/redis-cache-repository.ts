import type { CacheRepository } from "../cache/cache-repository.ts";
import { cacheText, keyNotFound, lifetime } from "../cache/cache-values.ts";
import { escapeGlob } from "../cache/glob.ts";
import type { RedisConnection } from "./redis-connection.ts";

export interface RedisCacheOptions {
  /** What every key starts with, without the colon. */
  readonly namespace: string;
  /** Of keys that are set with a time to live of 0. */
  readonly defaultTtlMs: number;
}

/** How many keys the server looks at for one answer of a scan. */
const SCAN_COUNT = 500;

/** A cache that all processes share. Other writers of the namespace are seen, and see what is written. */
export class RedisCacheRepository implements CacheRepository {
  readonly #connection: RedisConnection;
  readonly #prefix: string;
  readonly #defaultTtlMs: number;

  constructor(connection: RedisConnection, { namespace, defaultTtlMs }: RedisCacheOptions) {
    this.#connection = connection;
    this.#prefix = `${namespace}:`;
    this.#defaultTtlMs = defaultTtlMs;
  }

  async set(key: string, value: unknown, ttlMs: number): Promise<void> {
    const text = cacheText(value);
    const lives = lifetime(ttlMs, this.#defaultTtlMs);
    const options =
      lives === undefined ? {} : { expiration: { type: "PX", value: lives } as const };
    await this.#connection.run((client) => client.set(this.#stored(key), text, options));
  }

  async get(key: string): Promise<string> {
    const text = await this.#connection.run((client) => client.get(this.#stored(key)));
    if (text === null) throw keyNotFound(key);
    return text;
  }

  async delete(key: string): Promise<boolean> {
    return (await this.#connection.run((client) => client.del(this.#stored(key)))) > 0;
  }

  async exists(key: string): Promise<boolean> {
    return (await this.#connection.run((client) => client.exists(this.#stored(key)))) > 0;
  }

  async expire(key: string, ttlMs: number): Promise<boolean> {
    const stored = this.#stored(key);
    const lives = lifetime(ttlMs, this.#defaultTtlMs);
    if (lives !== undefined) {
      return (await this.#connection.run((client) => client.pExpire(stored, lives))) > 0;
    }
    // PERSIST tells whether there was an end to remove, not whether there is such a key.
    const [, there] = await this.#connection.run((client) =>
      client.multi().persist(stored).exists(stored).execTyped(),
    );
    return there > 0;
  }

  async keys(pattern: string): Promise<string[]> {
    const found = new Set<string>();
    for await (const page of this.#scan(pattern)) {
      for (const key of page) found.add(key.slice(this.#prefix.length));
    }
    return [...found];
  }

  async deleteByPattern(pattern: string): Promise<number> {
    let deleted = 0;
    for await (const page of this.#scan(pattern)) {
      if (page.length > 0) deleted += await this.#connection.run((client) => client.del(page));
    }
    return deleted;
  }

  healthCheck(): Promise<void> {
    return this.#connection.ping();
  }

  /** Pages of stored keys; a key may come twice, and one that came meanwhile may be missed. */
  async *#scan(pattern: string): AsyncGenerator<string[]> {
    const options = { MATCH: escapeGlob(this.#prefix) + pattern, COUNT: SCAN_COUNT };
    let cursor = "0";
    do {
      const page = await this.#connection.run((client) => client.scan(cursor, options));
      yield page.keys;
      cursor = page.cursor;
    } while (cursor !== "0");
  }

  #stored(key: string): string {
    return this.#prefix + key;
  }
}
