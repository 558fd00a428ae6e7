import type { Json } from "../rows/json.ts";

/**
 * The one text of a value (RFC 8785): no blanks, members in the order of their names' UTF-16 units.
 *
 * @throws RangeError for a number that is no safe integer, and for half a surrogate pair: an audit row
 *   holds neither, so that its hash survives a store that keeps numbers and text its own way
 */
export function canonicalJson(value: Json): string {
  if (typeof value === "number") return integerText(value);
  if (typeof value === "string") return stringText(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(",")}]`;
  // The default order of sort() is that of UTF-16 units, the standard's own.
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${stringText(name)}:${canonicalJson(value[name] as Json)}`).join(",")}}`;
}

function integerText(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError("an audited number is a safe integer");
  return JSON.stringify(value);
}

function stringText(value: string): string {
  if (!value.isWellFormed()) throw new RangeError("audited text is well-formed");
  return JSON.stringify(value);
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}
