import {
  type Amount,
  amount,
  assert,
  formatDecimal,
  MAX_AMOUNT,
  MONEY_SCALE,
  RATE_ONE,
  type Rate,
  type Timestamp,
  timestamp,
} from "@tse/domain";
import type { Json, JsonObject } from "./json.ts";

/**
 * How a value of one column is kept: the database's type, the form in which it goes in (JSON, which the
 * statement casts) and comes out, and what the column accepts. `Value` is a model's property.
 */
export interface Column<Value> {
  /** PostgreSQL's name for the type. */
  readonly type: string;
  readonly optional: boolean;
  readonly encode: (value: Value) => Json;
  readonly decode: (stored: unknown) => Value;
  /** The database's order; text by code point, whatever the locale. */
  readonly compare: (one: Value, other: Value) => number;
  readonly accepts: (value: Value) => boolean;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether text can be the id of a row: a UUID in the one form in which ids are written, lower case. */
export function isUuid(text: unknown): text is string {
  return typeof text === "string" && UUID.test(text);
}

export function uuid(): Column<string> {
  return { ...text(), type: "uuid", accepts: isUuid };
}

/** @param most characters; the column's width */
export function text(most = Number.POSITIVE_INFINITY): Column<string> {
  return {
    type: "text",
    optional: false,
    encode: (value) => value,
    decode: (stored) => stored as string,
    compare: compareText,
    // A NUL and half a surrogate pair are the two things that a database's text cannot hold.
    accepts: (value) => !value.includes("\0") && value.isWellFormed() && atMost(value, most),
  };
}

/** Text that is one of a closed set. */
export function oneOf<Word extends string>(words: readonly Word[]): Column<Word> {
  const { encode, compare, ...rest } = text();
  return {
    ...rest,
    encode,
    compare,
    decode: (stored) => stored as Word,
    accepts: (value) => words.includes(value),
  };
}

/** Text that a pattern describes. */
export function matching(pattern: RegExp): Column<string> {
  return { ...text(), accepts: (value) => pattern.test(value) };
}

/** DECIMAL(24,8) as whole units of 10^-8, from `least` up. */
export function decimal(least: bigint = -MAX_AMOUNT): Column<bigint> {
  return {
    type: "numeric",
    optional: false,
    encode: (value) => formatDecimal(value, MONEY_SCALE),
    decode: (stored) => scaled(stored as string, MONEY_SCALE),
    compare,
    accepts: (value) => value >= least && value <= MAX_AMOUNT,
  };
}

/** As `decimal`, of money. */
export function money(least: bigint = -MAX_AMOUNT): Column<Amount> {
  const { encode, accepts, ...rest } = decimal(least);
  return { ...rest, encode, accepts, decode: (stored) => amount(rest.decode(stored)) };
}

/**
 * The column's number times 10^8, as `Rate`: exact for DECIMAL(12,8) and DECIMAL(10,4).
 *
 * @param places digits after the point that the column keeps; a value with more is not accepted
 */
export function rate(places: 4 | 8, accepts: (value: Rate) => boolean): Column<Rate> {
  const step = places === 8 ? 1 : 10_000;
  return {
    type: "numeric",
    optional: false,
    encode: (value) => formatDecimal(value, MONEY_SCALE),
    decode: (stored) => Number(scaled(stored as string, MONEY_SCALE)),
    compare,
    accepts: (value) =>
      Number.isSafeInteger(value) &&
      value % step === 0 &&
      value < (places === 8 ? 10_000 : 1_000_000) * RATE_ONE &&
      accepts(value),
  };
}

/** TIMESTAMPTZ as whole microseconds since 1970. */
export function instant(): Column<Timestamp> {
  return {
    type: "timestamptz",
    optional: false,
    encode: instantText,
    decode: (stored) => timestamp(stored as number),
    compare,
    accepts: (value) => Number.isSafeInteger(value),
  };
}

const INT4_MOST = 2 ** 31 - 1;

/** INT. */
export function int4(least: number, most = INT4_MOST): Column<number> {
  return {
    type: "int4",
    optional: false,
    encode: (value) => value,
    decode: (stored) => stored as number,
    compare,
    accepts: (value) => Number.isSafeInteger(value) && value >= least && value <= most,
  };
}

/** BIGINT, as far as a number is exact. */
export function int8(least: number): Column<number> {
  return {
    ...int4(least, Number.MAX_SAFE_INTEGER),
    type: "int8",
    decode: (stored) => {
      const value = Number(stored as bigint);
      assert(Number.isSafeInteger(value), "a stored sequence is a safe integer");
      return value;
    },
  };
}

export function flag(): Column<boolean> {
  return {
    type: "bool",
    optional: false,
    encode: (value) => value,
    decode: (stored) => stored as boolean,
    compare: (one, other) => Number(one) - Number(other),
    accepts: () => true,
  };
}

/** What `JSON.stringify` makes of a NUL and of half a surrogate pair, which no database text holds. */
const UNSTORABLE = /\\u(?:0000|d[89a-f])/;

/** JSONB. Kept by value: what goes in is copied, and what comes out must not be changed. */
export function json(): Column<JsonObject> {
  return {
    type: "jsonb",
    optional: false,
    encode: (value) => value,
    decode: (stored) => stored as JsonObject,
    compare: incomparable,
    accepts: (value) => !UNSTORABLE.test(JSON.stringify(value)),
  };
}

/** TEXT[]. */
export function texts(accepts: (value: string) => boolean): Column<readonly string[]> {
  return {
    type: "text[]",
    optional: false,
    encode: (value) => value,
    decode: (stored) => stored as readonly string[],
    compare: incomparable,
    accepts: (value) => value.every((item) => accepts(item)),
  };
}

/** BYTEA. */
export function bytes(): Column<Uint8Array> {
  return {
    type: "bytea",
    optional: false,
    encode: (value) => `\\x${Buffer.from(value).toString("hex")}`,
    decode: (stored) => new Uint8Array(stored as Uint8Array),
    compare: incomparable,
    accepts: () => true,
  };
}

/** The same column where a row may have none: `undefined`, stored as NULL. */
export function optional<Value>(column: Column<Value>): Column<Value | undefined> {
  return {
    type: column.type,
    optional: true,
    encode: (value) => (value === undefined ? null : column.encode(value)),
    decode: (stored) => (stored === null ? undefined : column.decode(stored)),
    compare: (one, other) => column.compare(one as Value, other as Value),
    accepts: (value) => value === undefined || column.accepts(value),
  };
}

/** RFC 3339 in UTC with six digits of a second: `"2026-01-02T03:04:05.000006Z"`. */
export function instantText(at: Timestamp): string {
  const micros = ((at % 1000) + 1000) % 1000;
  const millis = new Date((at - micros) / 1000).toISOString();
  return `${millis.slice(0, -1)}${micros.toString().padStart(3, "0")}Z`;
}

/** Decimal text of a database, sign and all, as whole units of 10^-places. */
function scaled(stored: string, places: number): bigint {
  const [whole = "", fraction = ""] = stored.split(".");
  return BigInt(whole + fraction.padEnd(places, "0"));
}

function atMost(value: string, most: number): boolean {
  return value.length <= most || (value.length <= 2 * most && [...value].length <= most);
}

function compare<Value extends bigint | number>(one: Value, other: Value): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** By code point, as UTF-8 bytes sort. UTF-16 units would put U+10000 and above before U+E000. */
function compareText(one: string, other: string): number {
  if (one === other) return 0;
  const shorter = Math.min(one.length, other.length);
  for (let i = 0; i < shorter; i++) {
    const difference = rank(one.charCodeAt(i)) - rank(other.charCodeAt(i));
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}

function incomparable(): never {
  assert(false, "lists are not sorted by JSON, arrays or bytes");
}
