import type { Sequence, VenueRules } from "@tse/domain";
import type { AccountDesk } from "../accounts/account-desk.ts";
import type { Keys } from "../accounts/keys.ts";
import type { FeeSchedule } from "../ledger/fees.ts";
import type { FundingDesk } from "../ledger/funding-desk.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { OrderDesk } from "../orders/order-desk.ts";
import type { RateLimiter } from "../orders/rate-limiter.ts";
import { type OrderParts, restoreOrders, saveOrders } from "./order-columns.ts";
import { STATE_VERSION, type VenueState } from "./venue-state.ts";

/** The parts of a venue that hold state. */
export interface StateParts extends OrderParts {
  readonly keys: Keys;
  readonly ledger: Ledger;
  readonly fees: FeeSchedule;
  readonly limiter: RateLimiter;
  readonly accountDesk: AccountDesk;
  readonly fundingDesk: FundingDesk;
  readonly orderDesk: OrderDesk;
}

/** Takes time in proportion to all that is saved. */
export function saveState(
  parts: StateParts,
  own: { readonly sequence: Sequence; readonly rules: VenueRules; readonly unitOfAccount: string },
): VenueState {
  const { accounts, keys, listings, fees, ledger, fundingDesk, orderDesk, limiter } = parts;
  return {
    version: STATE_VERSION,
    ...own,
    accounts: accounts.customers(),
    keys: keys.all(),
    assets: [...listings.assets],
    markets: listings.markets.map((market) => market.save()),
    fees: fees.entries(),
    ledger: ledger.save(),
    funding: fundingDesk.save(),
    ...orderDesk.numbers,
    orders: saveOrders(parts),
    limiter: limiter.lacking(),
  };
}

/** Fills the parts of a venue that has done nothing yet and was made with the saved rules. */
export function restoreState(parts: StateParts, state: VenueState): void {
  const { listings, fees, accountDesk, keys, ledger, fundingDesk, orderDesk, limiter } = parts;
  for (const asset of state.assets) listings.addAsset(asset);
  for (const market of state.markets) {
    listings.addInstrument(market.instrument).restore(market);
    fees.instrumentChanged(market.instrument);
  }
  for (const { feeTier, instrument, rates } of state.fees) fees.set(feeTier, instrument, rates);
  for (const account of state.accounts) accountDesk.restore(account);
  for (const key of state.keys) keys.add(key);
  ledger.restore(state.ledger);
  fundingDesk.restore(state.funding);
  orderDesk.restore(state);
  limiter.restore(state.limiter);
  restoreOrders(state.orders, parts);
}
