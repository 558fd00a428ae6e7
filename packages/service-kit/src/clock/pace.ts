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

export function realPace(system: () => Timestamp): Pace {
  return { mode: "real", speed: 1, waitsForTimers: false, target: system };
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
