import type { Json } from "../support/production.ts";

/** The keywords of JSON Schema that the API description uses for answers. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
}

/** Where `value` isn't what `schema` says, as a path; `undefined` when it is. */
export function mismatch(value: unknown, schema: Schema, document: Json): string | undefined {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace("#/components/schemas/", "");
    return mismatch(value, document.components.schemas[name], document);
  }
  if (schema.anyOf !== undefined) {
    const misses = schema.anyOf.map((one) => mismatch(value, one, document));
    return misses.includes(undefined) ? undefined : `none of ${misses.join(" | ")}`;
  }
  if (!isOneOf(value, schema)) return `: ${value} isn't ${JSON.stringify(schema)}`;
  if (Array.isArray(value)) return itemMismatch(value, schema, document);
  return typeof value === "object" && value !== null
    ? propertyMismatch(value as Json, schema, document)
    : undefined;
}

function isOneOf(value: unknown, schema: Schema): boolean {
  if (schema.enum?.includes(value) === false) return false;
  if (schema.const !== undefined && schema.const !== value) return false;
  const types = [schema.type ?? []].flat();
  return types.length === 0 || types.some((type) => hasType(value, type));
}

function hasType(value: unknown, type: string): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "integer":
      return Number.isSafeInteger(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    default:
      return typeof value === type;
  }
}

function itemMismatch(items: unknown[], schema: Schema, document: Json): string | undefined {
  for (const [index, item] of items.entries()) {
    const expected = schema.prefixItems?.[index] ?? schema.items ?? {};
    const miss = mismatch(item, expected, document);
    if (miss !== undefined) return `[${index}]${miss}`;
  }
  return undefined;
}

function propertyMismatch(value: Json, schema: Schema, document: Json): string | undefined {
  const { properties = {}, required = [], additionalProperties = true } = schema;
  for (const name of required) if (!Object.hasOwn(value, name)) return `.${name}: is missing`;
  for (const [name, inner] of Object.entries(value)) {
    const expected = properties[name] ?? additionalProperties;
    if (expected === false) return `.${name}: isn't described`;
    const miss = expected === true ? undefined : mismatch(inner, expected, document);
    if (miss !== undefined) return `.${name}${miss}`;
  }
  return undefined;
}
