import { amount, type VenueRules } from "@tse/domain";
import { Venue, type VenueState } from "@tse/venue";
import { UNIT_OF_ACCOUNT } from "./world/market.ts";

/**
 * The rules of every venue before its first command, whatever is configured: a replay has to begin where
 * the first run began. What is configured otherwise is a command.
 */
const FIRST_RULES: VenueRules = {
  kycRequired: false,
  maxSubAccounts: 100,
  orderRate: { perSecond: 100, burst: 200 },
  maxOrderNotional: amount(1_000_000n * 10n ** 8n),
};

/** A venue before its first command. */
export function newVenue(): Venue {
  return new Venue({ ...FIRST_RULES, unitOfAccount: UNIT_OF_ACCOUNT });
}

/** A venue as it was saved. */
export function restoredVenue(state: VenueState): Venue {
  return Venue.restore({ unitOfAccount: UNIT_OF_ACCOUNT }, state);
}
