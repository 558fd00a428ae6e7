import type { Duration, Timestamp } from "./units.ts";

/** A pending call of `Clock.after`. Cancelling twice, or after it ran, does nothing. */
export interface Timer {
  cancel(): void;
}

/** World time. Never goes backward. The only source of time below the services' own wiring. */
export interface Clock {
  now(): Timestamp;

  /** Runs `task` once, not before `delay` has passed; in order of due time, then of scheduling. */
  after(delay: Duration, task: () => void): Timer;
}
