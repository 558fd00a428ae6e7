import type { Condition, Selection } from "./selection.ts";
import type { Field, Sort, Table } from "./table.ts";
import type { View } from "./view.ts";

/** A row before the store has filled what is its own: numbers and computed columns. */
export type Draft<Model> = Partial<Model>;

/** What adds to a row: see `Rows.accumulate`. */
export interface Addition<Model> {
  /** Names the row by `savedBy`; in `sums` the differences, in the rest what a new row would have. */
  readonly row: Draft<Model>;
  readonly sums: readonly Field<Model>[];
  /** Fields that take the value of `row`. */
  readonly replaced: readonly Field<Model>[];
  /** Whether `row` is stored when there is none. */
  readonly orInsert: boolean;
}

/**
 * The rows of one table: keys, checks and order, no rules of business. Two implementations, SQL and
 * memory; the repositories are written once, over this.
 *
 * Rejects with `StorageError`: `already_exists` for a violated unique rule, `conflict` for a violated
 * check or reference, `storage_unavailable`. A call does all it says or nothing.
 */
export interface Rows<Model> {
  /** Stores new rows. */
  insert(rows: readonly Draft<Model>[]): Promise<void>;

  /** Stores one new row and tells what was stored. */
  create(row: Draft<Model>): Promise<Model>;

  /** Stores rows, replacing those it recognises by `savedBy`, which no two of them share. */
  save(rows: readonly Draft<Model>[]): Promise<void>;

  /** As `save`, of one row; tells what is stored now. */
  put(row: Draft<Model>): Promise<Model>;

  find(selection: Selection<Model>): Promise<Model[]>;

  /**
   * Changes the one row that `where` names by a unique rule. No other unit sees or changes the row
   * between the reading of `change` and its effect.
   *
   * @param change told the row as it is; what it throws is thrown, and the row stays
   * @returns the row as it is now; `undefined` when there is none
   */
  modify(
    where: readonly Condition<Model>[],
    change: (row: Model) => Draft<Model>,
  ): Promise<Model | undefined>;

  /** In one statement; returns the changed rows. */
  update(where: readonly Condition<Model>[], change: Draft<Model>): Promise<Model[]>;

  /**
   * Adds to one row in one statement, so that concurrent additions all count.
   *
   * @returns `undefined` and changes nothing when a sum would fall below zero, or when there is no row
   *   and none is to be inserted
   */
  accumulate(addition: Addition<Model>): Promise<Model | undefined>;

  /** @returns how many rows there were */
  delete(where: readonly Condition<Model>[]): Promise<number>;

  /** Deletes the first `most` of the rows in this order. @returns how many there were */
  deleteFirst(
    where: readonly Condition<Model>[],
    sort: readonly Sort<Model>[],
    most: number,
  ): Promise<number>;
}

/** Rows as one unit of work, or as single statements outside of any. */
export interface Session {
  /** Whether old finished rows may be gone. */
  readonly forgets: boolean;

  rows<Model>(table: Table<Model>): Rows<Model>;

  view<Model, Source>(view: View<Model, Source>): Pick<Rows<Model>, "find">;

  /** All of `work` or nothing of it; within a unit of work a part of that one. */
  unit<Result>(work: (session: Session) => Promise<Result>): Promise<Result>;
}
