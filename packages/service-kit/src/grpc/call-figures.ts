import { performance } from "node:perf_hooks";
import type { Clock, Timestamp } from "@tse/domain";

/** Calls that the average is made from. */
const RECENT_MAX = 100;

/** What a server did until now. Times are world time; durations are real time. */
export interface GrpcFigures {
  readonly startTime: Timestamp | undefined;
  readonly uptimeSeconds: number;
  /** Calls that began. */
  readonly requestCount: number;
  /** Calls that are open, streams among them. */
  readonly connectionCount: number;
  readonly streamingClients: number;
  /** Of the last 100 calls that weren't streams; 0 before the first. */
  readonly avgResponseTimeMs: number;
  readonly lastRequestTime: Timestamp | undefined;
  readonly isRunning: boolean;
  readonly healthStatus: "SERVING" | "NOT_SERVING";
}

/** Counts calls as they begin and end. */
export class CallFigures {
  readonly #clock: Clock;
  readonly #recentMs: number[] = [];
  #oldest = 0;
  #startTime: Timestamp | undefined;
  #startedAt = 0;
  #requestCount = 0;
  #unaryOpen = 0;
  #streamsOpen = 0;
  #lastRequestTime: Timestamp | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  started(): void {
    this.#startTime = this.#clock.now();
    this.#startedAt = performance.now();
  }

  began(isStream: boolean): void {
    this.#requestCount += 1;
    this.#lastRequestTime = this.#clock.now();
    if (isStream) this.#streamsOpen += 1;
    else this.#unaryOpen += 1;
  }

  ended(isStream: boolean, ms: number): void {
    if (isStream) {
      this.#streamsOpen -= 1;
      return;
    }
    this.#unaryOpen -= 1;
    this.#recentMs[this.#oldest] = ms;
    this.#oldest = (this.#oldest + 1) % RECENT_MAX;
  }

  now(): Omit<GrpcFigures, "isRunning" | "healthStatus"> {
    const recent = this.#recentMs.length;
    const sum = this.#recentMs.reduce((total, ms) => total + ms, 0);
    return {
      startTime: this.#startTime,
      uptimeSeconds:
        this.#startTime === undefined ? 0 : (performance.now() - this.#startedAt) / 1000,
      requestCount: this.#requestCount,
      connectionCount: this.#unaryOpen + this.#streamsOpen,
      streamingClients: this.#streamsOpen,
      avgResponseTimeMs: recent === 0 ? 0 : sum / recent,
      lastRequestTime: this.#lastRequestTime,
    };
  }
}
