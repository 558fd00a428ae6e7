import { StorageError } from "../errors.ts";
import type { Rows } from "./rows.ts";
import type { Condition, Position } from "./selection.ts";
import { columnName, type Field, type Sort, type Table } from "./table.ts";

/** What all query objects share. */
export interface PageRequest {
  /** 0 or absent: 100. At most 1,000. */
  readonly limit?: number;
  /** Rows to pass over; not together with `cursor`. */
  readonly offset?: number;
  /** A property of the model or its column, of those that its table can be sorted by. */
  readonly sortBy?: string;
  /** `ASC` or `DESC`, in any case. */
  readonly sortOrder?: string;
  /** `nextCursor` of the page before. The same query, sorted the same way. */
  readonly cursor?: string;
}

/** A part of a list. */
export interface Page<Model> {
  readonly items: readonly Model[];
  /** Asks for the rows behind these; absent on the last page. */
  readonly nextCursor: string | undefined;
}

/** How each filter of a query selects. A filter without a row here does not compile. */
export type Filters<Model, Query extends PageRequest> = {
  readonly [Name in Exclude<keyof Query, keyof PageRequest>]-?: (
    value: NonNullable<Query[Name]>,
  ) => Condition<Model>;
};

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

/** @throws StorageError `invalid_query`, naming what is wrong */
export async function page<Model, Query extends PageRequest>(
  rows: Pick<Rows<Model>, "find">,
  table: Table<Model>,
  filters: Filters<Model, Query>,
  query: Query,
): Promise<Page<Model>> {
  const sort = sorting(table, query);
  const limit = count("limit", query.limit) || DEFAULT_LIMIT;
  if (limit > MAX_LIMIT) throw invalid(`limit is at most ${MAX_LIMIT}`);
  const offset = count("offset", query.offset);
  if (offset > 0 && query.cursor !== undefined) throw invalid("offset does not go with a cursor");
  const found = await rows.find({
    where: [...conditions(filters, query), ...present(table, sort)],
    sort,
    offset,
    limit: limit + 1,
    ...(query.cursor !== undefined && { behind: readCursor(table, sort, query.cursor) }),
  });
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const more = found.length > limit && last !== undefined;
  return { items, nextCursor: more ? cursorOf(table, sort, last) : undefined };
}

/** The whole list that a filter gives, in a total order. */
export function list<Model>(
  rows: Pick<Rows<Model>, "find">,
  table: Table<Model>,
  where: readonly Condition<Model>[],
  limit?: number,
): Promise<Model[]> {
  const sort = totalOrder(table, table.defaultSort);
  return rows.find({ where, sort, ...(limit !== undefined && { limit: count("limit", limit) }) });
}

function conditions<Model, Query extends PageRequest>(
  filters: Filters<Model, Query>,
  query: Query,
): Condition<Model>[] {
  const where: Condition<Model>[] = [];
  for (const name of Object.keys(filters) as (keyof typeof filters)[]) {
    const value = query[name];
    if (value !== undefined) where.push(filters[name](value as never));
  }
  return where;
}

function sorting<Model>(table: Table<Model>, query: PageRequest): Sort<Model>[] {
  const { sortBy, sortOrder } = query;
  const field =
    sortBy === undefined
      ? table.defaultSort.field
      : table.sorts.find((name) => name === sortBy || columnName(name) === sortBy);
  if (field === undefined) throw invalid(`sortBy is one of ${table.sorts.join(", ")}`);
  const order = sortOrder === undefined ? table.defaultSort.order : sortOrder.toUpperCase();
  if (order !== "ASC" && order !== "DESC") throw invalid("sortOrder is ASC or DESC");
  return totalOrder(table, { field, order });
}

/** Ends with the key, which breaks ties. */
function totalOrder<Model>(table: Table<Model>, { field, order }: Sort<Model>): Sort<Model>[] {
  const fields = [field, ...table.key.filter((name) => name !== field)];
  return fields.map((name) => ({ field: name, order }));
}

/** Rows without the value that a list is sorted by are not in it. */
function present<Model>(table: Table<Model>, [first]: readonly Sort<Model>[]): Condition<Model>[] {
  const isOptional = first !== undefined && table.columns[first.field].optional;
  return isOptional ? [{ field: first.field, absent: false }] : [];
}

function count(name: string, value = 0): number {
  if (!Number.isSafeInteger(value) || value < 0) throw invalid(`${name} is a whole number from 0`);
  return value;
}

/**
 * A cursor is the position of the last row of a page, so that rows which come or go meanwhile neither
 * repeat nor hide another. It names its order, because a position means nothing in another one.
 */
function cursorOf<Model>(table: Table<Model>, sort: readonly Sort<Model>[], row: Model): string {
  const position = sort.map(({ field }) => portable(row[field]));
  return Buffer.from(JSON.stringify([orderName(table, sort), ...position])).toString("base64url");
}

function readCursor<Model>(
  table: Table<Model>,
  sort: readonly Sort<Model>[],
  cursor: string,
): Position {
  const parts = parsed(cursor);
  if (parts?.[0] !== orderName(table, sort) || parts.length !== sort.length + 1) {
    throw invalid("cursor is not one of this query");
  }
  return sort.map(({ field }, i) => {
    const column = table.columns[field];
    const value = restored(parts[i + 1], column.type);
    if (value === undefined || !column.fits(value as Model[Field<Model>])) {
      throw invalid("cursor is not one of this query");
    }
    return value;
  });
}

function orderName<Model>(table: Table<Model>, sort: readonly Sort<Model>[]): string {
  return `${table.name} ${sort[0]?.field} ${sort[0]?.order}`;
}

function parsed(cursor: string): unknown[] | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    return Array.isArray(parts) ? parts : undefined;
  } catch {
    return undefined;
  }
}

function portable(value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

/** The value in a cursor as the column's own kind of value; `undefined` when it is of another. */
function restored(value: unknown, type: string): unknown {
  if (type === "int4" || type === "int8" || type === "timestamptz") {
    return typeof value === "number" ? value : undefined;
  }
  if (type === "bool") return typeof value === "boolean" ? value : undefined;
  if (typeof value !== "string") return undefined;
  if (type !== "numeric") return value;
  return /^-?\d{1,24}$/.test(value) ? BigInt(value) : undefined;
}

function invalid(message: string): StorageError {
  return new StorageError("invalid_query", message);
}
