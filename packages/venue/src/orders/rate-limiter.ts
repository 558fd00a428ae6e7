import type { AccountNumber, Timestamp } from "@tse/domain";

/** A token bucket for each account: `burst` orders at once, `perSecond` on average. */
export interface OrderRate {
  readonly perSecond: number;
  readonly burst: number;
}

/** A token is a million parts, so that the refill of one microsecond is a whole number. */
const TOKEN = 1_000_000;

/**
 * Limits how many orders an account may send, on the time of the commands. Part of the venue's state:
 * a replay refuses the same orders.
 */
export class RateLimiter {
  readonly #rate: OrderRate;
  readonly #full: number;
  /** By account: parts taken and not yet refilled at the time beside it. */
  #taken = new Float64Array(64);
  #at = new Float64Array(64);

  constructor(rate: OrderRate) {
    this.#rate = rate;
    this.#full = rate.burst * TOKEN;
  }

  /** Takes one token of the account, or returns false when it has none left. */
  take(account: AccountNumber, at: Timestamp): boolean {
    if (account >= this.#taken.length) this.#grow(account);
    const elapsed = Math.max(0, at - (this.#at[account] as number));
    const refilled = elapsed * this.#rate.perSecond;
    const taken = Math.max(0, (this.#taken[account] as number) - refilled);
    const isGiven = taken + TOKEN <= this.#full;
    this.#taken[account] = isGiven ? taken + TOKEN : taken;
    this.#at[account] = Math.max(at, this.#at[account] as number);
    return isGiven;
  }

  /** Of accounts below `count`: parts lacking at their last order, and its time. For the state hash. */
  takenUntil(count: number): number[] {
    return [...this.#taken.subarray(0, count), ...this.#at.subarray(0, count)];
  }

  #grow(account: AccountNumber): void {
    const length = Math.max(account + 1, this.#taken.length * 2);
    const taken = new Float64Array(length);
    const at = new Float64Array(length);
    taken.set(this.#taken);
    at.set(this.#at);
    this.#taken = taken;
    this.#at = at;
  }
}
