import type { AccountNumber } from "@tse/domain";

/** How many live orders each account has in one market. */
export class OpenOrderCounts {
  #counts = new Int32Array(64);

  of(account: AccountNumber): number {
    return this.#counts[account] ?? 0;
  }

  change(account: AccountNumber, by: 1 | -1): void {
    if (account >= this.#counts.length) this.#grow(account);
    this.#counts[account] = (this.#counts[account] as number) + by;
  }

  #grow(account: AccountNumber): void {
    const longer = new Int32Array(Math.max(account + 1, this.#counts.length * 2));
    longer.set(this.#counts);
    this.#counts = longer;
  }
}
