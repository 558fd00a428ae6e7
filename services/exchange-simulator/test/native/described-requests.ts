import fc from "fast-check";
import type { Json } from "../support/production.ts";

/** What the requests of a run may name: filled from the answers, as a client would. */
export type Known = Readonly<Record<string, string[]>>;

/** Stands for the `index`-th known value of a name, taken when the request is sent. */
interface Pick {
  readonly $known: string;
  readonly index: number;
}

/** A request as the API description makes it, `Pick`s still in it. */
export interface DescribedRequest {
  readonly method: string;
  readonly route: string;
  readonly path: readonly (readonly [string, unknown])[];
  readonly query: readonly (readonly [string, unknown])[];
  readonly headers: readonly (readonly [string, unknown])[];
  readonly body: unknown;
  /** What was done to it on purpose: `""` for nothing. */
  readonly mutation: string;
}

type Arbitrary = fc.Arbitrary<unknown>;

/** Names whose values only the venue can give; others are made from their schemas. */
const KNOWN: Readonly<Record<string, string>> = {
  accountId: "accountId",
  parentAccountId: "accountId",
  toAccountId: "accountId",
  orderId: "orderId",
  keyId: "keyId",
  cursor: "cursor",
};

/** One in so many requests has an optional parameter of its place. Few share a key: most would conflict. */
const ODDS = { path: 3, query: 3, header: 8 };

/** Fields of an example that may have any value of their schema, whatever the other fields are. */
const FREE: ReadonlySet<string> = new Set(["side", "quantity", "accountType", "scopes"]);

/** Values that are wrong nearly everywhere. */
const HOSTILE: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1e308,
  0.1,
  "",
  " ",
  "-1",
  "0",
  "NaN",
  "Infinity",
  "1e5",
  "0x10",
  "0.000000001",
  `1${"0".repeat(30)}`,
  "١٢٣",
  "a\0b",
  "\ud800",
  "😀",
  "../../etc/passwd",
  "' OR 1=1 --",
  "x".repeat(10_000),
  [],
  ["1"],
  {},
  { $gt: "" },
  { toString: "x" },
  JSON.parse('{"constructor": {"name": "x"}}'),
];

const FIELDS = ["extra", "id", "constructor", "toString", "stopPrice", "__proto", "", "ü"];

/** Every request that an API description describes, and many that it nearly does. */
export function describedRequest(document: Json): fc.Arbitrary<DescribedRequest> {
  const operations = Object.entries<Json>(document.paths).flatMap(([route, methods]) =>
    Object.entries<Json>(methods).map(([method, operation]) => ({
      weight: weightOf(operation),
      arbitrary: ofOperation(route, method, operation),
    })),
  );
  const sound = fc.oneof(...operations);
  return fc.oneof(
    { weight: 65, arbitrary: sound },
    {
      weight: 35,
      arbitrary: fc.tuple(sound, mutation).map(([request, mutate]) => mutate(request)),
    },
  );
}

/** What changes something is asked for more often than what only shows it, and orders most often. */
function weightOf({ requestBody, tags }: Json): number {
  if (requestBody === undefined) return 1;
  return tags.includes("Orders") ? 6 : 2;
}

function ofOperation(
  route: string,
  method: string,
  { parameters = [], requestBody }: Json,
): fc.Arbitrary<DescribedRequest> {
  const valuesIn = (place: keyof typeof ODDS): fc.Arbitrary<(readonly [string, unknown])[]> => {
    const fields = parameters
      .filter((each: Json) => each.in === place)
      .map(({ name, schema, example, required }: Json) => {
        const examples = example === undefined ? schema.examples : [example];
        const value = ofSchema(name, { ...schema, examples });
        const odds = required === true ? 1 : ODDS[place];
        return fc
          .tuple(fc.nat({ max: odds - 1 }), value)
          .map(([absent, given]) => (absent === 0 ? [[name, given] as const] : []));
      });
    return fc
      .tuple(...(fields as fc.Arbitrary<(readonly [string, unknown])[]>[]))
      .map((all) => all.flat());
  };
  return fc.record({
    method: fc.constant(method.toUpperCase()),
    route: fc.constant(route),
    path: valuesIn("path"),
    query: valuesIn("query"),
    headers: valuesIn("header"),
    body: requestBody === undefined ? fc.constant(undefined) : ofBody(requestBody),
    mutation: fc.constant(""),
  });
}

/** The description's own examples with real ids in them, or whatever the schema allows. */
function ofBody({ content }: Json): Arbitrary {
  const { schema, examples = {} } = content["application/json"];
  const offered = Object.values<Json>(examples).map(({ value }) =>
    fc.record(
      Object.fromEntries(
        Object.entries<Json>(value).map(([name, example]) => [
          name,
          name in KNOWN || FREE.has(name)
            ? ofSchema(name, schema.properties[name])
            : fc.constant(example),
        ]),
      ),
    ),
  );
  return fc.oneof(...offered, ofSchema("", schema));
}

function ofSchema(name: string, schema: Json): Arbitrary {
  const known = KNOWN[name];
  if (known !== undefined) return fc.record({ $known: fc.constant(known), index: fc.nat(1_000) });
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case "string":
      return ofText(schema);
    case "integer":
      return fc.integer({ min: schema.minimum, max: schema.maximum });
    case "boolean":
      return fc.boolean();
    case "array":
      return fc.array(ofSchema("", schema.items), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 3, 3),
      });
    case "object":
      return ofObject(schema);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function ofObject({ properties, required = [] }: Json): Arbitrary {
  if (properties === undefined) return fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }));
  const fields = Object.entries<Json>(properties).map(([name, each]) => [
    name,
    ofSchema(name, each),
  ]);
  return fc.record(Object.fromEntries(fields), { requiredKeys: required });
}

function ofText({
  pattern,
  examples = [],
  maxLength = 40,
  minLength = 0,
  format,
}: Json): Arbitrary {
  const offered = examples.map((example: string) => fc.constant(example));
  if (format === "date-time") {
    const from = new Date("2020-01-01T00:00:00Z");
    const date = fc.date({ min: from, max: new Date("2030-01-01T00:00:00Z"), noInvalidDate: true });
    return fc.oneof(
      ...offered,
      date.map((each) => each.toISOString()),
    );
  }
  // The generator of texts knows no assertions; what they ask for is likely anyway.
  const plain = pattern?.replace(/\(\?=[^)]*\)/, "");
  const made =
    plain === undefined
      ? fc.string({ minLength, maxLength })
      : fc.stringMatching(new RegExp(plain), { maxLength });
  return fc.oneof(...offered, ...offered, made);
}

type Mutator = (
  request: DescribedRequest,
  index: number,
  hostile: unknown,
  field: string,
) => DescribedRequest;

/** Each does one thing to a request that makes it wrong, or nearly. */
const MUTATORS: readonly Mutator[] = [
  (request, _, hostile, field) => withQuery(request, field, hostile),
  (request, index, hostile, field) =>
    inPath(request, index, hostile) ?? withQuery(request, field, hostile),
  (request, index, hostile, field) =>
    inQuery(request, index, hostile) ?? withQuery(request, field, hostile),
  (request, _, hostile) => ({ ...request, body: hostile, mutation: "body" }),
  (request, index, hostile) => without(request, fieldAt(request, index), hostile),
  (request, _, hostile, field) => withField(request, field, hostile),
  (request, index, hostile) => withField(request, fieldAt(request, index), hostile),
  (request, index, hostile) => withField(request, fieldAt(request, index), hostile),
];

const mutation: fc.Arbitrary<(request: DescribedRequest) => DescribedRequest> = fc
  .tuple(
    fc.constantFrom(...MUTATORS),
    fc.nat(),
    fc.constantFrom(...HOSTILE),
    fc.constantFrom(...FIELDS),
  )
  .map(
    ([mutate, index, hostile, field]) =>
      (request) =>
        mutate(request, index, hostile, field),
  );

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fieldAt({ body }: DescribedRequest, index: number): string {
  const names = Object.keys(isObject(body) ? body : {});
  return names[index % Math.max(1, names.length)] ?? "extra";
}

function withQuery(request: DescribedRequest, name: string, value: unknown): DescribedRequest {
  return { ...request, query: [...request.query, [name, value]], mutation: `query ${name}` };
}

function inPath(
  request: DescribedRequest,
  index: number,
  hostile: unknown,
): DescribedRequest | undefined {
  if (request.path.length === 0) return undefined;
  const at = index % request.path.length;
  return { ...request, path: replacedAt(request.path, at, hostile), mutation: `path ${at}` };
}

function inQuery(
  request: DescribedRequest,
  index: number,
  hostile: unknown,
): DescribedRequest | undefined {
  if (request.query.length === 0) return undefined;
  const at = index % request.query.length;
  return { ...request, query: replacedAt(request.query, at, hostile), mutation: `query ${at}` };
}

function replacedAt(
  fields: DescribedRequest["query"],
  at: number,
  value: unknown,
): DescribedRequest["query"] {
  return fields.map(([name, kept], index) => [name, index === at ? value : kept]);
}

/** A request without a body gets one: `hostile`. */
function without(request: DescribedRequest, name: string, hostile: unknown): DescribedRequest {
  if (!isObject(request.body)) return { ...request, body: hostile, mutation: "body" };
  const { [name]: _, ...body } = request.body;
  return { ...request, body, mutation: `without ${name}` };
}

function withField(request: DescribedRequest, name: string, value: unknown): DescribedRequest {
  const fields = isObject(request.body) ? request.body : {};
  return { ...request, body: { ...fields, [name]: value }, mutation: `body ${name}` };
}

/** The request as it goes over the wire. */
export function written(request: DescribedRequest, known: Known) {
  const values = Object.fromEntries(
    request.path.map(([name, value]) => [name, resolved(value, known)]),
  );
  const path = request.route.replace(/\{(\w+)\}/g, (_, name: string) => encoded(values[name]));
  const query = request.query
    .map(([name, value]) => `${encoded(name)}=${encoded(resolved(value, known))}`)
    .join("&");
  return {
    method: request.method,
    url: query === "" ? path : `${path}?${query}`,
    headers: Object.fromEntries(request.headers) as Readonly<Record<string, string>>,
    body: request.body === undefined ? undefined : JSON.stringify(resolved(request.body, known)),
  };
}

function resolved(value: unknown, known: Known): unknown {
  if (Array.isArray(value)) return value.map((each) => resolved(each, known));
  if (!isObject(value)) return value;
  if (typeof value.$known === "string") {
    const { $known, index } = value as Pick;
    const all = known[$known] ?? [];
    return all[index % Math.max(1, all.length)] ?? "none";
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, resolved(each, known)]),
  );
}

function encoded(value: unknown): string {
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return encodeURIComponent(text.toWellFormed());
}
