import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { formatDecimal, formatShortest, isDecimal, parseDecimal } from "../src/index.ts";

const SCALES = Array.from({ length: 19 }, (_, scale) => scale);

const digits = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(..."0123456789"), minLength, maxLength });

/** Far beyond what a double holds: 40 digits before the point, whatever the scale. */
const scaled = (scale: number): fc.Arbitrary<bigint> =>
  fc.bigInt({ min: 0n, max: 10n ** BigInt(40 + scale) - 1n });

describe("decimals", () => {
  for (const scale of SCALES) {
    it(`survive integer to text to integer at scale ${scale}`, () => {
      fc.assert(
        fc.property(scaled(scale), (value) => {
          assert.equal(parseDecimal(formatDecimal(value, scale), scale), value);
          assert.equal(parseDecimal(formatShortest(value, scale), scale), value);
        }),
      );
    });

    it(`survive text to integer to text at scale ${scale}`, () => {
      fc.assert(
        fc.property(digits(1, 40), digits(0, scale), (whole, fraction) => {
          const text = fraction === "" ? whole : `${whole}.${fraction}`;
          const value = parseDecimal(text, scale);
          assert.ok(value !== undefined);

          const canonical = whole.replace(/^0+(?=\d)/, "");
          const point = scale === 0 ? "" : ".";
          assert.equal(
            formatDecimal(value, scale),
            canonical + point + fraction.padEnd(scale, "0"),
          );
        }),
      );
    });

    it(`are exactly the number that is written, at scale ${scale}`, () => {
      fc.assert(
        fc.property(digits(1, 40), digits(1, 40), (whole, fraction) => {
          const exact = BigInt(whole + fraction) * 10n ** BigInt(scale);
          const unit = 10n ** BigInt(fraction.length);
          const expected = exact % unit === 0n ? exact / unit : undefined;
          assert.equal(parseDecimal(`${whole}.${fraction}`, scale), expected);
        }),
      );
    });

    it(`keep the order of the numbers at scale ${scale}`, () => {
      fc.assert(
        fc.property(scaled(scale), scaled(scale), (one, other) => {
          const width = 60;
          const [a, b] = [one, other].map((value) =>
            formatDecimal(value, scale).padStart(width, "0"),
          );
          assert.equal((a as string) < (b as string), one < other);
        }),
      );
    });
  }

  it("show a negative difference with its sign and nothing else changed", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 30n }),
        fc.constantFrom(...SCALES),
        (value, scale) => {
          assert.equal(formatDecimal(-value, scale), `-${formatDecimal(value, scale)}`);
          assert.equal(formatShortest(-value, scale), `-${formatShortest(value, scale)}`);
        },
      ),
    );
  });

  it("show a safe integer as they show the same bigint", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.constantFrom(...SCALES), (value, scale) => {
        assert.equal(formatDecimal(value, scale), formatDecimal(BigInt(value), scale));
        assert.equal(formatShortest(value, scale), formatShortest(BigInt(value), scale));
      }),
    );
  });

  it("are refused or exact, whatever the text", () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...SCALES), (text, scale) => {
        const value = parseDecimal(text, scale);
        if (value === undefined) return;
        assert.ok(isDecimal(text));
        assert.match(text, /^[0-9]+(\.[0-9]+)?$/);
      }),
    );
  });

  it("are refused when a character that isn't a digit or the point is anywhere", () => {
    const strange = fc.string({ minLength: 1, maxLength: 1, unit: "binary" });
    fc.assert(
      fc.property(digits(1, 10), digits(0, 10), strange, (before, after, character) => {
        fc.pre(!/[0-9.]/.test(character));
        for (const text of [
          before + character + after,
          character + before,
          `${before}.1${character}`,
        ]) {
          assert.equal(isDecimal(text), false, JSON.stringify(text));
          assert.equal(parseDecimal(text, 18), undefined, JSON.stringify(text));
        }
      }),
    );
  });
});
