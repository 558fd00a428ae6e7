import type { Connection } from "./connection.ts";

const PAGE = 500;

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** The items of a list above `floor`, newest first, from as many pages as they fill. */
export async function listSince<Item>(
  connection: Connection,
  path: string,
  options: {
    /** What the body calls its items. */
    readonly items: string;
    readonly numberOf: (item: Item) => number;
    readonly floor: number;
  },
): Promise<Item[]> {
  const { items: name, numberOf, floor } = options;
  const found: Item[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const { items, nextCursor }: Page<Item> = await page(connection, path, name, cursor);
    const newer = items.filter((item) => numberOf(item) > floor);
    found.push(...newer);
    cursor = newer.length === items.length ? nextCursor : null;
  }
  return found;
}

async function page<Item>(
  connection: Connection,
  path: string,
  name: string,
  cursor: string,
): Promise<Page<Item>> {
  const query = `limit=${PAGE}${cursor === "" ? "" : `&cursor=${cursor}`}`;
  const body = await connection.ask<Record<string, unknown>>(
    "GET",
    `${path}${path.includes("?") ? "&" : "?"}${query}`,
  );
  return {
    items: body[name] as readonly Item[],
    nextCursor: body.nextCursor as string | null,
  };
}
