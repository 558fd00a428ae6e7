import type { Amount, Timestamp } from "@tse/domain";
import type { PageRequest } from "@tse/storage/rows";

export const JOURNAL_KINDS = ["TRADE", "DEPOSIT", "WITHDRAWAL", "TRANSFER", "ADJUSTMENT"] as const;
export type JournalKind = (typeof JOURNAL_KINDS)[number];

export const ENTRY_REASONS = ["PRINCIPAL", "FEE"] as const;
export type EntryReason = (typeof ENTRY_REASONS)[number];

/** Entries that belong together; they sum to zero per asset. */
export interface LedgerJournal {
  /** UUID. */
  readonly journalId: string;
  /** Of the command that caused it. */
  readonly sequence: number | undefined;
  readonly referenceType: string | undefined;
  readonly referenceId: string | undefined;
  readonly kind: JournalKind;
  readonly occurredAt: Timestamp;
}

/** One change of an account's total of one asset. */
export interface LedgerEntry {
  /** Numbered by the store, in order of writing, where the posting brought no number. */
  readonly entryId: number;
  readonly journalId: string;
  /** Absent: the world outside the venue. */
  readonly accountId: string | undefined;
  readonly asset: string;
  /** Positive into the account, negative out of it; never 0. */
  readonly amount: Amount;
  readonly reason: EntryReason;
  readonly balanceAfter: Amount | undefined;
  /** The account's own side of what moved it: a trade's or a transfer's id. */
  readonly referenceId: string | undefined;
}

/** An entry before it is written. All entries of one call bring their numbers, or none. */
export interface Posting extends Omit<LedgerEntry, "entryId" | "journalId"> {
  readonly entryId?: number;
}

/** A journal with all of its entries. */
export interface PostedJournal extends LedgerJournal {
  /** At least one. */
  readonly entries: readonly Posting[];
}

/** Sorted by `entryId` (default, newest first). */
export interface LedgerEntryQuery extends PageRequest {
  readonly accountId?: string;
  readonly asset?: string;
  readonly journalId?: string;
  readonly reason?: EntryReason;
  /** Of `entryId`, strictly above. */
  readonly afterEntry?: number;
  /** Of `entryId`, strictly below. */
  readonly beforeEntry?: number;
}

/** Sorted by `occurredAt` (default, newest first). */
export interface LedgerJournalQuery extends PageRequest {
  readonly journalId?: string | readonly string[];
  readonly kind?: JournalKind | readonly JournalKind[];
  readonly referenceType?: string;
  readonly referenceId?: string;
  /** Strictly after. */
  readonly occurredAfter?: Timestamp;
  /** Strictly before. */
  readonly occurredBefore?: Timestamp;
}
