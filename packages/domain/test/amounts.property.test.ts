import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { amount, formatAmount, MAX_AMOUNT, parseAmount } from "../src/index.ts";

fc.configureGlobal({ numRuns: 1000 });

const money = fc.bigInt({ min: 0n, max: MAX_AMOUNT }).map(amount);

describe("amounts", () => {
  it("survive minor units to text to minor units", () => {
    fc.assert(
      fc.property(money, (value) => {
        assert.equal(parseAmount(formatAmount(value)), value);
      }),
    );
  });

  it("always show 8 digits after the point", () => {
    fc.assert(
      fc.property(money, (value) => {
        assert.match(formatAmount(value), /^\d+\.\d{8}$/);
      }),
    );
  });

  it("go up to the largest that DECIMAL(24,8) stores, and no further", () => {
    assert.equal(parseAmount("9999999999999999.99999999"), MAX_AMOUNT);
    assert.equal(parseAmount("10000000000000000"), undefined);
    fc.assert(
      fc.property(fc.bigInt({ min: MAX_AMOUNT + 1n, max: 10n ** 40n }), (minor) => {
        assert.equal(parseAmount(formatAmount(amount(minor))), undefined);
      }),
    );
  });

  it("refuse a ninth digit after the point unless it is zero", () => {
    assert.equal(parseAmount("0.000000001"), undefined);
    assert.equal(parseAmount("0.100000000"), 10_000_000n);
  });

  it("show a debit with its sign", () => {
    assert.equal(formatAmount(amount(-1n)), "-0.00000001");
  });
});
