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

/**
 * A time in RFC 3339 with at most six fractional digits; `undefined` for anything else, for a date that
 * isn't in the calendar, and for a time that microseconds can't count exactly.
 */
export function parseTime(text: string): Timestamp | undefined {
  const [, civil, fraction = "", offset] = RFC_3339.exec(text) ?? [];
  if (civil === undefined || !isInCalendar(civil)) return undefined;
  const milliseconds = Date.parse(`${civil}${offset}`);
  const at = milliseconds * 1000 + Number(fraction.padEnd(6, "0"));
  return Number.isSafeInteger(at) ? timestamp(at) : undefined;
}

/** `Date` takes 30 February for 2 March, and 24:00 for the next day's 00:00. */
function isInCalendar(civil: string): boolean {
  const milliseconds = Date.parse(`${civil}Z`);
  return (
    !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().startsWith(`${civil}.`)
  );
}
