import type { Timestamp } from "@tse/domain";
import type { StorageMetrics } from "./storage-metrics.ts";

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

/** What the gauge of backends shows. */
const SHOWN: Readonly<Record<BackendCondition, number>> = {
  connected: 1,
  degraded: 0.5,
  "not-configured": 0,
};

/** Sets the gauge of a backend. */
export function showState(
  { backend, condition }: BackendState,
  metrics: StorageMetrics | undefined,
): void {
  metrics?.setGauge("data_adapter_backend_state", SHOWN[condition], { backend });
}

/** State of a backend without an address: it stays so. */
export function notConfigured(
  backend: string,
  since: Timestamp,
  metrics?: StorageMetrics,
): BackendState {
  const state: BackendState = {
    backend,
    condition: "not-configured",
    since,
    lastError: undefined,
    reconnectAttempts: 0,
  };
  showState(state, metrics);
  return state;
}
