import { type AccountNumber, type Amount, type AssetId, amount, type Sequence } from "@tse/domain";
import type { VenueView } from "@tse/venue";
import type { Unit } from "../exchange.ts";
import { type Columns, fromColumns, toColumns } from "./columns.ts";
import { Forgotten, type ForgottenState } from "./forgotten.ts";
import { lastNumberOf, type Movement, movementsOf, sequenceOf } from "./movements.ts";
import { type Kept, Retention, type RetentionState } from "./retention.ts";

export interface StatementEntry extends Movement {
  /** Available and locked together, after this movement. */
  readonly total: Amount;
}

/** For a snapshot. */
export interface StatementState extends RetentionState {
  readonly entries: Columns<StatementEntry>;
  readonly forgotten: ForgottenState<AccountNumber>;
}

const ENTRY_FIELDS = {
  number: true,
  at: true,
  account: true,
  asset: true,
  cause: true,
  reference: true,
  change: true,
  total: true,
} as const;

interface Account {
  readonly entries: Kept<StatementEntry>;
  readonly totals: Map<AssetId, Amount>;
}

/**
 * Customers' account statements, folded from released units: every movement of a total, with the total
 * it leaves. Of each account the newest `maxEntries` are kept, and those that aren't in SQL yet.
 */
export class Statement {
  readonly #venue: VenueView;
  readonly #maxEntries: number;
  readonly #accounts = new Map<AccountNumber, Account>();
  readonly #retention = new Retention();
  readonly #forgotten = new Forgotten<AccountNumber>();

  constructor(venue: VenueView, maxEntries = 5_000) {
    this.#venue = venue;
    this.#maxEntries = maxEntries;
  }

  /** Every entry of this unit and later ones is here. */
  get completeFrom(): Sequence {
    return this.#retention.completeFrom;
  }

  /** Subscribe this to the exchange before anything that reads. */
  readonly record = (unit: Unit): void => {
    for (const movement of movementsOf(unit, this.#venue)) this.#move(movement);
  };

  /** Units up to `sequence`, where the venue stands, were only passed on the way: nothing of them is here. */
  passed(sequence: Sequence): void {
    this.#takeTotals();
    for (const { number } of this.#venue.accounts()) {
      this.#forgotten.note(number, lastNumberOf(sequence));
    }
    this.#retention.forgot(sequence);
  }

  /** Everything up to `sequence` is in SQL. */
  projected(sequence: Sequence): void {
    this.#retention.projected(sequence);
  }

  /** Every entry of the account that has a greater number is here; -1: all are. */
  forgotten(account: AccountNumber): number {
    return this.#forgotten.of(account);
  }

  /** Oldest first. */
  entries(account: AccountNumber): readonly StatementEntry[] {
    return this.#accounts.get(account)?.entries.slice() ?? [];
  }

  /** What is here and not in SQL, when SQL has everything up to `projected`. */
  save(projected: Sequence): StatementState {
    const accounts = [...this.#accounts.values()];
    const entries = accounts.flatMap((account) => account.entries.after(projected));
    const unsaved = accounts.flatMap((account) => account.entries.upTo(projected).slice(-1));
    return {
      ...this.#retention.save(projected + 1),
      entries: toColumns(entries, ENTRY_FIELDS),
      forgotten: this.#forgotten.save(unsaved.map(({ account, number }) => [account, number])),
    };
  }

  /** Into a view that has recorded nothing, of a venue that stands where it stood when this was saved. */
  restore(state: StatementState): void {
    this.#retention.restore(state);
    this.#forgotten.restore(state.forgotten);
    this.#takeTotals();
    for (const entry of entriesOf(state.entries)) this.#of(entry.account).entries.add(entry);
  }

  /** As they are in the venue. */
  #takeTotals(): void {
    for (const { number } of this.#venue.accounts()) {
      for (const { asset, available, locked } of this.#venue.balances(number)) {
        this.#of(number).totals.set(asset, amount(available + locked));
      }
    }
  }

  #move(movement: Movement): void {
    const { entries, totals } = this.#of(movement.account);
    const total = amount((totals.get(movement.asset) ?? 0n) + movement.change);
    totals.set(movement.asset, total);
    entries.add({ ...movement, total });
  }

  #of(account: AccountNumber): Account {
    let statement = this.#accounts.get(account);
    if (statement === undefined) {
      const bound = this.#maxEntries;
      const entries = this.#retention.list<StatementEntry>({
        bound,
        sequenceOf: ({ number }) => sequenceOf(number),
        forget: ({ number }) => this.#forgotten.note(account, number),
      });
      statement = { entries, totals: new Map() };
      this.#accounts.set(account, statement);
    }
    return statement;
  }
}

function entriesOf(columns: Columns<StatementEntry>): StatementEntry[] {
  const of = fromColumns(columns);
  return Array.from(of.number, (number, at) => ({
    number,
    at: of.at[at] as StatementEntry["at"],
    account: of.account[at] as StatementEntry["account"],
    asset: of.asset[at] as StatementEntry["asset"],
    cause: of.cause[at] as StatementEntry["cause"],
    reference: of.reference[at] as StatementEntry["reference"],
    change: of.change[at] as StatementEntry["change"],
    total: of.total[at] as StatementEntry["total"],
  }));
}
