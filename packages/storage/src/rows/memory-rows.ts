import type { MemoryTable } from "./memory-table.ts";
import type { Addition, Draft, Rows } from "./rows.ts";
import type { Condition, Position, Selection } from "./selection.ts";
import type { Sort, Table } from "./table.ts";

const SOME = 100;

/** Runs one statement: alone, and wholly or not at all. */
type Statement = <Result>(work: () => Result) => Promise<Result>;

/** The rows of a table in memory. */
export class MemoryRows<Model> implements Rows<Model> {
  readonly #stored: MemoryTable<Model>;
  readonly #statement: Statement;

  constructor(stored: MemoryTable<Model>, statement: Statement) {
    this.#stored = stored;
    this.#statement = statement;
  }

  insert(rows: readonly Draft<Model>[]): Promise<void> {
    return this.#statement(() => {
      for (const row of rows) this.#stored.store(row, undefined);
    });
  }

  create(row: Draft<Model>): Promise<Model> {
    return this.#statement(() => this.#stored.store(row, undefined));
  }

  save(rows: readonly Draft<Model>[]): Promise<void> {
    return this.#statement(() => {
      for (const row of rows) this.#put(row);
    });
  }

  put(row: Draft<Model>): Promise<Model> {
    return this.#statement(() => this.#put(row));
  }

  find(selection: Selection<Model>): Promise<Model[]> {
    return this.#statement(() => this.#select(selection));
  }

  modify(
    where: readonly Condition<Model>[],
    change: (row: Model) => Draft<Model>,
  ): Promise<Model | undefined> {
    return this.#statement(() => {
      const [row] = this.#select({ where });
      return row === undefined ? undefined : this.#stored.store({ ...row, ...change(row) }, row);
    });
  }

  update(where: readonly Condition<Model>[], change: Draft<Model>): Promise<Model[]> {
    return this.#statement(() =>
      this.#select({ where }).map((row) => this.#stored.store({ ...row, ...change }, row)),
    );
  }

  accumulate(addition: Addition<Model>): Promise<Model | undefined> {
    return this.#statement(() => {
      const before = this.#known(addition.row);
      if (before !== undefined) return this.#added(before, addition);
      return addition.orInsert ? this.#stored.store(addition.row, undefined) : undefined;
    });
  }

  delete(where: readonly Condition<Model>[]): Promise<number> {
    return this.#statement(() => {
      const rows = this.#select({ where });
      for (const row of rows) this.#stored.remove(row);
      return rows.length;
    });
  }

  deleteFirst(
    where: readonly Condition<Model>[],
    sort: readonly Sort<Model>[],
    most: number,
  ): Promise<number> {
    return this.#statement(() => {
      const rows = this.#select({ where, sort, limit: most });
      for (const row of rows) this.#stored.remove(row);
      return rows.length;
    });
  }

  #put(row: Draft<Model>): Model {
    const before = this.#known(row);
    return this.#stored.store(before === undefined ? row : this.#keeping(row, before), before);
  }

  #added(before: Model, { row, sums, replaced }: Addition<Model>): Model | undefined {
    const after: Partial<Model> = { ...before };
    for (const field of sums) {
      const sum = (before[field] as bigint) + (row[field] as bigint);
      if (sum < 0n) return undefined;
      after[field] = sum as Model[typeof field];
    }
    for (const field of replaced) after[field] = row[field] as Model[typeof field];
    return this.#stored.store(after, before);
  }

  #known(row: Draft<Model>): Model | undefined {
    const { key, savedBy = key } = this.#stored.table;
    return this.#stored.like(savedBy, row);
  }

  /** `row` under the key, and with the number, that it has. */
  #keeping(row: Draft<Model>, before: Model): Draft<Model> {
    const { key, identity } = this.#stored.table;
    const kept: Draft<Model> = { ...row };
    for (const field of key) kept[field] = before[field];
    if (identity !== undefined) kept[identity] ??= before[identity];
    return kept;
  }

  #select(selection: Selection<Model>): Model[] {
    const candidates = this.#candidates(selection.where ?? []);
    return selectedFrom(this.#stored.table, candidates, selection);
  }

  #candidates(where: readonly Condition<Model>[]): Iterable<Model> {
    let fewest: Iterable<Model> = this.#stored.all();
    for (const condition of where) {
      if (!("is" in condition) || condition.is !== "=") continue;
      const some = this.#stored.candidates(condition.field, condition.value);
      if (Array.isArray(some) && (!Array.isArray(fewest) || some.length < fewest.length)) {
        fewest = some;
      }
    }
    return fewest;
  }
}

/** Those of `rows` that a selection asks for, in its order. */
export function selectedFrom<Model>(
  table: Columned<Model>,
  rows: Iterable<Model>,
  { where = [], sort = [], behind, offset = 0, limit }: Selection<Model>,
): Model[] {
  const order = ordering(table, sort);
  const end = limit === undefined ? Number.POSITIVE_INFINITY : offset + limit;
  let found: Model[] = [];
  for (const row of rows) {
    if (!where.every((condition) => fulfils(table, condition, row))) continue;
    if (behind !== undefined && !isBehind(table, sort, row, behind)) continue;
    found.push(row);
    // Of many rows only the first few are wanted: the others need no place in the order.
    if (found.length >= 2 * end + SOME) found = found.sort(order).slice(0, end);
  }
  return found.sort(order).slice(offset, end);
}

type Columned<Model> = Pick<Table<Model>, "columns">;

function fulfils<Model>(table: Columned<Model>, condition: Condition<Model>, row: Model): boolean {
  if ("either" in condition) return condition.either.some((one) => fulfils(table, one, row));
  const value = row[condition.field];
  if ("absent" in condition) return (value === undefined) === condition.absent;
  if (value === undefined) return false;
  if ("in" in condition) return condition.in.includes(value);
  const { compare } = table.columns[condition.field];
  const order = compare(value, condition.value as typeof value);
  switch (condition.is) {
    case "=":
      return order === 0;
    case "<>":
      return order !== 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
  }
}

function ordering<Model>(table: Columned<Model>, sort: readonly Sort<Model>[]) {
  return (one: Model, other: Model): number => {
    for (const { field, order } of sort) {
      const difference = table.columns[field].compare(one[field], other[field]);
      if (difference !== 0) return order === "ASC" ? difference : -difference;
    }
    return 0;
  };
}

function isBehind<Model>(
  table: Columned<Model>,
  sort: readonly Sort<Model>[],
  row: Model,
  position: Position,
): boolean {
  for (const [i, { field, order }] of sort.entries()) {
    const difference = table.columns[field].compare(
      row[field],
      position[i] as (typeof row)[typeof field],
    );
    if (difference !== 0) return order === "ASC" ? difference > 0 : difference < 0;
  }
  return false;
}
