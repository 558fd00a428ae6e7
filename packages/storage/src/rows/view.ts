import type { Table } from "./table.ts";

/**
 * A view: rows that follow from another table's. The database derives them by its own statement, the
 * in-memory store by `derive`; a contract suite holds the two together.
 */
export interface View<Model, Source>
  extends Pick<Table<Model>, "name" | "columns" | "key" | "sorts" | "defaultSort"> {
  readonly source: Table<Source>;
  /** Told all rows of the source, in no order. */
  readonly derive: (rows: readonly Source[]) => readonly Model[];
}
