import type { Timestamp } from "@tse/domain";

/**
 * `connected`: the last operation or ping succeeded. `degraded`: configured, and unreachable or failing.
 * `not-configured`: no address was given; the embedded or in-process implementation serves.
 */
export type BackendCondition = "connected" | "degraded" | "not-configured";

/** How one backend (`postgres`, `pglite`, `redis`, …) is. */
export interface BackendState {
  readonly backend: string;
  readonly condition: BackendCondition;
  readonly since: Timestamp;
  /** Code of the last failure; `undefined` when there was none. Never a driver's text. */
  readonly lastError: string | undefined;
  /** Attempts since the connection was lost; 0 while connected. */
  readonly reconnectAttempts: number;
}
