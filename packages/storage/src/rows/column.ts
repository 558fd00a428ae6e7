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
import { timestampText } from "../sql/value-parsers.ts";
import type { JsonObject } from "./json.ts";

/**
 * How a value of one column is kept: the database's type, the text in which it goes in, which the
 * statement casts, how it comes out, and what the column accepts. `Value` is a model's property.
 */
export interface Column<Value> {
  /** PostgreSQL's name for the type. */
  readonly type: string;
  readonly optional: boolean;
  readonly encode: (value: Value) => string;
  readonly decode: (stored: unknown) => Value;
  /** The database's order; text by code point, whatever the locale. */
  readonly compare: (one: Value, other: Value) => number;
  /** Whether the column's type can hold the value, exactly. */
  readonly fits: (value: Value) => boolean;
  /** Whether the column's CHECK lets it in. */
  readonly accepts: (value: Value) => boolean;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether text can be the id of a row: a UUID in the one form in which ids are written, lower case. */
export function isUuid(text: unknown): text is string {
  return typeof text === "string" && UUID.test(text);
}

export function uuid(): Column<string> {
  return { ...text(), type: "uuid", fits: isUuid };
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
    fits: (value) => !value.includes("\0") && value.isWellFormed() && atMost(value, most),
    accepts: always,
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

/** CHAR(64): a hash in hex. A shorter text would come back with blanks. */
export function sha256(): Column<string> {
  return { ...text(), fits: (value) => value.length === 64 && text().fits(value) };
}

/** DECIMAL(24,8) as whole units of 10^-8, from `least` up. */
export function decimal(least?: bigint): Column<bigint> {
  return {
    type: "numeric",
    optional: false,
    encode: (value) => formatDecimal(value, MONEY_SCALE),
    decode: (stored) => scaled(stored as string, MONEY_SCALE),
    compare,
    fits: (value) => value >= -MAX_AMOUNT && value <= MAX_AMOUNT,
    accepts: (value) => least === undefined || value >= least,
  };
}

/** As `decimal`, of money. */
export function money(least?: bigint): Column<Amount> {
  const { decode, ...rest } = decimal(least);
  return { ...rest, decode: (stored) => amount(decode(stored)) };
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
    fits: (value) =>
      Number.isSafeInteger(value) &&
      value % step === 0 &&
      Math.abs(value) < (places === 8 ? 10_000 : 1_000_000) * RATE_ONE,
    accepts,
  };
}

/** TIMESTAMPTZ as whole microseconds since 1970, as far as a number is exact: the years 1684 to 2255. */
export function instant(): Column<Timestamp> {
  return {
    type: "timestamptz",
    optional: false,
    encode: timestampText,
    decode: (stored) => timestamp(stored as number),
    compare,
    fits: Number.isSafeInteger,
    accepts: always,
  };
}

const INT4 = { least: -(2 ** 31), most: 2 ** 31 - 1 };
const INT8 = { least: Number.MIN_SAFE_INTEGER, most: Number.MAX_SAFE_INTEGER };

/** INT. */
export function int4(least?: number, most?: number): Column<number> {
  return integer("int4", INT4, (value) => value >= (least ?? value) && value <= (most ?? value));
}

/** BIGINT, as far as a number is exact. */
export function int8(least?: number): Column<number> {
  return integer("int8", INT8, (value) => value >= (least ?? value));
}

/** BIGINT, all 64 bits of it. */
export function int8Whole(): Column<bigint> {
  return {
    type: "int8",
    optional: false,
    encode: String,
    decode: (stored) => stored as bigint,
    compare,
    fits: (value) => BigInt.asIntN(64, value) === value,
    accepts: always,
  };
}

function integer(
  type: string,
  range: { readonly least: number; readonly most: number },
  accepts: (value: number) => boolean,
): Column<number> {
  return {
    type,
    optional: false,
    encode: String,
    decode: (stored) => {
      const value = Number(stored as bigint | number);
      assert(Number.isSafeInteger(value), "a stored sequence is a safe integer");
      return value;
    },
    compare,
    fits: (value) => Number.isSafeInteger(value) && value >= range.least && value <= range.most,
    accepts,
  };
}

export function flag(): Column<boolean> {
  return {
    type: "bool",
    optional: false,
    encode: String,
    decode: (stored) => stored as boolean,
    compare: (one, other) => Number(one) - Number(other),
    fits: always,
    accepts: always,
  };
}

/** What `JSON.stringify` makes of a NUL and of half a surrogate pair, which no database text holds. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** JSONB. Kept by value: what goes in is copied, and what comes out must not be changed. */
export function json(): Column<JsonObject> {
  return {
    type: "jsonb",
    optional: false,
    encode: (value) => JSON.stringify(value),
    decode: (stored) => stored as JsonObject,
    compare: incomparable,
    fits: (value) => !UNSTORABLE.test(JSON.stringify(value)),
    accepts: always,
  };
}

/** TEXT[]. */
export function texts(accepts: (value: string) => boolean): Column<readonly string[]> {
  return {
    type: "text[]",
    optional: false,
    encode: (value) => `{${value.map(quoted).join(",")}}`,
    decode: (stored) => stored as readonly string[],
    compare: incomparable,
    fits: (value) => value.every(text().fits),
    accepts: (value) => value.every(accepts),
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
    fits: always,
    accepts: always,
  };
}

/** The same column where a row may have none: `undefined`, stored as NULL. */
export function optional<Value>(column: Column<Value>): Column<Value | undefined> {
  return {
    type: column.type,
    optional: true,
    encode: (value) => column.encode(value as Value),
    decode: (stored) => (stored === null ? undefined : column.decode(stored)),
    compare: (one, other) => column.compare(one as Value, other as Value),
    fits: (value) => value === undefined || column.fits(value),
    accepts: (value) => value === undefined || column.accepts(value),
  };
}

/** Decimal text of a database, sign and all, as whole units of 10^-places. */
function scaled(stored: string, places: number): bigint {
  const [whole = "", fraction = ""] = stored.split(".");
  return BigInt(whole + fraction.padEnd(places, "0"));
}

/** An element of an array's text. */
function quoted(element: string): string {
  return `"${element.replace(/["\\]/g, "\\$&")}"`;
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

function always(): true {
  return true;
}

function incomparable(): never {
  assert(false, "lists are not sorted by JSON, arrays or bytes");
}
