import type { Sequence } from "@tse/domain";
import type { ExchangeDataAdapter, Page, PageRequest } from "@tse/exchange-data-adapter";
import { StorageError } from "@tse/storage";
import type { Window } from "./merge.ts";

/** What is stored of the past. */
export interface Past {
  /** Last sequence whose rows are stored. */
  readonly position: Sequence;
  /** @throws StorageError `storage_unavailable` while nothing can be read */
  readonly history: ExchangeDataAdapter;
}

/**
 * The past behind a view.
 *
 * @param completeFrom what only earlier units changed, the view may have let go of
 * @throws StorageError `storage_unavailable` while it can't be read, or has not come to where the view
 * begins: an answer with a hole would be worse
 */
export function pastBehind(
  past: Past,
  { completeFrom }: { readonly completeFrom: Sequence },
): ExchangeDataAdapter {
  const { history } = past;
  if (past.position + 1 >= completeFrom) return history;
  throw new StorageError("storage_unavailable", "history is behind what memory has let go of");
}

const PAGE_MAX = 1_000;
/** Rows that are read beside those wanted, for those that memory knows better. */
const SPARE = 10;

/** What a query for rows of a window says beside its filters. */
export function pageRequest(sortBy: string, { from, limit }: Window): PageRequest {
  const sortOrder = from === "newest" ? "DESC" : "ASC";
  return { sortBy, sortOrder, limit: Math.min(PAGE_MAX, limit + SPARE) };
}

/** The pages of a query, one after another. */
export async function* pagesOf<Row, Query extends PageRequest>(
  ask: (query: Query) => Promise<Page<Row>>,
  query: Query,
): AsyncGenerator<readonly Row[]> {
  let cursor: string | undefined;
  do {
    const page = await ask(cursor === undefined ? query : { ...query, cursor });
    yield page.items;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}

/** The rows of a query, each as what `recordOf` makes of it; those that it makes nothing of are passed over. */
export async function* recordsOf<Row, Item, Query extends PageRequest>(
  ask: (query: Query) => Promise<Page<Row>>,
  query: Query,
  recordOf: (row: Row) => Item | undefined,
): AsyncGenerator<Item> {
  for await (const rows of pagesOf(ask, query)) {
    for (const row of rows) {
      const record = recordOf(row);
      if (record !== undefined) yield record;
    }
  }
}
