import type { Amount, Timestamp } from "@tse/domain";
import type { JsonObject, PageRequest } from "@tse/storage/rows";

export const TRANSFER_KINDS = ["DEPOSIT", "WITHDRAWAL", "INTERNAL"] as const;
export type TransferKind = (typeof TRANSFER_KINDS)[number];

export const TRANSFER_STATUSES = ["PENDING", "COMPLETED", "REJECTED", "FAILED"] as const;
export type TransferStatus = (typeof TRANSFER_STATUSES)[number];

/**
 * Money that moves into the venue (`DEPOSIT`, no `fromAccountId`), out of it (`WITHDRAWAL`, no
 * `toAccountId`) or between two accounts (`INTERNAL`, both, and different).
 */
export interface Transfer {
  /** UUID. */
  readonly transferId: string;
  /** Of all transfers, in order. */
  readonly transferSeq: number | undefined;
  readonly kind: TransferKind;
  readonly fromAccountId: string | undefined;
  readonly toAccountId: string | undefined;
  readonly asset: string;
  /** Above 0. */
  readonly amount: Amount;
  readonly status: TransferStatus;
  /** The other side's name for it; unique. */
  readonly externalId: string | undefined;
  readonly reason: string | undefined;
  readonly createdAt: Timestamp;
  readonly completedAt: Timestamp | undefined;
  readonly metadata: JsonObject | undefined;
}

/** What `create` takes. An absent id is made, an absent status is `COMPLETED`. */
export type NewTransfer = Pick<Transfer, "kind" | "asset" | "amount"> &
  Partial<Omit<Transfer, "kind" | "asset" | "amount">>;

/** Sorted by `createdAt` (default, newest first), `transferSeq`, `asset`, `amount` or `status`. */
export interface TransferQuery extends PageRequest {
  /** On either side. */
  readonly accountId?: string;
  readonly kind?: TransferKind | readonly TransferKind[];
  readonly asset?: string;
  readonly status?: TransferStatus;
  /** Strictly after. */
  readonly createdAfter?: Timestamp;
  /** Strictly before. */
  readonly createdBefore?: Timestamp;
  /** Of `transferSeq`, strictly above. */
  readonly afterSeq?: number;
  /** Of `transferSeq`, strictly below. */
  readonly beforeSeq?: number;
}
