/** Parts of a sum below this stay exact in a double however many are added, one carry at a time. */
const LIMB = 2 ** 48;

/**
 * A sum of safe integers that may itself be far above 2^53: `high × 2^48 + low`. Exact up to 2^100,
 * and a pair of doubles when it is stored.
 */
export class WideSum {
  high = 0;
  low = 0;

  /** @param value 0 to 2^53 - 1 */
  add(value: number): void {
    this.addParts(Math.floor(value / LIMB), value % LIMB);
  }

  addParts(high: number, low: number): void {
    const sum = this.low + low;
    const carry = sum >= LIMB ? 1 : 0;
    this.low = sum - carry * LIMB;
    this.high += high + carry;
  }

  get value(): bigint {
    return BigInt(this.high) * BigInt(LIMB) + BigInt(this.low);
  }
}
