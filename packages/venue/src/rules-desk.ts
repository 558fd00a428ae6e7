import {
  type ConfigureVenue,
  MAX_AMOUNT,
  type OrderRate,
  type Rejection,
  type Timestamp,
  type VenueRules,
} from "@tse/domain";
import type { Accounts } from "./accounts/accounts.ts";
import type { EventLog } from "./events/event-log.ts";
import type { Listings } from "./listings/listings.ts";
import type { RateLimiter } from "./orders/rate-limiter.ts";

export interface RulesDeskParts {
  readonly accounts: Accounts;
  readonly listings: Listings;
  readonly limiter: RateLimiter;
  readonly log: EventLog;
}

/** Most of a burst: its tokens are counted in millionths. */
const BURST_MAX = Math.floor(Number.MAX_SAFE_INTEGER / 1_000_000);

/** Knows the rules of the whole venue, and tells those who go by them of a change. */
export class RulesDesk {
  readonly #parts: RulesDeskParts;
  #rules: VenueRules;

  /** @param rules those that the parts were made with */
  constructor(rules: VenueRules, parts: RulesDeskParts) {
    this.#rules = copyOf(rules);
    this.#parts = parts;
  }

  get rules(): VenueRules {
    return this.#rules;
  }

  configure({ rules }: ConfigureVenue, at: Timestamp): Rejection | undefined {
    if (!isSound(rules)) return { code: "amount_out_of_range", field: "amount" };

    // From here it must succeed.
    const { accounts, listings, limiter, log } = this.#parts;
    this.#rules = copyOf(rules);
    accounts.rulesChanged(this.#rules);
    listings.capChanged(rules.maxOrderNotional);
    limiter.change(rules.orderRate, at);
    log.append({ kind: "venue_configured", rules: this.#rules });
    return undefined;
  }
}

/** The rules without anything else that the object they came in may hold. */
function copyOf({ kycRequired, maxSubAccounts, orderRate, maxOrderNotional }: VenueRules) {
  const { perSecond, burst } = orderRate ?? { perSecond: 0, burst: 0 };
  const rate = orderRate === undefined ? undefined : { perSecond, burst };
  return { kycRequired, maxSubAccounts, orderRate: rate, maxOrderNotional };
}

function isSound({ maxSubAccounts, orderRate, maxOrderNotional }: VenueRules): boolean {
  return (
    Number.isSafeInteger(maxSubAccounts) &&
    maxSubAccounts >= 0 &&
    (orderRate === undefined || isSoundRate(orderRate)) &&
    maxOrderNotional > 0n &&
    maxOrderNotional <= MAX_AMOUNT
  );
}

function isSoundRate({ perSecond, burst }: OrderRate): boolean {
  const isWhole = Number.isSafeInteger(perSecond) && Number.isSafeInteger(burst);
  return isWhole && perSecond > 0 && burst > 0 && burst <= BURST_MAX;
}
