import pg from "pg";
import { StorageError } from "../errors.ts";

type Parse = (text: string) => unknown;

const TEXT_ARRAY = 1009;

/** The table of types: object identifier of a type and of its array, and how its text becomes a value. */
const TYPES: readonly (readonly [type: number, array: number, parse: Parse])[] = [
  [16, 1000, (text) => text === "t"], // bool
  [17, 1001, parseBytes], // bytea
  [20, 1016, BigInt], // int8
  [21, 1005, Number], // int2
  [23, 1007, Number], // int4
  [114, 199, parseJson], // json
  [700, 1021, Number], // float4
  [701, 1022, Number], // float8
  [1184, 1185, parseTimestamp], // timestamptz
  [3802, 3807, parseJson], // jsonb
  [25, TEXT_ARRAY, asText], // text
  [1042, 1014, asText], // char(n)
  [1043, 1015, asText], // varchar
  [1700, 1231, asText], // numeric
  [2950, 2951, asText], // uuid
];

const PARSERS = new Map<number, Parse>();
for (const [type, array, parse] of TYPES) {
  PARSERS.set(type, parse);
  PARSERS.set(array, (text) => parseElements(splitArray(text), parse));
}

const splitArray = pg.types.getTypeParser(TEXT_ARRAY as number) as (text: string) => ArrayOfTexts;
type ArrayOfTexts = readonly (string | null | ArrayOfTexts)[];

/** How `pg` reads values, for both backends. A type that the table lacks is its text. */
export const valueParsers = {
  getTypeParser: (oid: number) => PARSERS.get(oid) ?? asText,
} as unknown as pg.CustomTypesConfig;

/**
 * A moment as PostgreSQL reads it, for `$1::text::timestamptz`.
 *
 * @param microseconds whole and exact, since 1970: the years 1684 to 2255
 * @example timestampText(1_767_622_811_004_123) // "2026-01-05T14:20:11.004123Z"
 */
export function timestampText(microseconds: number): string {
  const milliseconds = Math.floor(microseconds / 1000);
  const rest = microseconds - milliseconds * 1000;
  return `${new Date(milliseconds).toISOString().slice(0, -1)}${String(rest).padStart(3, "0")}Z`;
}

const TIMESTAMP = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?\+00$/;

/** @throws StorageError `internal` for infinity and for what microseconds can't count exactly */
function parseTimestamp(text: string): number {
  const [, date, time, fraction = ""] = TIMESTAMP.exec(text) ?? [];
  const microseconds = Date.parse(`${date}T${time}Z`) * 1000 + Number(fraction.padEnd(6, "0"));
  if (Number.isSafeInteger(microseconds)) return microseconds;
  throw new StorageError("internal", `the database holds ${text}, which is no moment here`);
}

function parseBytes(text: string): Uint8Array {
  // PostgreSQL's bytea_output is hex since version 9.
  return Uint8Array.from(Buffer.from(text.slice(2), "hex"));
}

function parseJson(text: string): unknown {
  return JSON.parse(text);
}

function parseElements(elements: ArrayOfTexts, parse: Parse): unknown[] {
  return elements.map((element) => {
    if (element === null) return null;
    return typeof element === "string" ? parse(element) : parseElements(element, parse);
  });
}

function asText(text: string): string {
  return text;
}
