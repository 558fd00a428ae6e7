import type { Amount } from "./units.ts";

/** A token bucket for each account: `burst` orders at once, `perSecond` on average. */
export interface OrderRate {
  readonly perSecond: number;
  readonly burst: number;
}

/** What holds for the whole venue and may be changed while it runs. */
export interface VenueRules {
  /** Whether only accounts with approved KYC may trade. */
  readonly kycRequired: boolean;
  /** Most living sub-accounts of one master. */
  readonly maxSubAccounts: number;
  /** Limit of each customer's orders; `undefined`: none. */
  readonly orderRate: OrderRate | undefined;
  /** What one order may be worth at the reference price, in the unit of account. */
  readonly maxOrderNotional: Amount;
}
