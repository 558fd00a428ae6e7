/**
 * A 64-bit field as a number; `undefined` when it is beyond 2^53 - 1 either way and a number would be
 * another one. The way back is `BigInt(value)`.
 */
export function safeInteger(value: bigint): number | undefined {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}
