import type { AccountNumber, AssetId, Balance } from "@tse/domain";
import type { VenueView } from "@tse/venue";

/**
 * What the venue shows of balances, added up as it changes: the sum of an asset is that of all its
 * balances as each was shown last. Knows nothing of events, so that it stands beside the model.
 */
export class ShownMoney {
  readonly #view: VenueView;
  readonly #last = new Map<string, bigint>();
  readonly #sums: bigint[] = [];

  constructor(view: VenueView) {
    this.#view = view;
  }

  /** The balance as it is shown now, which the asset's sum then counts. */
  read(account: number, asset: number): Balance {
    const shown = this.#view.balance(account as AccountNumber, asset as AssetId);
    const key = `${account} ${asset}`;
    const total = shown.available + shown.locked;
    this.#sums[asset] = this.sum(asset) + total - (this.#last.get(key) ?? 0n);
    this.#last.set(key, total);
    return shown;
  }

  sum(asset: number): bigint {
    return this.#sums[asset] ?? 0n;
  }
}
