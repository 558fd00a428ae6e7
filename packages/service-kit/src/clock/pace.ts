import { performance } from "node:perf_hooks";
import { type Timestamp, timestamp } from "@tse/domain";

/** How world time follows real time while a clock is in one mode. */
export interface Pace {
  readonly mode: "real" | "virtual";
  /** World seconds a real second; 0 is frozen. */
  readonly speed: number;
  /** Whether world time waits for a timer that is due instead of passing it. */
  readonly waitsForTimers: boolean;
  /** Where world time should be now. */
  target(): Timestamp;
}

/** How fast world time goes while it is ahead of the system's. */
const UNTIL_CAUGHT_UP = 0.9;

/**
 * The system's time, but never before `start` and never backward. When the system's time was set back,
 * world time goes on from where it was, a tenth slower, until the two meet again: nothing that waits for a
 * timer stands still for an hour because somebody's clock was wrong by one.
 */
export function realPace(system: () => Timestamp, start: Timestamp): Pace {
  let world = Math.max(system(), start);
  let lookedAt = performance.now();
  const target = () => {
    const told = system();
    // Read last: were this thread held up between the two, that time would count twice.
    const now = performance.now();
    world = Math.max(told, world + (now - lookedAt) * 1000 * UNTIL_CAUGHT_UP);
    lookedAt = now;
    return timestamp(Math.floor(world));
  };
  return { mode: "real", speed: 1, waitsForTimers: false, target };
}

/** From `start` on at `speed`; at speed 0 it stays there. */
export function virtualPace(start: Timestamp, speed: number): Pace {
  const began = performance.now();
  return {
    mode: "virtual",
    speed,
    waitsForTimers: true,
    target: () => timestamp(Math.floor(start + (performance.now() - began) * 1000 * speed)),
  };
}
