import { randomUUID } from "node:crypto";
import { assertFits, type Field, type Table } from "./table.ts";

/** Never part of a number, a time, an id or JSON, and hardly ever of other text. */
const ROW = "\u001e";
const CELL = "\u001f";
const NOTHING = "\u001d";
const SEPARATORS = [ROW, CELL, NOTHING];

/**
 * Rows as the parameters that `Statements` takes: one text, what separates its rows, what separates
 * their cells, and the cell that stands for none.
 *
 * @throws StorageError `invalid_query` for a value that its column cannot hold
 */
export function rowsText<Model>(
  table: Table<Model>,
  fields: readonly Field<Model>[],
  rows: readonly Partial<Model>[],
): string[] {
  const columns = fields.map((field) => ({ field, ...table.columns[field] }));
  let foreign = false;
  const cells = rows.map((row) =>
    columns.map(({ field, encode }) => {
      const value = row[field];
      if (value === undefined) return undefined;
      assertFits(table, field, value);
      const text = encode(value);
      foreign ||= SEPARATORS.some((separator) => text.includes(separator));
      return text;
    }),
  );
  // Where a value holds a separator itself, all of them get a tail that no value holds.
  const tail = foreign ? randomUUID() : "";
  const nothing = NOTHING + tail;
  const lines = cells.map((line) => line.map((text) => text ?? nothing).join(CELL + tail));
  return [lines.join(ROW + tail), ROW + tail, CELL + tail, nothing];
}
