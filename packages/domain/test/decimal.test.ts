import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatDecimal, formatShortest, isDecimal, parseDecimal } from "../src/index.ts";

describe("parseDecimal", () => {
  it("reads what a double would get wrong", () => {
    assert.equal(parseDecimal("0.29", 2), 29n);
    assert.equal(parseDecimal("9007199254740993", 0), 9_007_199_254_740_993n);
    assert.equal(parseDecimal("0.100000000000000055", 18), 100_000_000_000_000_055n);
  });

  it("takes zeros in front and zeros beyond the scale for nothing", () => {
    assert.equal(parseDecimal("007.50", 1), 75n);
    assert.equal(parseDecimal("1.0000000000000000000000000000000000000000", 0), 1n);
    assert.equal(parseDecimal("0", 8), 0n);
    assert.equal(parseDecimal("0.000", 8), 0n);
  });

  it("refuses a digit beyond the scale in place of rounding it", () => {
    assert.equal(parseDecimal("0.001", 2), undefined);
    assert.equal(parseDecimal("1.5", 0), undefined);
  });

  it("takes 40 digits a side and refuses 41", () => {
    const [most, tooMany] = ["9".repeat(40), "9".repeat(41)];
    assert.equal(parseDecimal(`${most}.${"0".repeat(40)}`, 0), BigInt(most));
    assert.equal(parseDecimal(tooMany, 0), undefined);
    assert.equal(parseDecimal(`1.${"0".repeat(41)}`, 0), undefined);
    assert.equal(isDecimal(`${most}.${most}`), true);
    assert.equal(isDecimal(tooMany), false);
    assert.equal(isDecimal("1".repeat(1_000_000)), false);
  });

  const refused = {
    "a sign": ["-1", "+1", "-0", "\u22121", "1-"],
    "an exponent": ["1e3", "1E3", "1e-3", "1e+3"],
    "a blank": ["", " ", " 1", "1 ", "1\n", "1 000", "1\u00a0000", "\t1"],
    "a bare point": [".", "1.", ".5", "1..2", "1.2.3"],
    "a comma": ["1,5", "1,000.00"],
    "another base or a literal's suffix": ["0x10", "0b1", "0o7", "1n", "1_000", "1f"],
    "what isn't a number": ["NaN", "Infinity", "-Infinity", "null", "one", "\0", "1\0"],
    "digits of another script": ["\u0661", "\uff11", "\u00b2", "\u{1d7d9}"],
  };
  for (const [what, texts] of Object.entries(refused)) {
    it(`refuses ${what}`, () => {
      for (const text of texts) {
        assert.equal(parseDecimal(text, 18), undefined, JSON.stringify(text));
        assert.equal(isDecimal(text), false, JSON.stringify(text));
      }
    });
  }
});

describe("formatDecimal", () => {
  it("writes exactly the scale's digits", () => {
    assert.equal(formatDecimal(29n, 2), "0.29");
    assert.equal(formatDecimal(2900n, 2), "29.00");
    assert.equal(formatDecimal(0n, 3), "0.000");
    assert.equal(formatDecimal(7n, 0), "7");
    assert.equal(formatDecimal(-5n, 2), "-0.05");
    assert.equal(formatDecimal(Number.MAX_SAFE_INTEGER, 8), "90071992.54740991");
  });
});

describe("formatShortest", () => {
  it("drops zeros after the point and none before it", () => {
    assert.equal(formatShortest(100n, 0), "100");
    assert.equal(formatShortest(10_000n, 2), "100");
    assert.equal(formatShortest(10_050n, 2), "100.5");
    assert.equal(formatShortest(0n, 8), "0");
    assert.equal(formatShortest(-10n, 2), "-0.1");
  });
});
