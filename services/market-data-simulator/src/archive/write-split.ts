import { StorageError } from "@tse/storage";

/**
 * Writes items in one statement where storage takes them all; where it refuses, in halves, so that only the items go
 * that it refuses by themselves. In order.
 *
 * @param onRefused called with each item that storage will never take
 * @throws StorageError that is no refusal: whether it is stored is then not known of any item
 */
export async function writeSplit<Item>(
  items: readonly Item[],
  write: (items: readonly Item[]) => Promise<unknown>,
  onRefused: (item: Item, error: StorageError) => void,
): Promise<void> {
  try {
    await write(items);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const [first] = items;
    if (items.length < 2) {
      if (first !== undefined) onRefused(first, error);
      return;
    }
    const half = Math.ceil(items.length / 2);
    await writeSplit(items.slice(0, half), write, onRefused);
    await writeSplit(items.slice(half), write, onRefused);
  }
}

/** An answer about the rows themselves, which stays the same when asked again. */
export function isRefusal(error: unknown): error is StorageError {
  return (
    error instanceof StorageError && (error.code === "conflict" || error.code === "invalid_query")
  );
}
