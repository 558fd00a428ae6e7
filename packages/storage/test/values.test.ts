import { deepEqual, equal, rejects } from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { sql } from "kysely";
import { type SqlDatabase, timestampText } from "../src/index.ts";
import { TEST_BACKENDS } from "../src/testing/index.ts";

/** Expressions, and the value that each has here on every backend. */
const VALUES: Readonly<Record<string, readonly (readonly [string, unknown])[]>> = {
  bool: [
    ["true", true],
    ["false", false],
    ["'{t,f,NULL}'::bool[]", [true, false, null]],
  ],
  int2: [
    ["'-32768'::int2", -32768],
    ["'{32767,NULL}'::int2[]", [32767, null]],
  ],
  int4: [
    ["'-2147483648'::int4", -2147483648],
    ["'{2147483647,NULL}'::int4[]", [2147483647, null]],
  ],
  int8: [
    ["'-9223372036854775808'::int8", -9223372036854775808n],
    ["'9223372036854775807'::int8", 9223372036854775807n],
    ["count(*)", 1n],
    ["'{9007199254740993,NULL,-1}'::int8[]", [9007199254740993n, null, -1n]],
  ],
  numeric: [
    ["'9999999999999999.99999999'::decimal(24,8)", "9999999999999999.99999999"],
    ["'-9999999999999999.99999999'::decimal(24,8)", "-9999999999999999.99999999"],
    ["0::decimal(24,8)", "0.00000000"],
    ["1::decimal(24,8) / 3", "0.33333333333333333333"],
    ["'-0.00000001'::decimal(24,8)", "-0.00000001"],
    ["'{1.50,NULL,-2}'::numeric[]", ["1.50", null, "-2"]],
  ],
  float8: [
    ["'1e308'::float8", 1e308],
    ["0.1::float8", 0.1],
    ["'{1.5,NULL}'::float8[]", [1.5, null]],
  ],
  timestamptz: [
    ["'1970-01-01 00:00:00+00'::timestamptz", 0],
    ["'2026-01-05 14:20:11.004123+00'::timestamptz", 1_767_622_811_004_123],
    ["'2026-01-05 14:20:11.1+00'::timestamptz", 1_767_622_811_100_000],
    ["'2026-01-05 16:20:11.000001+02'::timestamptz", 1_767_622_811_000_001],
    ["'1969-12-31 23:59:59.999999+00'::timestamptz", -1],
    ["'1684-07-28 00:12:25.259009+00'::timestamptz", Number.MIN_SAFE_INTEGER],
    ["'2255-06-05 23:47:34.740991+00'::timestamptz", Number.MAX_SAFE_INTEGER],
    ["'{\"2000-02-29 00:00:00+00\",NULL}'::timestamptz[]", [951_782_400_000_000, null]],
  ],
  json: [
    ['\'{"a": [1, null, "x"]}\'::jsonb', { a: [1, null, "x"] }],
    ["'[]'::jsonb", []],
    ["'null'::jsonb", null],
    ["'{\"b\": true}'::json", { b: true }],
    ["array['{\"a\":1}', null]::jsonb[]", [{ a: 1 }, null]],
  ],
  bytea: [
    ["'\\x00ff10'::bytea", Uint8Array.of(0, 255, 16)],
    ["''::bytea", new Uint8Array()],
    ["array['\\x01'::bytea, null]", [Uint8Array.of(1), null]],
  ],
  text: [
    ["''", ""],
    ["'ü \"quoted\", \\ {braces} NULL'", 'ü "quoted", \\ {braces} NULL'],
    ["'abc'::varchar(10)", "abc"],
    ["'ab'::char(4)", "ab  "],
    [
      "array['a,b', 'say \"x\"', 'back\\slash', '', 'NULL', null]",
      ["a,b", 'say "x"', "back\\slash", "", "NULL", null],
    ],
    [
      "array[array['a','b'],array['c',null]]",
      [
        ["a", "b"],
        ["c", null],
      ],
    ],
    ["'{}'::text[]", []],
  ],
  uuid: [
    ["'{00000000-0000-7000-8000-000000000001}'::uuid[]", ["00000000-0000-7000-8000-000000000001"]],
  ],
  others: [
    ["'2026-01-05'::date", "2026-01-05"],
    ["'14:20:11'::time", "14:20:11"],
    ["'1 day'::interval", "1 day"],
  ],
  null: [
    ["null::int8", null],
    ["null::timestamptz", null],
    ["null::jsonb", null],
    ["null::text[]", null],
  ],
};

for (const backend of TEST_BACKENDS) {
  describe(`values of ${backend.name}`, { skip: backend.skip }, () => {
    let database: SqlDatabase<unknown>;

    before(async () => {
      database = await backend.open();
    });
    after(() => database.close());

    const read = async (expression: string): Promise<unknown> => {
      const { rows } = await sql<{ v: unknown }>`select ${sql.raw(expression)} as v`.execute(
        database.db,
      );
      return rows[0]?.v;
    };

    for (const [type, values] of Object.entries(VALUES)) {
      it(`of type ${type} come back as promised`, async () => {
        for (const [expression, expected] of values) {
          deepEqual(await read(expression), expected, expression);
        }
      });
    }

    it("refuses moments that microseconds can't count", async () => {
      for (const moment of [
        "infinity",
        "-infinity",
        "4000-01-01 00:00:00+00",
        "0050-01-01 00:00:00+00",
        "0044-03-15 00:00:00+00 BC",
        "12026-01-01 00:00:00+00",
      ]) {
        await rejects(read(`'${moment}'::timestamptz`), { code: "internal" });
      }
      await database.ping();
    });

    it("takes values as text, number, boolean, null and arrays of text", async () => {
      const { rows } = await sql`
        select ${"12.50"}::text::numeric as n, ${7}::text::int4 as i, ${true}::text::bool as b,
          ${null}::text as z, ${["a", 'b"', "c,", null]}::text[] as t,
          ${["1", "2"]}::text[]::int8[] as a, ${"{3,4}"}::text::int8[] as l,
          ${JSON.stringify({ a: 1 })}::text::jsonb as j, ${"\\x01ff"}::text::bytea as y
      `.execute(database.db);
      deepEqual(rows, [
        {
          n: "12.50",
          i: 7,
          b: true,
          z: null,
          t: ["a", 'b"', "c,", null],
          a: [1n, 2n],
          l: [3n, 4n],
          j: { a: 1 },
          y: Uint8Array.of(1, 255),
        },
      ]);
    });

    it("keeps every microsecond of a moment that goes in", async () => {
      const moment = fc.maxSafeInteger();
      await fc.assert(
        fc.asyncProperty(moment, async (microseconds) => {
          const text = timestampText(microseconds);
          equal(await read(`'${text}'::text::timestamptz`), microseconds);
        }),
        { numRuns: 200 },
      );
    });

    it("takes thousands of rows as arrays of text", async () => {
      const numbers = Array.from({ length: 10_000 }, (_, index) => String(index));
      const { rows } = await sql`
        select count(*) as n, sum(v) as s from unnest(${numbers}::text[]::int8[]) as v
      `.execute(database.db);
      deepEqual(rows, [{ n: 10_000n, s: "49995000" }]);
    });
  });
}
