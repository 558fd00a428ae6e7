import { equal } from "node:assert/strict";
import { describe, it } from "node:test";
import { RATE_ONE } from "@tse/domain";
import fc from "fast-check";
import { LIMB, Money } from "../src/ledger/money.ts";
import { shareDown, shareUp } from "../src/ledger/share.ts";

const RUNS = { numRuns: 3_000 };
const LARGEST = Number.MAX_SAFE_INTEGER;
/** What a register holds exactly. */
const TOP = 2n ** 101n;
const one = BigInt(RATE_ONE);

/** Numbers at and around every edge that the arithmetic has. */
const edges = [0, 1, 2 ** 31, 2 ** 47, LIMB - 1, LIMB, LIMB + 1, 2 ** 52, LARGEST - 1, LARGEST];
const count = fc.oneof(
  fc.constantFrom(...edges),
  fc.integer({ min: 0, max: 100_000 }),
  fc.maxSafeNat(),
);
const rate = fc.oneof(
  fc.constantFrom(0, 1, 100_000, 89_999_999, 90_000_000, 90_000_001, RATE_ONE - 1, RATE_ONE),
  fc.integer({ min: 0, max: RATE_ONE }),
);
const wide = fc.oneof(
  fc.bigInt({ min: 0n, max: 10n ** 24n }),
  fc.bigInt({ min: 0n, max: TOP / 2n }),
  count.map(BigInt),
  fc.constantFrom(2n ** 53n - 1n, 2n ** 53n, 10n ** 24n - 1n),
);

function moneyOf(value: bigint): Money {
  const money = new Money();
  money.setAmount(value);
  return money;
}

/** The value of a register whose limbs are as they must be. */
function amountOf(money: Money): bigint {
  equal(Number.isSafeInteger(money.high) && money.high >= 0, true, `high limb ${money.high}`);
  equal(
    Number.isSafeInteger(money.low) && money.low >= 0 && money.low < LIMB,
    true,
    `low limb ${money.low}`,
  );
  return money.toAmount();
}

describe("money, for all amounts, counts and rates", () => {
  it("keeps an amount exactly", () => {
    fc.assert(
      fc.property(wide, (value) => equal(amountOf(moneyOf(value)), value)),
      RUNS,
    );
  });

  it("multiplies two counts exactly", () => {
    fc.assert(
      fc.property(count, count, (first, second) => {
        fc.pre(BigInt(first) * BigInt(second) < TOP);
        const money = new Money();
        money.setProduct(first, second);
        equal(amountOf(money), BigInt(first) * BigInt(second));
      }),
      RUNS,
    );
  });

  it("multiplies price, quantity and value exactly", () => {
    fc.assert(
      fc.property(count, count, count, (price, quantity, each) => {
        fc.pre(BigInt(price) * BigInt(quantity) * BigInt(each) < TOP);
        const money = new Money();
        money.setNotional(price, quantity, each);
        equal(amountOf(money), BigInt(price) * BigInt(quantity) * BigInt(each));
      }),
      RUNS,
    );
  });

  it("adds and subtracts exactly", () => {
    fc.assert(
      fc.property(wide, wide, (first, second) => {
        const money = moneyOf(first);
        money.add(moneyOf(second));
        equal(amountOf(money), first + second);
        money.subtract(moneyOf(first));
        equal(amountOf(money), second);
      }),
      RUNS,
    );
  });

  it("orders amounts as they are", () => {
    fc.assert(
      fc.property(wide, wide, (first, second) => {
        const other = moneyOf(second);
        equal(moneyOf(first).isAtMost(other.high, other.low), first <= second);
      }),
      RUNS,
    );
  });

  it("rounds a share up by less than one minor unit and never above the whole", () => {
    fc.assert(
      fc.property(wide, rate, (value, share) => {
        const money = new Money();
        money.setShare(moneyOf(value), share);
        const expected = (value * BigInt(share) + one - 1n) / one;
        equal(amountOf(money), expected);
        equal(expected <= value, true);
      }),
      RUNS,
    );
  });
});

describe("a share of a count, for all counts and rates", () => {
  const anyRate = fc.oneof(rate, count);
  const cut = (value: bigint) => Number(value < BigInt(LARGEST) ? value : BigInt(LARGEST));

  it("is rounded down exactly", () => {
    fc.assert(
      fc.property(count, anyRate, (whole, share) => {
        equal(shareDown(whole, share), cut((BigInt(whole) * BigInt(share)) / one));
      }),
      RUNS,
    );
  });

  it("is rounded up exactly", () => {
    fc.assert(
      fc.property(count, anyRate, (whole, share) => {
        equal(shareUp(whole, share), cut((BigInt(whole) * BigInt(share) + one - 1n) / one));
      }),
      RUNS,
    );
  });
});
