import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InvariantViolation } from "@tse/domain";
import fc from "fast-check";
import { fromExactJson, toExactJson } from "../src/exact-json.ts";

const plainData = fc.letrec((tie) => ({
  value: fc.oneof(
    fc.string({ unit: "binary" }),
    fc.double(),
    fc.integer(),
    fc.bigInt(),
    fc.boolean(),
    fc.constantFrom(null, undefined),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom("$bigint", "$object", "__proto__", "$")),
      tie("value"),
      {
        maxKeys: 4,
        noNullPrototype: true,
      },
    ),
  ),
})).value;

describe("exact JSON", () => {
  it("gives back any plain data exactly, undefined fields and bigints included", () => {
    fc.assert(
      fc.property(plainData, (value) => {
        assert.deepStrictEqual(fromExactJson(toExactJson(value)), value);
      }),
      { numRuns: 500 },
    );
  });

  it("calls anything but plain data our bug", () => {
    for (const value of [new Date(0), new Map(), () => 1, Symbol("s"), new Uint8Array(1)]) {
      assert.throws(() => toExactJson({ value }), InvariantViolation);
    }
  });
});
