import type { Condition, Field, Rows } from "@tse/storage/rows";

/** Rows that one statement deletes, so that it holds its locks shortly whatever there is to delete. */
const CHUNK = 10_000;

/**
 * Deletes rows in chunks, the oldest first. Outside of a unit of work, what was deleted before a failure
 * stays so, and the next call goes on.
 *
 * @param at when a row was
 * @returns how many there were
 */
export async function deleteOldest<Model>(
  rows: Rows<Model>,
  at: Field<Model>,
  where: readonly Condition<Model>[],
): Promise<number> {
  for (let deleted = 0; ; ) {
    const chunk = await rows.deleteFirst(where, [{ field: at, order: "ASC" }], CHUNK);
    deleted += chunk;
    if (chunk < CHUNK) return deleted;
  }
}
