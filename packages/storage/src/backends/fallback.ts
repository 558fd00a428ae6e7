import { type Clock, duration, type Timestamp, timestamp } from "@tse/domain";
import { StorageError } from "../errors.ts";
import type { BackendMonitor } from "./backend-monitor.ts";
import { within } from "./time-limit.ts";

/** How long a server that refused to be brought up to date is left alone. */
const REFUSED_FOR = duration(30_000_000);

/** The most that an operation waits for a slow server before it is answered in process. */
const LIMIT_MS = 200;

export interface FallbackParts {
  readonly monitor: BackendMonitor;
  /** Real time, also where the world's time is virtual. */
  readonly clock: Clock;
  /**
   * Brings the server up to what happened in process while it was away. Calls `caughtUp` as soon as there
   * is nothing left to do: from then on the server answers.
   */
  readonly catchUp: (caughtUp: () => void) => Promise<void>;
}

/**
 * Decides for each operation whether the server answers it or the process itself.
 *
 * ```
 * server ──── silence of 200 ms, or a failure ───► process
 *    ▲                                                │ connected again
 *    └──────── caught up ◄──── catching up ◄──────────┘   (the process answers meanwhile)
 * ```
 */
export class Fallback {
  readonly #parts: FallbackParts;
  #behind = false;
  #catchingUp = false;
  #refusedUntil: Timestamp = timestamp(0);

  constructor(parts: FallbackParts) {
    this.#parts = parts;
    parts.monitor.onStateChange(({ condition }) => {
      this.#behind ||= condition === "degraded";
      this.#catchUp();
    });
  }

  async choose<Result>(
    remote: () => Promise<Result>,
    local: () => Promise<Result>,
  ): Promise<Result> {
    const { monitor, clock } = this.#parts;
    if (monitor.state.condition === "connected" && !this.#behind) {
      try {
        return await within(clock, LIMIT_MS, remote());
      } catch (error) {
        if (!(error instanceof StorageError) || error.code !== "storage_unavailable") throw error;
        monitor.report(error);
      }
    }
    this.#behind = true;
    this.#catchUp();
    return local();
  }

  #catchUp(): void {
    const { monitor, clock } = this.#parts;
    if (monitor.state.condition !== "connected" || !this.#behind || this.#catchingUp) return;
    if (clock.now() >= this.#refusedUntil) void this.#run();
  }

  async #run(): Promise<void> {
    this.#catchingUp = true;
    try {
      await this.#parts.catchUp(() => {
        this.#behind = false;
      });
      this.#parts.monitor.accepted();
    } catch (cause) {
      this.#failed(
        cause instanceof StorageError
          ? cause
          : new StorageError("internal", "what happened meanwhile can't be caught up with", {
              cause,
            }),
      );
    }
    this.#catchingUp = false;
  }

  /** A server that answers, and says no, is not away: the process goes on in its place. */
  #failed(error: StorageError): void {
    const { monitor, clock } = this.#parts;
    if (error.code === "storage_unavailable") {
      monitor.report(error);
      return;
    }
    this.#refusedUntil = timestamp(clock.now() + REFUSED_FOR);
    monitor.refused(error);
  }
}
