import type { Kysely } from "kysely";
import type { SqlDatabase } from "../sql/sql-database.ts";
import type { Rows, Session } from "./rows.ts";
import { SqlRows } from "./sql-rows.ts";
import { Statements } from "./statements.ts";
import type { Table } from "./table.ts";
import type { View } from "./view.ts";

const statements = new WeakMap<object, unknown>();

/** A database, or one transaction of it, as rows. */
export class SqlSession implements Session {
  readonly forgets = false;
  readonly #database: () => SqlDatabase<unknown>;
  /** The transaction that this session is; absent outside of one. */
  readonly #transaction: Kysely<unknown> | undefined;

  /** @param database asked for each time: an embedded one is opened late */
  constructor(database: () => SqlDatabase<unknown>, transaction?: Kysely<unknown>) {
    this.#database = database;
    this.#transaction = transaction;
  }

  rows<Model>(table: Table<Model>): Rows<Model> {
    const transaction = this.#transaction;
    return new SqlRows(statementsOf(table), {
      db: () => transaction ?? this.#database().db,
      inTransaction: (work) =>
        transaction === undefined ? this.#database().transaction(work) : work(transaction),
    });
  }

  view<Model, Source>(view: View<Model, Source>): Pick<Rows<Model>, "find"> {
    return this.rows(view);
  }

  async unit<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    if (this.#transaction !== undefined) return work(this);
    return this.#database().transaction((db) => work(new SqlSession(this.#database, db)));
  }
}

function statementsOf<Model>(table: Table<Model>): Statements<Model> {
  const known = statements.get(table) as Statements<Model> | undefined;
  if (known !== undefined) return known;
  const made = new Statements(table);
  statements.set(table, made);
  return made;
}
