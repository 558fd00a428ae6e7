import { type Amount, amount, RATE_ONE, type Rate } from "@tse/domain";

/** Weight of the high limb. */
export const LIMB = 2 ** 48;

/** A high limb below this means a value below 2^53, which one double holds exactly. */
const EXACT_HIGH = 2 ** 5;

/** Highest rate for which `(10^8 - 1) × rate` is below 2^53. */
const FAST_RATE = 90_000_000;

const WIDE_LIMB = BigInt(LIMB);
const WIDE_ONE = BigInt(RATE_ONE);

/**
 * A register for money on its way: an exact amount in minor units, 0 to 2^101 - 1, a
 * million times the most that an account may hold.
 *
 * ```
 * value = high × 2^48 + low     0 <= low < 2^48
 * ```
 *
 * Two doubles instead of a BigInt, because a register is reused and so allocates nothing. Where a
 * step could lose a digit in doubles, that step is done in BigInt: slower, never inexact.
 */
export class Money {
  high = 0;
  low = 0;

  clear(): void {
    this.high = 0;
    this.low = 0;
  }

  copy(other: Money): void {
    this.high = other.high;
    this.low = other.low;
  }

  /** @param count 0 to 2^53 - 1 */
  setCount(count: number): void {
    this.high = Math.floor(count / LIMB);
    this.low = count - this.high * LIMB;
  }

  setAmount(value: bigint): void {
    this.high = Number(value / WIDE_LIMB);
    this.low = Number(value % WIDE_LIMB);
  }

  /** `count × each`, both 0 to 2^53 - 1. */
  setProduct(count: number, each: number): void {
    const product = count * each;
    if (product <= Number.MAX_SAFE_INTEGER) this.setCount(product);
    else this.setAmount(BigInt(count) * BigInt(each));
  }

  /** `price × quantity × each`, all 0 to 2^53 - 1. */
  setNotional(price: number, quantity: number, each: number): void {
    const product = price * quantity;
    if (product <= Number.MAX_SAFE_INTEGER) this.setProduct(product, each);
    else this.setAmount(BigInt(price) * BigInt(quantity) * BigInt(each));
  }

  /** `rate` of `base`, rounded up to a whole minor unit; at most `base`, as a rate is at most one. */
  setShare(base: Money, rate: Rate): void {
    if (rate === 0) {
      this.clear();
    } else if (base.high < EXACT_HIGH && rate <= FAST_RATE) {
      const value = base.high * LIMB + base.low;
      const whole = Math.floor(value / RATE_ONE);
      const rest = value - whole * RATE_ONE;
      this.setCount(whole * rate + Math.ceil((rest * rate) / RATE_ONE));
    } else {
      this.setAmount((base.toAmount() * BigInt(rate) + WIDE_ONE - 1n) / WIDE_ONE);
    }
  }

  add(other: Money): void {
    this.high += other.high;
    this.low += other.low;
    if (this.low >= LIMB) {
      this.low -= LIMB;
      this.high += 1;
    }
  }

  /** @param other at most this */
  subtract(other: Money): void {
    this.high -= other.high;
    this.low -= other.low;
    if (this.low < 0) {
      this.low += LIMB;
      this.high -= 1;
    }
  }

  isAtMost(high: number, low: number): boolean {
    return this.high < high || (this.high === high && this.low <= low);
  }

  toAmount(): Amount {
    return toAmount(this.high, this.low);
  }
}

/** The amount that two limbs stand for. */
export function toAmount(high: number, low: number): Amount {
  return amount(high === 0 ? BigInt(low) : BigInt(high) * WIDE_LIMB + BigInt(low));
}
