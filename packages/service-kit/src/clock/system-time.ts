import { performance } from "node:perf_hooks";
import { type Timestamp, timestamp } from "@tse/domain";

/**
 * A reader of the system's time in microseconds. The system's own clock has milliseconds; the digits
 * below come from the process's monotonic clock as long as both agree.
 */
export function systemTime(): () => Timestamp {
  let origin = performance.timeOrigin;

  return () => {
    const wall = Date.now();
    const elapsed = performance.now();
    const ahead = origin + elapsed - wall;
    // The system's clock was set, or the two drifted apart: take its word and start anew.
    if (ahead < 0 || ahead >= 1) origin = wall - elapsed;
    return timestamp(Math.floor((origin + elapsed) * 1000));
  };
}

/** RFC 3339 in UTC with milliseconds: `2026-01-05T14:23:30.120Z`. */
export function formatTime(at: Timestamp): string {
  return new Date(Math.floor(at / 1000)).toISOString();
}

const RFC_3339 = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?(Z|[+-]\d{2}:\d{2})$/;

/** A time in RFC 3339 with at most six fractional digits; `undefined` for anything else. */
export function parseTime(text: string): Timestamp | undefined {
  const match = RFC_3339.exec(text);
  if (match === null) return undefined;
  const seconds = Date.parse(`${match[1]}${match[3]}`);
  if (Number.isNaN(seconds)) return undefined;
  return timestamp(seconds * 1000 + Number((match[2] ?? "").padEnd(6, "0")));
}
