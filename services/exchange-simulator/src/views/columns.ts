/** The values of one field, one a row, in whichever form holds them in fewest bytes. */
export type Column<Value> =
  | Float64Array
  | { readonly names: readonly Value[]; readonly at: Uint8Array }
  | readonly Value[];

/**
 * Rows of one shape, field by field. What is stored of many rows is read several times as fast so as
 * it is as an array of objects, which names every field in every row.
 */
export type Columns<Row> = { readonly [Field in keyof Row]: Column<Row[Field]> };

/** The values of each field, by row. */
export type Fields<Row> = { readonly [Field in keyof Row]: ArrayLike<Row[Field]> };

/** Most different values that a column names once each. */
const NAMES_MAX = 256;

/** @param fields every field that is stored */
export function toColumns<Row extends object>(
  rows: readonly Row[],
  fields: Readonly<Record<keyof Row, true>>,
): Columns<Row> {
  const names = Object.keys(fields) as (keyof Row)[];
  return Object.fromEntries(
    names.map((name) => [name, toColumn(rows.map((row) => row[name]))]),
  ) as unknown as Columns<Row>;
}

/** What `toColumns` was given, to be put together row by row. */
export function fromColumns<Row extends object>(columns: Columns<Row>): Fields<Row> {
  const entries = Object.entries(columns) as [string, Column<unknown>][];
  return Object.fromEntries(
    entries.map(([name, column]) => [name, valuesOf(column)]),
  ) as unknown as Fields<Row>;
}

function toColumn(values: readonly unknown[]): Column<unknown> {
  if (values.every((value) => typeof value === "number")) return Float64Array.from(values);
  const places = new Map<unknown, number>();
  const at = new Uint8Array(values.length);
  for (const [row, value] of values.entries()) {
    let place = places.get(value);
    if (place === undefined) {
      place = places.size;
      if (place === NAMES_MAX) return values;
      places.set(value, place);
    }
    at[row] = place;
  }
  return { names: [...places.keys()], at };
}

function valuesOf(column: Column<unknown>): ArrayLike<unknown> {
  if (!("names" in column)) return column;
  const { names, at } = column;
  return Array.from(at, (place) => names[place]);
}
