import type { Part, Window } from "../../records/merge.ts";
import { invalidCursor } from "./problems.ts";

/** What a cursor belongs to: one list's cursor is not another's. */
type List = "account" | "audit" | "entry" | "fill" | "order" | "transfer";

interface PageQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

const CURSOR = /^([a-z]+):([0-9]{1,16})$/;

/**
 * One page of a list, newest first. What is added later stands before the first page, so that going
 * on neither repeats nor skips.
 *
 * @param oldestFirst by rising numbers
 * @throws Problem `invalid_cursor`
 */
export function pageOf<Item>(
  list: List,
  oldestFirst: readonly Item[],
  numberOf: (item: Item) => number,
  query: PageQuery,
): Page<Item> {
  const before = readCursor(list, query.cursor);
  let end = oldestFirst.length;
  while (end > 0 && numberOf(oldestFirst[end - 1] as Item) >= before) end -= 1;

  const start = Math.max(0, end - query.limit);
  const items = oldestFirst.slice(start, end).reverse();
  const last = items.at(-1);
  const nextCursor = start === 0 || last === undefined ? null : cursorOf(list, numberOf(last));
  return { items, nextCursor };
}

/**
 * One page of a list that reaches further back than memory does, newest first.
 *
 * @param read the list's part in a window
 * @throws Problem `invalid_cursor`; what `read` throws
 */
export async function pageOfPast<Read extends Part<unknown>>(
  list: List,
  read: (window: Window) => Promise<Read>,
  numberOf: (item: Read["items"][number]) => number,
  query: PageQuery,
): Promise<Read & { readonly nextCursor: string | null }> {
  const before = readCursor(list, query.cursor);
  const part = await read({ after: -1, before, from: "newest", limit: query.limit });
  const last = part.items.at(-1);
  const nextCursor = part.more && last !== undefined ? cursorOf(list, numberOf(last)) : null;
  return { ...part, nextCursor };
}

function cursorOf(list: List, number: number): string {
  return Buffer.from(`${list}:${number}`).toString("base64url");
}

/** The number before which a page begins. */
function readCursor(list: List, cursor: string | undefined): number {
  if (cursor === undefined) return Number.POSITIVE_INFINITY;
  const [, name, digits] = CURSOR.exec(Buffer.from(cursor, "base64url").toString("latin1")) ?? [];
  if (name !== list || digits === undefined || cursorOf(list, Number(digits)) !== cursor) {
    throw invalidCursor();
  }
  return Number(digits);
}
