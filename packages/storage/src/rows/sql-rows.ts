import { assert } from "@tse/domain";
import { CompiledQuery, type Kysely } from "kysely";
import type { Addition, Draft, Rows } from "./rows.ts";
import { rowsText } from "./rows-text.ts";
import type { Condition, Selection } from "./selection.ts";
import { Statement } from "./statement.ts";
import type { Statements } from "./statements.ts";
import { columnName, type Field, fieldsOf, type Sort, type Table } from "./table.ts";

type Db = Kysely<unknown>;

/** The way of rows to their database. */
interface Access {
  readonly db: () => Db;
  /** Runs work in a transaction: one of its own, or the one it is in. */
  readonly inTransaction: <Result>(work: (db: Db) => Promise<Result>) => Promise<Result>;
}

type StoredRow = Readonly<Record<string, unknown>>;

/** The rows of a table in PostgreSQL or PGlite. */
export class SqlRows<Model> implements Rows<Model> {
  readonly #table: Table<Model>;
  readonly #statements: Statements<Model>;
  readonly #fields: readonly Field<Model>[];
  readonly #access: Access;

  constructor(statements: Statements<Model>, access: Access) {
    this.#table = statements.table;
    this.#statements = statements;
    this.#fields = fieldsOf(statements.table);
    this.#access = access;
  }

  async insert(rows: readonly Draft<Model>[]): Promise<void> {
    if (rows.length === 0) return;
    const numbered = this.#numbered(rows);
    await this.#run(this.#statements.insert(numbered), this.#written(rows, numbered));
  }

  async create(row: Draft<Model>): Promise<Model> {
    const numbered = this.#numbered([row]);
    const text = this.#statements.insert(numbered);
    const [stored] = await this.#returned(text, this.#written([row], numbered));
    assert(stored !== undefined, "an insertion returns its row");
    return stored;
  }

  async save(rows: readonly Draft<Model>[]): Promise<void> {
    if (rows.length === 0) return;
    const numbered = this.#numbered(rows);
    await this.#run(this.#statements.save(numbered), this.#written(rows, numbered));
  }

  async put(row: Draft<Model>): Promise<Model> {
    const numbered = this.#numbered([row]);
    const text = this.#statements.save(numbered);
    const [stored] = await this.#returned(text, this.#written([row], numbered));
    assert(stored !== undefined, "a row that is replaced has more than its key");
    return stored;
  }

  async find(selection: Selection<Model>): Promise<Model[]> {
    const { where = [], sort = [], offset = 0, limit, claim } = selection;
    const statement = new Statement(this.#table);
    const clauses = [
      statement.where(where, selection),
      statement.order(sort),
      limit === undefined ? "" : ` limit ${limit}`,
      offset === 0 ? "" : ` offset ${offset}`,
      claim === true ? " for update skip locked" : "",
    ];
    return this.#select(this.#access.db(), clauses.join(""), statement.values);
  }

  async modify(
    where: readonly Condition<Model>[],
    change: (row: Model) => Draft<Model>,
  ): Promise<Model | undefined> {
    return this.#access.inTransaction(async (db) => {
      const statement = new Statement(this.#table);
      const clauses = `${statement.where(where)} for update`;
      const [row] = await this.#select(db, clauses, statement.values);
      if (row === undefined) return undefined;
      const [changed] = await this.#update(db, where, change(row));
      return changed;
    });
  }

  async update(where: readonly Condition<Model>[], change: Draft<Model>): Promise<Model[]> {
    return this.#update(this.#access.db(), where, change);
  }

  async accumulate({ row, sums, replaced, orInsert }: Addition<Model>): Promise<Model | undefined> {
    const text = orInsert
      ? this.#statements.addOrInsert(sums, replaced)
      : this.#statements.add(sums, replaced);
    const [stored] = await this.#returned(text, this.#written([row], true));
    return stored;
  }

  async delete(where: readonly Condition<Model>[]): Promise<number> {
    const statement = new Statement(this.#table);
    const text = `delete from ${this.#table.name}${statement.where(where)} returning 1`;
    return (await this.#run(text, statement.values)).length;
  }

  async deleteFirst(
    where: readonly Condition<Model>[],
    sort: readonly Sort<Model>[],
    most: number,
  ): Promise<number> {
    const { name, key } = this.#table;
    const columns = key.map(columnName).join(", ");
    const statement = new Statement(this.#table);
    const clauses = `${statement.where(where)}${statement.order(sort)} limit ${most}`;
    const first = `select ${columns} from ${name}${clauses}`;
    const text = `delete from ${name} where (${columns}) in (${first}) returning 1 as one`;
    return (await this.#run(text, statement.values)).length;
  }

  async #select(db: Db, clauses: string, values: readonly string[]): Promise<Model[]> {
    const text = `select ${this.#statements.list} from ${this.#table.name}${clauses}`;
    const { rows } = await db.executeQuery<StoredRow>(CompiledQuery.raw(text, [...values]));
    return rows.map((row) => this.#model(row));
  }

  async #update(
    db: Db,
    where: readonly Condition<Model>[],
    change: Draft<Model>,
  ): Promise<Model[]> {
    const fields = this.#fields.filter((field) => field in change);
    const statement = new Statement(this.#table, rowsText(this.#table, fields, [change]));
    const text = `${this.#statements.update(fields)}${statement.where(where)} returning ${this.#statements.list}`;
    const { rows } = await db.executeQuery<StoredRow>(CompiledQuery.raw(text, statement.values));
    return rows.map((row) => this.#model(row));
  }

  async #returned(text: string, values: string[]): Promise<Model[]> {
    const rows = await this.#run(`${text} returning ${this.#statements.list}`, values);
    return rows.map((row) => this.#model(row));
  }

  async #run(text: string, values: string[]): Promise<readonly StoredRow[]> {
    const { rows } = await this.#access
      .db()
      .executeQuery<StoredRow>(CompiledQuery.raw(text, values));
    return rows;
  }

  /** Whether rows bring the numbers that the database would give them: all of them or none. */
  #numbered(rows: readonly Draft<Model>[]): boolean {
    const { identity } = this.#table;
    if (identity === undefined) return true;
    const numbered = rows[0]?.[identity] !== undefined;
    const alike = rows.every((row) => (row[identity] !== undefined) === numbered);
    assert(alike, "either all rows of a statement bring their numbers or none");
    return numbered;
  }

  #written(rows: readonly Draft<Model>[], numbered: boolean): string[] {
    return rowsText(this.#table, this.#statements.written(numbered), rows);
  }

  #model(row: StoredRow): Model {
    const model: Partial<Model> = {};
    for (const field of this.#fields) {
      model[field] = this.#table.columns[field].decode(row[columnName(field)]);
    }
    return model as Model;
  }
}
