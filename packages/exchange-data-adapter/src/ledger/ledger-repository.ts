import { StorageError } from "@tse/storage";
import {
  above,
  among,
  below,
  equal,
  type Filters,
  found,
  type Page,
  page,
  type RepositoryParts,
  type Rows,
  type Session,
} from "@tse/storage/rows";
import type {
  LedgerEntry,
  LedgerEntryQuery,
  LedgerJournal,
  LedgerJournalQuery,
  PostedJournal,
  Posting,
} from "./ledger.ts";
import { ledgerEntryTable, ledgerJournalTable } from "./ledger-tables.ts";

const ENTRY_FILTERS: Filters<LedgerEntry, LedgerEntryQuery> = {
  accountId: equal("accountId"),
  asset: equal("asset"),
  journalId: equal("journalId"),
  reason: equal("reason"),
  afterEntry: above("entryId"),
  beforeEntry: below("entryId"),
};

const JOURNAL_FILTERS: Filters<LedgerJournal, LedgerJournalQuery> = {
  journalId: among("journalId"),
  kind: among("kind"),
  referenceType: equal("referenceType"),
  referenceId: equal("referenceId"),
  occurredAfter: above("occurredAt"),
  occurredBefore: below("occurredAt"),
};

/** The double-entry ledger. Append-only: nothing is ever changed or deleted. Lists are newest first. */
export class LedgerRepository {
  readonly #session: Session;
  readonly #journals: Rows<LedgerJournal>;
  readonly #entries: Rows<LedgerEntry>;

  constructor({ session }: RepositoryParts) {
    this.#session = session;
    this.#journals = session.rows(ledgerJournalTable);
    this.#entries = session.rows(ledgerEntryTable);
  }

  /**
   * Writes journals with their entries, all or none. Entries that bring no number are numbered in the order
   * given.
   *
   * @throws StorageError `conflict` when a journal has no entry or does not sum to zero per asset, or an
   *   entry names no account; `already_exists` for a journal's id or an entry's number
   */
  async append(journals: readonly PostedJournal[]): Promise<void> {
    for (const journal of journals) assertBalanced(journal);
    const entries = journals.flatMap(({ journalId, entries: postings }) =>
      postings.map((posting) => ({ ...posting, journalId })),
    );
    await this.#session.unit(async (session) => {
      await session.rows(ledgerJournalTable).insert(journals);
      await session.rows(ledgerEntryTable).insert(entries);
    });
  }

  /** A journal and its entries, as they were given. @throws StorageError `not_found`, "ledger journal not found: <id>" */
  async getById(journalId: string): Promise<PostedJournal> {
    const [row] = await this.#journals.find({
      where: [equal<LedgerJournal>("journalId")(journalId)],
    });
    const journal = found(row, "ledger journal", journalId);
    const entries = await this.#entries.find({
      where: [equal<LedgerEntry>("journalId")(journalId)],
      sort: [{ field: "entryId", order: "ASC" }],
    });
    return { ...journal, entries: entries.map(asPosting) };
  }

  /** @throws StorageError `invalid_query` */
  queryEntries(query: LedgerEntryQuery): Promise<Page<LedgerEntry>> {
    return page(this.#entries, ledgerEntryTable, ENTRY_FILTERS, query);
  }

  /** @throws StorageError `invalid_query` */
  queryJournals(query: LedgerJournalQuery): Promise<Page<LedgerJournal>> {
    return page(this.#journals, ledgerJournalTable, JOURNAL_FILTERS, query);
  }
}

function assertBalanced({ journalId, entries }: PostedJournal): void {
  const sums = new Map<string, bigint>();
  for (const { asset, amount } of entries) sums.set(asset, (sums.get(asset) ?? 0n) + amount);
  if (sums.size === 0 || sums.values().some((sum) => sum !== 0n)) {
    throw new StorageError("conflict", `ledger journal does not balance: ${journalId}`);
  }
}

function asPosting({ entryId: _, journalId: __, ...posting }: LedgerEntry): Posting {
  return posting;
}
