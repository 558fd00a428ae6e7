import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { canonicalJson } from "../src/audit/canonical-json.ts";
import type { Json } from "../src/rows/json.ts";

const anyText = fc.string({ unit: "binary" });
const { value: anyValue } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    anyText,
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(anyText, tie("value"), { maxKeys: 5 }),
  ),
}));

/** The same value with the members of its objects in another order. */
function shuffled(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(shuffled);
  const members = Object.entries(value).reverse();
  return Object.fromEntries(members.map(([name, member]) => [name, shuffled(member)]));
}

describe("canonical JSON, for every value", () => {
  it("is JSON of the value", () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("is one text, in whatever order members come", () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        assert.equal(canonicalJson(shuffled(value)), canonicalJson(value));
      }),
    );
  });
});

describe("canonical JSON", () => {
  it("sorts as RFC 8785, section 3.2.3, says: by UTF-16 units", () => {
    const members = {
      "\u20ac": 1,
      "\r": 2,
      "\ufb33": 3,
      "1": 4,
      "\u{1f600}": 5,
      "\u0080": 6,
      "\u00f6": 7,
    };
    const values = canonicalJson(members).match(/\d(?=[,}])/g);
    assert.deepEqual(values?.join(""), "2467153");
  });

  it("writes what RFC 8785 writes of text and numbers", () => {
    assert.equal(
      canonicalJson(['\u20ac$\u000f\nA\'\u0042"\\\\"/', -0, 1e15]),
      '["€$\\u000f\\nA\'B\\"\\\\\\\\\\"/",0,1000000000000000]',
    );
  });

  it("refuses fractions, numbers beyond 2^53 and half a surrogate pair", () => {
    for (const value of [
      0.5,
      2 ** 53,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      "\ud800",
      { "\udc00": 1 },
    ]) {
      assert.throws(() => canonicalJson([value]), RangeError);
    }
  });
});
