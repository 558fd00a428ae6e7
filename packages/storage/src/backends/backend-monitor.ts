import type { Clock, Random, Timer } from "@tse/domain";
import { StorageError } from "../errors.ts";
import { type BackendCondition, type BackendState, showState } from "./backend-state.ts";
import { backoff } from "./backoff.ts";
import type { StorageLogger } from "./storage-logger.ts";
import type { StorageMetrics } from "./storage-metrics.ts";
import { within } from "./time-limit.ts";

export interface BackendMonitorParts {
  /** `postgres`, `redis`, …: as it is called in states, metrics and logs. */
  readonly backend: string;
  /** Resolves when the backend answered. */
  readonly ping: () => Promise<void>;
  /**
   * What has to be done once before the backend may be used: migrations, the writer's lock. It is tried
   * again after a failure.
   */
  readonly prepare?: () => Promise<void>;
  /** Real time, also where the world's time is virtual. */
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: StorageLogger;
  readonly metrics?: StorageMetrics;
}

const CONNECT_LIMIT_MS = 10_000;
const PING_LIMIT_MS = 5_000;

/**
 * Knows whether one backend can be used, and brings it back.
 *
 * ```
 *           ping + prepare                  an operation or ping failed
 * degraded ────────────────► connected ────────────────────────────────► degraded
 *    └── again after 250 ms, 500 ms, … 30 s, for ever ──┘
 * ```
 *
 * One log line and one call of the listeners for each change. Begins as degraded, without a line.
 */
export class BackendMonitor {
  readonly #parts: BackendMonitorParts;
  readonly #listeners = new Set<(state: BackendState) => void>();
  #state: BackendState;
  #prepared: boolean;
  #retry: Timer | undefined;
  #closed = false;
  /** Code of the refusal that was said last, since the backend did what it was to do. */
  #refusedWith: string | undefined;

  constructor(parts: BackendMonitorParts) {
    this.#parts = parts;
    this.#prepared = parts.prepare === undefined;
    this.#state = {
      backend: parts.backend,
      condition: "degraded",
      since: parts.clock.now(),
      lastError: undefined,
      reconnectAttempts: 0,
    };
    showState(this.#state, parts.metrics);
  }

  get state(): BackendState {
    return this.#state;
  }

  /** @returns what ends the listening */
  onStateChange(listener: (state: BackendState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Tries once, then leaves it to time: a backend that can't be reached is no reason not to start.
   *
   * @throws StorageError what `prepare` was refused with, such as `storage_conflict` or `schema_in_use`
   */
  async connect(): Promise<void> {
    const { backend, logger } = this.#parts;
    try {
      await this.#establish(CONNECT_LIMIT_MS);
    } catch (error) {
      const failure = error as StorageError;
      this.#update("degraded", failure.code);
      // Whoever closes it meanwhile knows why it can't be reached.
      if (this.#closed) return;
      if (failure.code !== "storage_unavailable") throw failure;
      logger.warn("Running in stub mode: a backend can't be reached", { backend, error: failure });
      this.#retryLater();
    }
  }

  /** @throws StorageError `storage_unavailable`, naming the backend */
  async healthCheck(): Promise<void> {
    try {
      await within(this.#parts.clock, PING_LIMIT_MS, this.#parts.ping());
    } catch (cause) {
      const failure = new StorageError("storage_unavailable", `${this.#parts.backend} is away`, {
        cause,
      });
      this.report(failure);
      throw failure;
    }
    this.report(undefined);
  }

  /** Takes in how an operation ended: `undefined` when the backend answered. */
  report(failure: StorageError | undefined): void {
    const { backend, logger } = this.#parts;
    const { condition } = this.#state;
    if (this.#closed || !this.#prepared) return;
    if (failure === undefined) {
      if (condition === "degraded") this.#connected();
    } else if (condition === "connected") {
      this.#update("degraded", failure.code);
      logger.warn("DataAdapter lost a backend", { backend, error: failure });
      this.#retryLater();
    }
  }

  /** Takes in that the backend answered, and said no to what it has to do. One log line for each code. */
  refused(error: StorageError): void {
    const { backend, logger } = this.#parts;
    if (error.code !== this.#refusedWith) {
      logger.warn("DataAdapter was refused by a backend", { backend, error });
    }
    this.#refusedWith = error.code;
    this.#state = { ...this.#state, lastError: error.code };
  }

  /** Takes in that the backend does again what it had refused. */
  accepted(): void {
    this.#refusedWith = undefined;
  }

  /** Tries no more. */
  close(): void {
    this.#closed = true;
    this.#retry?.cancel();
  }

  async #establish(limitMs: number): Promise<void> {
    const { clock, ping, prepare } = this.#parts;
    await within(clock, limitMs, ping());
    if (!this.#prepared) await prepare?.();
    this.#prepared = true;
    if (this.#state.condition === "degraded") this.#connected();
  }

  #connected(): void {
    const { backend, logger, metrics } = this.#parts;
    this.#retry?.cancel();
    this.#retry = undefined;
    if (this.#state.reconnectAttempts > 0) {
      metrics?.incCounter("data_adapter_reconnects_total", { backend });
    }
    this.#update("connected", this.#state.lastError);
    logger.info("DataAdapter connected", { backend });
  }

  #retryLater(): void {
    const { clock, random } = this.#parts;
    if (this.#closed || this.#state.condition === "connected") return;
    this.#retry = clock.after(backoff(this.#state.reconnectAttempts, random), () => {
      void this.#reconnect();
    });
  }

  async #reconnect(): Promise<void> {
    this.#state = { ...this.#state, reconnectAttempts: this.#state.reconnectAttempts + 1 };
    try {
      await this.#establish(PING_LIMIT_MS);
    } catch (error) {
      this.#stillAway(error as StorageError);
    }
  }

  #stillAway(error: StorageError): void {
    if (error.code === "storage_unavailable") {
      this.#state = { ...this.#state, lastError: error.code };
    } else this.refused(error);
    this.#retryLater();
  }

  #update(condition: BackendCondition, lastError: string | undefined): void {
    const changed = this.#state.condition !== condition;
    const since = changed ? this.#parts.clock.now() : this.#state.since;
    this.#state = { ...this.#state, condition, since, lastError, reconnectAttempts: 0 };
    if (!changed) return;
    showState(this.#state, this.#parts.metrics);
    for (const listener of this.#listeners) listener(this.#state);
  }
}
