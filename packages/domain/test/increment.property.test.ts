import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  countOf,
  formatShortest,
  type Increment,
  InvariantViolation,
  increment,
  parseDecimal,
  parseIncrement,
  textOf,
} from "../src/index.ts";

fc.configureGlobal({ numRuns: 1000 });

const count = fc.maxSafeInteger().map(Math.abs);

/** Every kind of step: 0.00000001, 0.01, 0.25, 5, 1000, and any other of at most 8 places. */
const step: fc.Arbitrary<Increment> = fc
  .oneof(
    fc.constantFrom("0.00000001", "0.01", "0.25", "0.5", "1", "5", "1000", "12.5"),
    fc.bigInt({ min: 1n, max: 10n ** 20n }).map((minor) => formatShortest(minor, 8)),
  )
  .map(increment);

describe("increments", () => {
  it("give back the count that a text was made of", () => {
    fc.assert(
      fc.property(count, step, (steps, by) => {
        assert.equal(countOf(textOf(steps, by), by), steps);
      }),
    );
  });

  it("give back the text that a count was made of, with the step's own digits", () => {
    fc.assert(
      fc.property(count, step, (steps, by) => {
        const text = textOf(steps, by);
        assert.equal(text.split(".")[1]?.length ?? 0, by.digits);
        assert.equal(parseDecimal(text, 8), BigInt(steps) * by.minor);
      }),
    );
  });

  it("count a decimal only when it is a whole number of steps", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), step, (minor, by) => {
        const expected = minor % by.minor === 0n ? Number(minor / by.minor) : undefined;
        assert.equal(countOf(formatShortest(minor, 8), by), expected);
      }),
    );
  });

  it("count without the error that a double makes", () => {
    const cent = increment("0.01");
    assert.notEqual(0.29 * 100, 29);
    assert.equal(countOf("0.29", cent), 29);
    for (let cents = 0; cents <= 10_000; cents += 1) {
      assert.equal(
        countOf(`${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`, cent),
        cents,
      );
    }
  });

  it("count up to 2^53 - 1 steps, and no further", () => {
    const cent = increment("0.01");
    assert.equal(countOf("90071992547409.91", cent), Number.MAX_SAFE_INTEGER);
    assert.equal(countOf("90071992547409.92", cent), undefined);
    assert.equal(countOf("9".repeat(40), cent), undefined);
  });

  it("refuse to count what isn't a decimal or has a ninth digit", () => {
    const smallest = increment("0.00000001");
    for (const text of ["", "-1", "1e3", " 1", "1.", ".5", "NaN", "0.000000001"]) {
      assert.equal(countOf(text, smallest), undefined, JSON.stringify(text));
    }
    assert.equal(countOf("0.000000010", smallest), 1);
  });
});

describe("parseIncrement", () => {
  it("keeps the digits that the step needs, however it is written", () => {
    assert.deepEqual(parseIncrement("0.01"), { minor: 1_000_000n, digits: 2 });
    assert.deepEqual(parseIncrement("0.0100"), { minor: 1_000_000n, digits: 2 });
    assert.deepEqual(parseIncrement("10"), { minor: 1_000_000_000n, digits: 0 });
    assert.deepEqual(parseIncrement("1.0"), { minor: 100_000_000n, digits: 0 });
    assert.deepEqual(parseIncrement("0.00000001"), { minor: 1n, digits: 8 });
  });

  it("refuses zero, a sign, a ninth digit and what isn't a decimal", () => {
    for (const text of ["0", "0.000", "-0.01", "0.000000001", "", "1e-2", "tick"]) {
      assert.equal(parseIncrement(text), undefined, JSON.stringify(text));
    }
  });
});

describe("increment", () => {
  it("treats a bad constant as a bug", () => {
    assert.throws(() => increment("0"), InvariantViolation);
    assert.throws(() => increment("0.000000001"), InvariantViolation);
  });
});
