import { getRandomValues } from "node:crypto";
import type { Clock } from "@tse/domain";

/**
 * Makes UUIDv7 ids (RFC 9562): 48 bits of milliseconds, then 74 random bits. Ids made later sort
 * later, to the millisecond.
 */
export function uuidV7(clock: Pick<Clock, "now">): string {
  const time = Math.floor(clock.now() / 1000)
    .toString(16)
    .padStart(12, "0");
  const random = Buffer.from(getRandomValues(new Uint8Array(10)));
  random[0] = (random[0]! & 0x0f) | 0x70;
  random[2] = (random[2]! & 0x3f) | 0x80;
  const rest = random.toString("hex");
  return [time.slice(0, 8), time.slice(8), rest.slice(0, 4), rest.slice(4, 8), rest.slice(8)].join(
    "-",
  );
}
