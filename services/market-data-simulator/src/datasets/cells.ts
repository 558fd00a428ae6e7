import { MONEY_SCALE, parseDecimal, type Timestamp, timestamp } from "@tse/domain";

/** A decimal of a file in units of 10^-8. */
export interface Minor {
  readonly value: bigint;
  /** Whether it had digits beyond, and is the nearest that has none. */
  readonly rounded: boolean;
}

/** Sign, digits, digits behind the point, exponent. */
const NUMBER = /^([+-]?)(\d{0,40})(?:\.(\d{0,40}))?(?:e([+-]?\d{1,2}))?$/i;

/** Exact but for `rounded`: no float takes part. `undefined` when the text isn't a number. */
export function minorOf(text: string): Minor | undefined {
  const exact = parseDecimal(text, MONEY_SCALE);
  if (exact !== undefined) return { value: exact, rounded: false };

  const [, sign, whole = "", fraction = "", exponent = "0"] = NUMBER.exec(text) ?? [];
  if (sign === undefined || whole + fraction === "") return undefined;
  const digits = BigInt(whole + fraction);
  const shift = Number(exponent) - fraction.length + MONEY_SCALE;
  const { value, rounded } = shifted(digits, shift);
  return { value: sign === "-" ? -value : value, rounded };
}

/** `digits` × 10^`shift`, rounded half up. */
function shifted(digits: bigint, shift: number): Minor {
  if (shift >= 0) return { value: digits * 10n ** BigInt(shift), rounded: false };
  const divisor = 10n ** BigInt(-shift);
  const value = (digits + divisor / 2n) / divisor;
  return { value, rounded: value * divisor !== digits };
}

/**
 * A moment of a file. A number counts seconds, milliseconds or microseconds since 1970, by its size:
 * below 10^11 (the year 5138) seconds, below 10^14 milliseconds; digits beyond microseconds are cut. A
 * text is ISO 8601 with at most six digits of a second, in UTC when it names no zone.
 *
 * @returns `undefined` for anything else, a date that isn't in the calendar, or one outside 1970 to 2255
 */
export function timeOf(text: string): Timestamp | undefined {
  const count = minorOf(text);
  if (count === undefined) return civilTime(text);
  const { value } = count;
  if (value < 0n) return undefined;
  return safe(Number((value * unitOf(value)) / SCALE));
}

const SCALE = 10n ** BigInt(MONEY_SCALE);

/** Microseconds of the unit that a count of this size is in. */
function unitOf(value: bigint): bigint {
  if (value < 10n ** 11n * SCALE) return 1_000_000n;
  return value < 10n ** 14n * SCALE ? 1000n : 1n;
}

const CIVIL =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?)?(Z|[+-]\d{2}:?\d{2})?$/i;

function civilTime(text: string): Timestamp | undefined {
  const [, date, minute = "00:00", second = "00", fraction = "", zone = "Z"] =
    CIVIL.exec(text) ?? [];
  if (date === undefined) return undefined;
  const civil = `${date}T${minute}:${second}`;
  // `Date` takes 30 February for 2 March.
  const inUtc = Date.parse(`${civil}Z`);
  if (Number.isNaN(inUtc) || !new Date(inUtc).toISOString().startsWith(civil)) return undefined;
  const offset = zone.toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, "$1:$2");
  return safe(Date.parse(`${civil}${offset}`) * 1000 + Number(fraction.padEnd(6, "0")));
}

function safe(microseconds: number): Timestamp | undefined {
  return Number.isSafeInteger(microseconds) && microseconds >= 0
    ? timestamp(microseconds)
    : undefined;
}
