import type { Account, AccountNumber } from "@tse/domain";
import type { LedgerEntry, LedgerJournal } from "@tse/exchange-data-adapter";
import type { VenueView } from "@tse/venue";
import { entryOf, transferOf } from "../archive/stored-records.ts";
import type { Statement, StatementEntry } from "../views/statement.ts";
import type { TransferHistory, TransferRecord } from "../views/transfers.ts";
import { type Part, partOf, type Window } from "./merge.ts";
import { type Past, pageRequest, pagesOf, pastBehind, recordsOf } from "./stored.ts";

interface FundRecordsParts {
  readonly venue: VenueView;
  readonly transfers: TransferHistory;
  readonly statement: Statement;
  readonly past: Past;
}

/**
 * How customers' money moved, of any age: the new from memory, the old from SQL.
 *
 * Both methods reject with StorageError `storage_unavailable` when what is asked for reaches into SQL and
 * that can't be read.
 */
export class FundRecords {
  readonly #parts: FundRecordsParts;

  constructor(parts: FundRecordsParts) {
    this.#parts = parts;
  }

  /** What the account received and what it gave, by `transferSeq`. */
  transfers(account: AccountNumber, window: Window): Promise<Part<TransferRecord>> {
    const { transfers } = this.#parts;
    return partOf(
      {
        numberOf: ({ transferSeq }) => transferSeq,
        recent: transfers.list(account),
        forgotten: transfers.forgotten(account),
        stored: (part) => this.#storedTransfers(account, part),
      },
      window,
    );
  }

  /** The account's statement, by the numbers of its entries. */
  entries(account: AccountNumber, window: Window): Promise<Part<StatementEntry>> {
    const { statement } = this.#parts;
    return partOf(
      {
        numberOf: ({ number }) => number,
        recent: statement.entries(account),
        forgotten: statement.forgotten(account),
        stored: (part) => this.#storedEntries(account, part),
      },
      window,
    );
  }

  #storedTransfers(account: AccountNumber, window: Window): AsyncIterable<TransferRecord> {
    const { venue, transfers, past } = this.#parts;
    const { transferRepository } = pastBehind(past, transfers);
    const query = {
      accountId: idOf(account, venue),
      afterSeq: window.after,
      beforeSeq: window.before,
      ...pageRequest("transferSeq", window),
    };
    return recordsOf(
      (asked) => transferRepository.query(asked),
      query,
      (row) => transferOf(row, venue),
    );
  }

  async *#storedEntries(account: AccountNumber, window: Window): AsyncGenerator<StatementEntry> {
    const { venue, statement, past } = this.#parts;
    const { ledgerRepository } = pastBehind(past, statement);
    const query = {
      accountId: idOf(account, venue),
      afterEntry: window.after,
      beforeEntry: window.before,
      ...pageRequest("entryId", window),
    };
    for await (const rows of pagesOf((asked) => ledgerRepository.queryEntries(asked), query)) {
      const journals = await this.#journalsOf(rows);
      for (const row of rows) {
        const entry = entryOf(row, journals.get(row.journalId) as LedgerJournal, venue);
        if (entry !== undefined) yield entry;
      }
    }
  }

  async #journalsOf(entries: readonly LedgerEntry[]): Promise<Map<string, LedgerJournal>> {
    const { statement, past } = this.#parts;
    const journalId = [...new Set(entries.map((entry) => entry.journalId))];
    if (journalId.length === 0) return new Map();
    const { ledgerRepository } = pastBehind(past, statement);
    const { items } = await ledgerRepository.queryJournals({ journalId, limit: journalId.length });
    return new Map(items.map((journal) => [journal.journalId, journal]));
  }
}

function idOf(account: AccountNumber, venue: VenueView): string {
  return (venue.account(account) as Account).id;
}
