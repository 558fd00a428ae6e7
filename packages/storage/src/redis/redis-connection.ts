import type { Clock } from "@tse/domain";
import { within } from "../backends/time-limit.ts";
import { StorageError } from "../errors.ts";
import type { OutcomeListener } from "../sql/wire-driver.ts";
import { type RedisClient, RedisClients } from "./redis-clients.ts";
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

/**
 * Connections to Redis that are all there or none of them. The first failure of a connection ends all of
 * them, and from then on commands fail at once instead of waiting; `ping` brings them back.
 *
 * Connecting needs no command but HELLO, which also logs in: an ACL without the dangerous commands is
 * enough.
 */
export class RedisConnection {
  readonly #url: string;
  readonly #clock: Clock;
  readonly #settings: RedisSettings;
  readonly #onOutcome: OutcomeListener;
  #clients: RedisClients | undefined;
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
    const clients = this.#clients;
    if (clients === undefined) throw new StorageError("storage_unavailable", "Redis is away");
    try {
      const result = await within(this.#clock, this.#limitMs, clients.run(work));
      this.#onOutcome(undefined);
      return result;
    } catch (cause) {
      throw this.#failed(clients, cause);
    }
  }

  /** Connects when there is no connection. @throws StorageError `storage_unavailable` */
  async ping(): Promise<void> {
    if (this.#clients === undefined) {
      this.#opening ??= this.#open().finally(() => {
        this.#opening = undefined;
      });
      await this.#opening;
    }
    await this.run((client) => client.ping());
  }

  /** Ends all connections, and with them what is under way: what a silent server may do later is not done. */
  drop(): void {
    const clients = this.#clients;
    this.#clients = undefined;
    clients?.destroy();
  }

  /** Waits for the commands under way, as long as a command may take. Safe to call twice. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#opening?.catch(ignore);
    const clients = this.#clients;
    this.#clients = undefined;
    if (clients === undefined) return;
    await within(this.#clock, this.#limitMs, clients.close()).catch(() => clients.destroy());
  }

  get #limitMs(): number {
    return this.#settings.writeTimeoutMs + this.#settings.readTimeoutMs;
  }

  async #open(): Promise<void> {
    if (this.#closed) throw new StorageError("storage_unavailable", "the connection was closed");
    for (let failed = 0; this.#clients === undefined; failed += 1) {
      try {
        this.#clients = await this.#openClients();
      } catch (cause) {
        if (failed < this.#settings.retriesMax) continue;
        const failure = redisErrorOf(cause);
        this.#onOutcome(failure);
        throw failure;
      }
    }
  }

  async #openClients(): Promise<RedisClients> {
    const clients = await RedisClients.open({
      url: this.#url,
      clientsMin: Math.max(1, this.#settings.idleMin),
      clientsMax: this.#settings.poolSize,
      dialTimeoutMs: this.#settings.dialTimeoutMs,
      onLost: (cause) => this.#failed(clients, cause),
    });
    return clients;
  }

  #failed(clients: RedisClients, cause: unknown): StorageError {
    const failure = redisErrorOf(cause);
    if (isAnswer(cause)) {
      this.#onOutcome(undefined);
    } else if (clients === this.#clients) {
      this.drop();
      this.#onOutcome(failure);
    }
    return failure;
  }
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
