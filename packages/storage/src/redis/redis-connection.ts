import type { Clock } from "@tse/domain";
import { createClientPool } from "redis";
import { within } from "../backends/time-limit.ts";
import { StorageError } from "../errors.ts";
import type { OutcomeListener } from "../sql/wire-driver.ts";
import { isAnswer, redisErrorOf } from "./redis-errors.ts";

export interface RedisSettings {
  readonly poolSize: number;
  /** Connections that are kept open without work. */
  readonly idleMin: number;
  /** Attempts to connect that follow a failed one at once; what comes later is the monitor's. */
  readonly retriesMax: number;
  readonly dialTimeoutMs: number;
  /** A command has this long for its answer, after as long as `writeTimeoutMs` for its way out. */
  readonly readTimeoutMs: number;
  readonly writeTimeoutMs: number;
}

export const REDIS_DEFAULTS: RedisSettings = {
  poolSize: 10,
  idleMin: 2,
  retriesMax: 3,
  dialTimeoutMs: 5_000,
  readTimeoutMs: 3_000,
  writeTimeoutMs: 3_000,
};

export interface RedisOptions {
  /** `redis://user:password@host:port/database`, or `rediss://` with TLS. */
  readonly url: string;
  /** Real time, also where the world's time is virtual. */
  readonly clock: Clock;
  readonly settings?: Partial<RedisSettings>;
  readonly onOutcome?: OutcomeListener;
}

type RedisPool = ReturnType<typeof createPool>;

/** A connection of the pool, for one piece of work. */
export type RedisClient = Parameters<Parameters<RedisPool["execute"]>[0]>[0];

/**
 * A pool of connections to Redis that is whole or gone. The first failure of a connection ends all of
 * them, and from then on commands fail at once instead of waiting; `ping` brings the pool back.
 *
 * Connecting needs no command but HELLO, which also logs in: an ACL without the dangerous commands is
 * enough.
 */
export class RedisConnection {
  readonly #url: string;
  readonly #clock: Clock;
  readonly #settings: RedisSettings;
  readonly #onOutcome: OutcomeListener;
  #pool: RedisPool | undefined;
  #opening: Promise<void> | undefined;
  #closed = false;

  /**
   * Opens nothing.
   *
   * @throws StorageError `invalid_query` for an address that isn't one
   */
  constructor(options: RedisOptions) {
    requireRedisUrl(options.url);
    this.#url = options.url;
    this.#clock = options.clock;
    this.#settings = { ...REDIS_DEFAULTS, ...options.settings };
    this.#onOutcome = options.onOutcome ?? ignore;
  }

  /** @throws StorageError; `storage_unavailable` at once while there is no connection */
  async run<Result>(work: (client: RedisClient) => Promise<Result>): Promise<Result> {
    const pool = this.#pool;
    if (pool === undefined) throw new StorageError("storage_unavailable", "Redis is away");
    try {
      const { readTimeoutMs, writeTimeoutMs } = this.#settings;
      const result = await within(
        this.#clock,
        writeTimeoutMs + readTimeoutMs,
        pool.execute((client) => work(client)),
      );
      this.#onOutcome(undefined);
      return result;
    } catch (cause) {
      throw this.#failed(pool, cause);
    }
  }

  /** Connects when there is no connection. @throws StorageError `storage_unavailable` */
  async ping(): Promise<void> {
    if (this.#pool === undefined) {
      this.#opening ??= this.#open().finally(() => {
        this.#opening = undefined;
      });
      await this.#opening;
    }
    await this.run((client) => client.ping());
  }

  /** Ends all connections, and with them what is under way: what a silent server may do later is not done. */
  drop(): void {
    const pool = this.#pool;
    this.#pool = undefined;
    pool?.destroy();
  }

  /** Waits for the commands under way. Safe to call twice. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#opening?.catch(ignore);
    const pool = this.#pool;
    this.#pool = undefined;
    await pool?.close();
  }

  async #open(): Promise<void> {
    if (this.#closed) throw new StorageError("storage_unavailable", "the connection was closed");
    for (let failed = 0; this.#pool === undefined; failed += 1) {
      const pool = createPool(this.#url, this.#settings);
      // Heard, or it would end the process; a connection that is lost while idle ends the pool too.
      pool.on("error", (cause) => this.#failed(pool, cause));
      try {
        await pool.connect();
        this.#pool = pool;
      } catch (cause) {
        if (failed < this.#settings.retriesMax) continue;
        const failure = redisErrorOf(cause);
        this.#onOutcome(failure);
        throw failure;
      }
    }
  }

  #failed(pool: RedisPool, cause: unknown): StorageError {
    const failure = redisErrorOf(cause);
    if (isAnswer(cause)) {
      this.#onOutcome(undefined);
    } else if (pool === this.#pool) {
      this.drop();
      this.#onOutcome(failure);
    }
    return failure;
  }
}

function createPool(url: string, settings: RedisSettings) {
  return createClientPool(
    {
      url,
      disableOfflineQueue: true,
      // Both would send commands that an ACL may refuse.
      disableClientInfo: true,
      maintNotifications: "disabled",
      socket: { connectTimeout: settings.dialTimeoutMs, reconnectStrategy: false },
    },
    {
      minimum: settings.idleMin,
      maximum: settings.poolSize,
      acquireTimeout: settings.dialTimeoutMs,
    },
  );
}

function requireRedisUrl(text: string): void {
  const url = URL.parse(text);
  if (url !== null && /^rediss?:$/.test(url.protocol) && url.hostname !== "") return;
  // Without the text: it may hold a password.
  throw new StorageError(
    "invalid_query",
    "the address of Redis must look like redis://user:password@host:port",
  );
}

function ignore(): void {}
