import { instant, int8, money, oneOf, optional, type Table, text, uuid } from "@tse/storage/rows";
import { ENTRY_REASONS, JOURNAL_KINDS, type LedgerEntry, type LedgerJournal } from "./ledger.ts";

export const ledgerJournalTable: Table<LedgerJournal> = {
  name: "ledger_journals",
  columns: {
    journalId: uuid(),
    sequence: optional(int8()),
    referenceType: optional(text(30)),
    referenceId: optional(uuid()),
    kind: oneOf(JOURNAL_KINDS),
    occurredAt: instant(),
  },
  key: ["journalId"],
  sorts: ["occurredAt"],
  defaultSort: { field: "occurredAt", order: "DESC" },
  indexes: ["referenceId"],
  finished: () => true,
};

export const ledgerEntryTable: Table<LedgerEntry> = {
  name: "ledger_entries",
  columns: {
    entryId: int8(),
    journalId: uuid(),
    accountId: optional(uuid()),
    asset: text(10),
    amount: money(),
    reason: oneOf(ENTRY_REASONS),
    balanceAfter: optional(money()),
    referenceId: optional(uuid()),
  },
  key: ["entryId"],
  references: [
    { field: "journalId", table: "ledger_journals", part: true },
    { field: "accountId", table: "accounts" },
  ],
  checks: [({ amount }) => amount !== 0n],
  identity: "entryId",
  sorts: ["entryId"],
  defaultSort: { field: "entryId", order: "DESC" },
  indexes: ["accountId", "journalId"],
};
