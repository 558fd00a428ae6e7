/** A part of a list, by its numbers: those strictly between `after` and `before`. */
export interface Window {
  readonly after: number;
  readonly before: number;
  /** What the part begins with. */
  readonly from: "newest" | "oldest";
  readonly limit: number;
}

/** One list, of which memory has what is new and SQL what is old. */
export interface Source<Item> {
  readonly numberOf: (item: Item) => number;
  /** What memory has of it, by rising numbers. */
  readonly recent: readonly Item[];
  /** Everything with a greater number is in memory. */
  readonly forgotten: number;
  /**
   * Numbers of what memory has and the list doesn't: SQL may still have it as it was before, when it was
   * of the list. Asked only where SQL is.
   */
  readonly outdated?: () => ReadonlySet<number>;
  /** What SQL has of it, in the order of the window, whatever its limit. */
  readonly stored: (window: Window) => AsyncIterable<Item>;
}

export interface Part<Item> {
  /** In the order of the window. */
  readonly items: readonly Item[];
  /** Whether there may be more behind them. False is sure. */
  readonly more: boolean;
}

/**
 * Reads a part of a list. SQL is asked only when the part reaches into what memory has let go of; what
 * both have is taken from memory, which is never older. What memory has is looked at before SQL is
 * asked, so that what the projection moves meanwhile is neither lost nor seen twice.
 *
 * @throws StorageError `storage_unavailable` when SQL is needed and can't be asked
 */
export async function partOf<Item>(source: Source<Item>, window: Window): Promise<Part<Item>> {
  const { numberOf, forgotten, stored } = source;
  const { after, before, limit } = window;
  const recent = source.recent.filter((item) => numberOf(item) > after && numberOf(item) < before);
  const border = recent.findIndex((item) => numberOf(item) > forgotten);
  const split = border === -1 ? recent.length : border;
  const fresh = recent.slice(split);
  const isAllFresh = forgotten <= after;

  if (window.from === "newest") {
    const newest = fresh.toReversed();
    if (isAllFresh || newest.length >= limit) return cut(newest, limit, !isAllFresh);
    const room = limit - newest.length;
    const older = stored({ ...window, before: Math.min(before, forgotten + 1), limit: room });
    const rest = await mixed(source, recent.slice(0, split).reverse(), older, room + 1, falling);
    return cut([...newest, ...rest], limit, false);
  }
  if (isAllFresh) return cut(fresh, limit, false);
  const older = stored({ ...window, before: Math.min(before, forgotten + 1) });
  const oldest = await mixed(source, recent.slice(0, split), older, limit + 1, rising);
  return cut([...oldest, ...fresh], limit, false);
}

function cut<Item>(items: readonly Item[], limit: number, more: boolean): Part<Item> {
  return { items: items.slice(0, limit), more: more || items.length > limit };
}

type Order = (one: number, other: number) => boolean;
const falling: Order = (one, other) => one > other;
const rising: Order = (one, other) => one < other;

/** The first `count` of both, in order. */
async function mixed<Item>(
  { numberOf, outdated }: Source<Item>,
  inMemory: readonly Item[],
  stored: AsyncIterable<Item>,
  count: number,
  precedes: Order,
): Promise<Item[]> {
  // Before the first wait: as memory stood when the part was asked for.
  const known = new Set(inMemory.map(numberOf));
  const hidden = outdated?.();
  const items: Item[] = [];
  let next = 0;
  const takeUntil = (number: number) => {
    for (; next < inMemory.length; next += 1) {
      const item = inMemory[next] as Item;
      if (!precedes(numberOf(item), number)) return;
      items.push(item);
    }
  };
  for await (const item of stored) {
    const number = numberOf(item);
    if (known.has(number) || hidden?.has(number) === true) continue;
    takeUntil(number);
    items.push(item);
    if (items.length >= count) return items.slice(0, count);
  }
  items.push(...inMemory.slice(next));
  return items.slice(0, count);
}
