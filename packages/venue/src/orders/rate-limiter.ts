import type { AccountNumber, OrderRate, Timestamp } from "@tse/domain";

/** A token is a million parts, so that the refill of one microsecond is a whole number. */
const TOKEN = 1_000_000;

/** An account that lacks so many parts of tokens at that time. */
export interface Lacking {
  readonly account: number;
  readonly taken: number;
  readonly at: number;
}

/**
 * Limits how many orders an account may send, on the time of the commands. Part of the venue's state:
 * a replay refuses the same orders.
 */
export class RateLimiter {
  #rate: OrderRate | undefined;
  #full = 0;
  /** By account: parts taken and not yet refilled at the time beside it. */
  #taken = new Float64Array(64);
  #at = new Float64Array(64);

  /** @param rate `undefined`: no limit */
  constructor(rate: OrderRate | undefined) {
    this.#setRate(rate);
  }

  /** Takes one token of the account, or returns false when it has none left. */
  take(account: AccountNumber, at: Timestamp): boolean {
    if (this.#rate === undefined) return true;
    if (account >= this.#taken.length) this.#grow(account);
    const taken = this.#lacking(account, at, this.#rate);
    const isGiven = taken + TOKEN <= this.#full;
    this.#taken[account] = isGiven ? taken + TOKEN : taken;
    this.#at[account] = Math.max(at, this.#at[account] as number);
    return isGiven;
  }

  /**
   * Goes on with another rate. Until `at` tokens come back at the old one; an account then lacks as many
   * as before, but no more than the new burst holds. Without a limit nothing is counted, so that a limit
   * after none finds everybody's bucket full.
   */
  change(rate: OrderRate | undefined, at: Timestamp): void {
    const before = this.#rate;
    this.#setRate(rate);
    for (const { account } of this.lacking()) {
      const taken = before === undefined ? 0 : this.#lacking(account, at, before);
      this.#taken[account] = Math.min(taken, this.#full);
      this.#at[account] = Math.max(at, this.#at[account] as number);
    }
  }

  /** The accounts whose buckets weren't full after their last order, by number. */
  lacking(): Lacking[] {
    const found: Lacking[] = [];
    this.#taken.forEach((taken, account) => {
      if (taken > 0) found.push({ account, taken, at: this.#at[account] as number });
    });
    return found;
  }

  /** Goes on with the counts of a saved state. */
  restore(lacking: readonly Lacking[]): void {
    for (const { account, taken, at } of lacking) {
      if (account >= this.#taken.length) this.#grow(account as AccountNumber);
      this.#taken[account] = taken;
      this.#at[account] = at;
    }
  }

  #lacking(account: number, at: Timestamp, { perSecond }: OrderRate): number {
    const elapsed = Math.max(0, at - (this.#at[account] as number));
    return Math.max(0, (this.#taken[account] as number) - elapsed * perSecond);
  }

  #setRate(rate: OrderRate | undefined): void {
    this.#rate = rate;
    this.#full = rate === undefined ? 0 : rate.burst * TOKEN;
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
