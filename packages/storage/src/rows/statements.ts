import { columnName, type Field, fieldsOf, type Table } from "./table.ts";

/**
 * Statements that take any number of rows in four parameters, and have one plan whatever their values:
 * `rowsText` makes the parameters of rows.
 *
 * ```
 * insert into t (a, b) select r.c0, r.c1
 * from (select a[1]::uuid as c0, a[2]::text as c1
 *       from (select string_to_array(line, $3, $4) as a from string_to_table($1, $2) as line offset 0) as l
 *      ) as r
 * ```
 *
 * Taking text apart at separators costs the database half of what `json_to_recordset` and `unnest` do.
 * Without `offset 0` it would take each line apart once for each of its columns.
 */
export class Statements<Model> {
  readonly table: Table<Model>;
  /** What a statement returns of a row: all its columns. */
  readonly list: string;
  readonly #fields: readonly Field<Model>[];

  constructor(table: Table<Model>) {
    this.table = table;
    this.#fields = fieldsOf(table);
    this.list = this.#fields.map((field) => `${table.name}.${columnName(field)}`).join(", ");
  }

  /** @param numbered whether the rows bring their numbers; else the database gives them */
  insert(numbered: boolean): string {
    const fields = this.written(numbered);
    const columns = fields.map(columnName).join(", ");
    const values = fields.map((field) => this.#given(field)).join(", ");
    return `insert into ${this.table.name} (${columns}) select ${values} from ${this.#source(fields)}`;
  }

  save(numbered: boolean): string {
    const { key } = this.table;
    const sets = this.written(numbered)
      .filter((field) => !key.includes(field) && !this.#savedBy.includes(field))
      .map((field) => `${columnName(field)} = excluded.${columnName(field)}`);
    const action = sets.length === 0 ? "nothing" : `update set ${sets.join(", ")}`;
    return `${this.insert(numbered)} on conflict (${this.#target}) do ${action}`;
  }

  /** The fields whose values an insertion takes, in order. */
  written(numbered: boolean): readonly Field<Model>[] {
    const { derived = {}, identity } = this.table;
    return this.#fields.filter((field) => !(field in derived) && (numbered || field !== identity));
  }

  /** Takes the values of `fields`. To be followed by conditions. */
  update(fields: readonly Field<Model>[]): string {
    const sets = fields.map((field) => `${columnName(field)} = ${this.#given(field)}`);
    return `update ${this.table.name} set ${sets.join(", ")} from ${this.#source(fields)}`;
  }

  /** Adds to the row that there is, unless a sum would fall below zero. Takes what an insertion takes. */
  add(sums: readonly Field<Model>[], replaced: readonly Field<Model>[]): string {
    const sum = (field: Field<Model>) => `${this.#own(field)} + ${this.#given(field)}`;
    const sets = [
      ...sums.map((field) => `${columnName(field)} = ${sum(field)}`),
      ...replaced.map((field) => `${columnName(field)} = ${this.#given(field)}`),
    ];
    const terms = [
      ...this.#savedBy.map((field) => `${this.#own(field)} = ${this.#given(field)}`),
      ...sums.map((field) => `${sum(field)} >= 0`),
    ];
    const source = this.#source(this.written(true));
    return `update ${this.table.name} set ${sets.join(", ")} from ${source} where ${terms.join(" and ")}`;
  }

  /** As `add`, of what cannot make a sum smaller; stores the row when there is none. */
  addOrInsert(sums: readonly Field<Model>[], replaced: readonly Field<Model>[]): string {
    const sets = [
      ...sums.map((field) => {
        const column = columnName(field);
        return `${column} = ${this.#own(field)} + excluded.${column}`;
      }),
      ...replaced.map((field) => `${columnName(field)} = excluded.${columnName(field)}`),
    ];
    return `${this.insert(true)} on conflict (${this.#target}) do update set ${sets.join(", ")}`;
  }

  get #savedBy(): readonly Field<Model>[] {
    return this.table.savedBy ?? this.table.key;
  }

  get #target(): string {
    return this.#savedBy.map(columnName).join(", ");
  }

  #own(field: Field<Model>): string {
    return `${this.table.name}.${columnName(field)}`;
  }

  #given(field: Field<Model>): string {
    return `r.${columnName(field)}`;
  }

  #source(fields: readonly Field<Model>[]): string {
    const cells = fields.map((field, i) => {
      return `a[${i + 1}]::${this.table.columns[field].type} as ${columnName(field)}`;
    });
    return `(select ${cells.join(", ")} from ${LINES}) as r`;
  }
}

const LINES =
  "(select string_to_array(line, $3::text, $4::text) as a from string_to_table($1::text, $2::text) as line offset 0) as l";
