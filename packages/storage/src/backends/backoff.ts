import { type Duration, duration, type Random } from "@tse/domain";

const FIRST_MS = 250;
const LAST_MS = 30_000;
const JITTER = 0.2;

/**
 * How long to wait before an attempt: 250 ms, then twice as long each time up to 30 s, each 20 % shorter
 * to 20 % longer so that those who lost the same server don't return at once.
 *
 * @param attempts how many have failed already
 */
export function backoff(attempts: number, random: Random): Duration {
  const ms = Math.min(FIRST_MS * 2 ** Math.min(attempts, 20), LAST_MS);
  return duration(Math.round(ms * 1000 * (1 - JITTER + 2 * JITTER * random.next())));
}
