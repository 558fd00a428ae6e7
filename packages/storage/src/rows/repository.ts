import type { Clock } from "@tse/domain";
import { type StorageCode, StorageError } from "../errors.ts";
import type { Page } from "./page.ts";
import type { Session } from "./rows.ts";

/** What a repository is made of. */
export interface RepositoryParts {
  readonly session: Session;
  /** Stamps what is written; callers never do. */
  readonly clock: Pick<Clock, "now">;
  /** Ids for rows that bring none. */
  readonly newId: () => string;
}

/** @throws StorageError `not_found`, `<what> not found: <id>`, when there is no row */
export function found<Model>(row: Model | undefined, what: string, id: string): Model {
  if (row === undefined) throw new StorageError("not_found", `${what} not found: ${id}`);
  return row;
}

/** The same failure, in words of the business, where it has that code. */
export async function saying<Result>(
  code: StorageCode,
  message: string,
  work: Promise<Result>,
): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof StorageError && cause.code === code) {
      const failure = new StorageError(code, message, { cause });
      throw failure;
    }
    throw cause;
  }
}

/** The fields of `change` that may change, whatever else came with them. */
export function only<Change extends object>(
  change: Change,
  fields: readonly (keyof Change)[],
): Partial<Change> {
  const kept: Partial<Change> = {};
  for (const field of fields) if (field in change) kept[field] = change[field];
  return kept;
}

/** One row a key: of several, the last. */
export function lastOfEach<Row>(rows: readonly Row[], key: (row: Row) => string): readonly Row[] {
  const last = new Map<string, Row>();
  for (const row of rows) last.set(key(row), row);
  return last.size === rows.length ? rows : [...last.values()];
}

/** The first page alone, for lists that need no second. */
export async function items<Model>(page: Promise<Page<Model>>): Promise<readonly Model[]> {
  return (await page).items;
}
