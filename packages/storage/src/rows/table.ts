import { StorageError } from "../errors.ts";
import type { Column } from "./column.ts";

/** The name of a model's property that is a column. */
export type Field<Model> = keyof Model & string;

export type Columns<Model> = { readonly [Name in Field<Model>]-?: Column<Model[Name]> };

export interface Unique<Model> {
  readonly fields: readonly Field<Model>[];
  /** Rows that the rule is about; all, when absent. A row with an absent field collides with none. */
  readonly where?: (row: Model) => boolean;
}

/** A field that names a row of another table by its key of one column. */
export interface Reference<Model> {
  readonly field: Field<Model>;
  readonly table: string;
  /** Whether the in-memory store forgets the row together with the one that it names. */
  readonly part?: boolean;
}

export interface Sort<Model> {
  readonly field: Field<Model>;
  readonly order: "ASC" | "DESC";
}

/**
 * One table, said once for all stores: the SQL store derives its statements from this, the in-memory
 * one its keys and checks. `test/schema.test.ts` holds it against the migrations.
 */
export interface Table<Model> {
  readonly name: string;
  readonly columns: Columns<Model>;
  readonly key: readonly Field<Model>[];
  /** What `save` recognises a row by; the key, when absent. The key of a known row stays as it was. */
  readonly savedBy?: readonly Field<Model>[];
  readonly uniques?: readonly Unique<Model>[];
  readonly references?: readonly Reference<Model>[];
  /** Rules over several columns: the table's CHECKs. */
  readonly checks?: readonly ((row: Model) => boolean)[];
  /** Numbered by the store when the row brings no number. */
  readonly identity?: Field<Model>;
  /** Computed from the row by the store, never written. */
  readonly derived?: { readonly [Name in Field<Model>]?: (row: Model) => Model[Name] };
  /** What lists may be sorted by. A list by one that may be absent has only the rows that have it. */
  readonly sorts: readonly Field<Model>[];
  readonly defaultSort: Sort<Model>;
  /** What the in-memory store keeps an index of. */
  readonly indexes?: readonly Field<Model>[];
  /** Rows that the in-memory store may forget, oldest first, when there are many. */
  readonly finished?: (row: Model) => boolean;
}

export function fieldsOf<Model>(table: Table<Model>): Field<Model>[] {
  return Object.keys(table.columns) as Field<Model>[];
}

/** The column of a property: `filledQuote` is `filled_quote`, `volume24h` is `volume_24h`. */
export function columnName(field: string): string {
  return field.replace(/[A-Z]|(?<!\d)\d/g, (start) => `_${start.toLowerCase()}`);
}

/**
 * What goes into a column: the same for every store, and never rounded or cut.
 *
 * @throws StorageError `invalid_query` when the column's type cannot hold the value
 */
export function assertFits<Model>(
  table: Table<Model>,
  field: Field<Model>,
  value: Model[Field<Model>],
): void {
  if (!table.columns[field].fits(value)) {
    throw new StorageError("invalid_query", `${table.name}: ${field} cannot hold this value`);
  }
}
