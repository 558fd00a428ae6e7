import { assert } from "@tse/domain";

/**
 * JSON that gives back exactly what went in, for plain data: objects, arrays, text, numbers, bigints,
 * booleans, `null` and `undefined`. What JSON lacks is an object with one key:
 *
 * ```
 * {"$bigint": "-5"}  {"$undefined": true}  {"$number": "-0"}  {"$object": [["$key", …], …]}
 * ```
 *
 * The last stands for an object with a key that begins with `$`, so that it is not taken for one of these.
 */
export function toExactJson(value: unknown): string {
  return JSON.stringify(tagged(value));
}

/** @throws SyntaxError when `text` isn't what `toExactJson` gave */
export function fromExactJson(text: string): unknown {
  return untagged(JSON.parse(text));
}

function tagged(value: unknown): unknown {
  switch (typeof value) {
    case "bigint":
      return { $bigint: String(value) };
    case "undefined":
      return { $undefined: true };
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { $number: numberText(value) };
    case "object":
      return value === null ? null : taggedObject(value);
    default:
      assert(typeof value === "string" || typeof value === "boolean", "commands are plain data");
      return value;
  }
}

function taggedObject(value: object): unknown {
  if (Array.isArray(value)) return value.map(tagged);
  assert(Object.getPrototypeOf(value) === Object.prototype, "commands are plain data");
  const fields = Object.entries(value).map(([key, field]) => [key, tagged(field)] as const);
  const ambiguous = fields.some(([key]) => key.startsWith("$"));
  return ambiguous ? { $object: fields } : Object.fromEntries(fields);
}

function numberText(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function untagged(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(untagged);
  const fields = Object.entries(value);
  const [key, content] = fields[0] ?? ["", undefined];
  if (!key.startsWith("$")) return objectOf(fields);
  switch (key) {
    case "$bigint":
      return BigInt(content as string);
    case "$undefined":
      return undefined;
    case "$number":
      return Number(content);
    case "$object":
      return objectOf(content as [string, unknown][]);
    default:
      throw new SyntaxError(`there is no kind of value ${key}`);
  }
}

function objectOf(fields: readonly (readonly [string, unknown])[]): unknown {
  return Object.fromEntries(fields.map(([key, field]) => [key, untagged(field)]));
}
