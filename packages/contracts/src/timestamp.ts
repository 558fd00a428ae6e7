import { create } from "@bufbuild/protobuf";
import { type Timestamp, TimestampSchema } from "@bufbuild/protobuf/wkt";

const MICROSECONDS_PER_SECOND = 1_000_000;

/** World time, in whole microseconds since 1970, as it goes over the wire. */
export function toTimestamp(microseconds: number): Timestamp {
  const seconds = Math.floor(microseconds / MICROSECONDS_PER_SECOND);
  const rest = microseconds - seconds * MICROSECONDS_PER_SECOND;
  return create(TimestampSchema, { seconds: BigInt(seconds), nanos: rest * 1000 });
}

/**
 * Microseconds since 1970; what is finer is cut off. `undefined` for a time that isn't valid, or that a
 * number can't count in microseconds (before 1684 or after 2255).
 */
export function fromTimestamp({ seconds, nanos }: Timestamp): number | undefined {
  if (nanos < 0 || nanos > 999_999_999) return undefined;
  const microseconds = Number(seconds) * MICROSECONDS_PER_SECOND + Math.floor(nanos / 1000);
  return Number.isSafeInteger(microseconds) ? microseconds : undefined;
}
