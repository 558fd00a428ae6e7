import { RATE_ONE, type Rate } from "@tse/domain";

const WIDE_ONE = BigInt(RATE_ONE);
const LARGEST = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * `count × rate`, rounded down, exact; never above 2^53 - 1.
 *
 * @param count 0 to 2^53 - 1
 * @param rate  0 to 2^53 - 1, may be above one
 */
export function shareDown(count: number, rate: Rate): number {
  const product = count * rate;
  if (product <= Number.MAX_SAFE_INTEGER) return Math.floor(product / RATE_ONE);
  return bounded((BigInt(count) * BigInt(rate)) / WIDE_ONE);
}

/** As `shareDown`, rounded up. */
export function shareUp(count: number, rate: Rate): number {
  const product = count * rate;
  if (product <= Number.MAX_SAFE_INTEGER) return Math.ceil(product / RATE_ONE);
  return bounded((BigInt(count) * BigInt(rate) + WIDE_ONE - 1n) / WIDE_ONE);
}

/** The number of a BigInt that isn't negative, cut at 2^53 - 1. */
export function bounded(value: bigint): number {
  return Number(value < LARGEST ? value : LARGEST);
}
