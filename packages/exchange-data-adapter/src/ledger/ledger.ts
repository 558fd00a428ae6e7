import type { Amount, Timestamp } from "@tse/domain";
import type { PageRequest } from "../store/page.ts";

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
  /** Numbered by the store, in order of writing. */
  readonly entryId: number;
  readonly journalId: string;
  /** Absent: the world outside the venue. */
  readonly accountId: string | undefined;
  readonly asset: string;
  /** Positive into the account, negative out of it; never 0. */
  readonly amount: Amount;
  readonly reason: EntryReason;
  readonly balanceAfter: Amount | undefined;
}

/** An entry before it is written. */
export type Posting = Omit<LedgerEntry, "entryId" | "journalId">;

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
}

/** Sorted by `occurredAt` (default, newest first). */
export interface LedgerJournalQuery extends PageRequest {
  readonly kind?: JournalKind | readonly JournalKind[];
  readonly referenceType?: string;
  readonly referenceId?: string;
  /** Strictly after. */
  readonly occurredAfter?: Timestamp;
  /** Strictly before. */
  readonly occurredBefore?: Timestamp;
}
