import type { Amount, Timestamp } from "@tse/domain";
import type { JsonObject, PageRequest } from "@tse/storage/rows";

/** What an account holds of one asset. Neither bucket is ever negative. */
export interface Balance {
  /** UUID. */
  readonly balanceId: string;
  readonly accountId: string;
  /** An asset's code: `BTC`. */
  readonly symbol: string;
  readonly availableBalance: Amount;
  /** Reserved for open orders. */
  readonly lockedBalance: Amount;
  /** The sum of both, computed by the store. */
  readonly totalBalance: Amount;
  readonly lastUpdated: Timestamp;
  readonly metadata: JsonObject | undefined;
}

/** What `upsert` takes. The id matters only when there is no such balance yet; absent, it is made. */
export type NewBalance = Pick<
  Balance,
  "accountId" | "symbol" | "availableBalance" | "lockedBalance"
> &
  Partial<Pick<Balance, "balanceId" | "metadata">>;

/** What `saveMany` takes: all but what the store computes. */
export type BalanceRow = Omit<Balance, "totalBalance">;

/** Sorted by `lastUpdated` (default, newest first), `symbol`, `availableBalance`, `lockedBalance` or `totalBalance`. */
export interface BalanceQuery extends PageRequest {
  readonly accountId?: string;
  readonly symbol?: string;
  /** Of the total, inclusive. */
  readonly minBalance?: Amount;
  /** Strictly after. */
  readonly updatedAfter?: Timestamp;
}
