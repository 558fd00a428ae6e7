import type { Timestamp } from "@tse/domain";
import type { JsonObject, PageRequest } from "@tse/storage/rows";

export const ACCOUNT_TYPES = ["SPOT", "MARGIN", "FUTURES"] as const;
export type AccountType = (typeof ACCOUNT_TYPES)[number];

export const ACCOUNT_STATUSES = ["ACTIVE", "SUSPENDED", "CLOSED"] as const;
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number];

export const KYC_STATUSES = ["PENDING", "APPROVED", "REJECTED"] as const;
export type KycStatus = (typeof KYC_STATUSES)[number];

export const ACCOUNT_ROLES = ["CUSTOMER", "SIMULATED", "VENUE"] as const;
export type AccountRole = (typeof ACCOUNT_ROLES)[number];

/** An account as it is stored. A user may have several, of one type too. */
export interface Account {
  /** UUID. */
  readonly accountId: string;
  /** The account that this one is a sub-account of. */
  readonly parentAccountId: string | undefined;
  /** 1 to 255 characters. */
  readonly userId: string;
  /** At most 100 characters; unique among one account's sub-accounts that aren't closed. */
  readonly name: string | undefined;
  readonly accountType: AccountType;
  readonly role: AccountRole;
  readonly status: AccountStatus;
  readonly kycStatus: KycStatus;
  /** At most 20 characters. */
  readonly feeTier: string;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
  readonly metadata: JsonObject | undefined;
}

/** What `create` takes. An absent id is made; absent times are now. */
export type NewAccount = Pick<Account, "userId" | "accountType"> &
  Partial<Omit<Account, "userId" | "accountType" | "updatedAt">>;

/** What `update` may change; absent fields stay. */
export type AccountChange = Partial<
  Pick<Account, "userId" | "accountType" | "status" | "kycStatus" | "metadata" | "name" | "feeTier">
>;

/** Sorted by `createdAt` (default, newest first), `updatedAt`, `userId`, `accountType`, `status` or `kycStatus`. */
export interface AccountQuery extends PageRequest {
  readonly userId?: string;
  readonly accountType?: AccountType;
  readonly status?: AccountStatus;
  readonly kycStatus?: KycStatus;
  /** Strictly after. */
  readonly createdAfter?: Timestamp;
  readonly parentAccountId?: string;
}
