import { assert } from "./assert.ts";
import type { Timestamp } from "./units.ts";

/**
 * UUIDv7 (RFC 9562) of what a venue makes, as a pure function of when it was made and its number, so
 * that a replay makes the same ids and an id leads back to its number without a table.
 *
 * ```
 * tttttttt-tttt-7kkk-8nnn-nnnnnnnnnnnn    t: milliseconds, k: kind, n: number (53 bits of 62)
 * ```
 */
const KINDS = {
  account: 1,
  order: 2,
  trade: 3,
  transfer: 4,
  chaos: 5,
  balance: 6,
  posting: 7,
} as const;

export type EntityKind = keyof typeof KINDS;

const UUID = /^([0-9a-f]{8})-([0-9a-f]{4})-7([0-9a-f]{3})-([89ab])([0-9a-f]{3})-([0-9a-f]{12})$/;
const LOW = 2 ** 48;

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");

/** @param number 0 to 2^53 - 1 */
export function entityId(kind: EntityKind, at: Timestamp, number: number): string {
  assert(Number.isSafeInteger(number) && number >= 0, "an entity's number is a safe integer");
  const time = hex(Math.floor(at / 1000), 12);
  const high = Math.floor(number / LOW);
  const low = hex(number % LOW, 12);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(KINDS[kind], 3)}-8${hex(high, 3)}-${low}`;
}

/**
 * The number in an id that `entityId` made for this kind; `undefined` for anything else, the same id
 * in capitals included: one thing has one id.
 */
export function entityNumber(kind: EntityKind, id: string): number | undefined {
  const match = UUID.exec(id);
  if (match === null || Number.parseInt(match[3] as string, 16) !== KINDS[kind]) return undefined;
  if (match[4] !== "8") return undefined;
  const number =
    Number.parseInt(match[5] as string, 16) * LOW + Number.parseInt(match[6] as string, 16);
  return number <= Number.MAX_SAFE_INTEGER ? number : undefined;
}
