import type { Account } from "@tse/domain";
import { Digest } from "./events/digest.ts";
import type { VenueView } from "./view.ts";

/** What is part of the state but not of the view. */
export interface HiddenState {
  /** Numbers given so far, feed prices, rate limits: any numbers, in a fixed order. */
  readonly numbers: readonly number[];
  /** Self-trade modes, fee rates set, transfers done: plain data, in a fixed order. */
  readonly entries: readonly unknown[];
}

/**
 * A hash of the whole state, the same for two venues that would answer every later command alike.
 * Takes time in proportion to accounts and live orders.
 */
export function stateHash(view: VenueView, own: Account, hidden: HiddenState): string {
  const digest = new Digest();
  digest.addNumbers(Float64Array.from([view.sequence, ...hidden.numbers]));
  for (const account of [own, ...view.accounts()]) {
    digest.addValue(account);
    digest.addValue(view.balances(account.number));
    digest.addValue(view.keysOf(account.number));
  }
  digest.addValue(view.assets());
  for (const instrument of view.instruments()) {
    const { id } = instrument;
    digest.addValue(instrument);
    digest.addValue([view.referencePrice(id), view.feedStale(id), view.bookSequence(id)]);
    for (const side of ["buy", "sell"] as const) {
      for (const order of view.queue(id, side)) digest.addValue(order);
    }
  }
  for (const entry of hidden.entries) digest.addValue(entry);
  return digest.toString();
}
