import type { MarketDataRepositories, PlacedPoint } from "@tse/market-data-adapter";
import type { TimeWindow } from "./market-data-source.ts";

/** Points that are read at once: the most that a page has. */
const PAGE = 1000;

/**
 * The points of a data set in order of time, those of the window when there is one; none when there is
 * no such data set. Holds one page at a time.
 *
 * @throws StorageError when the storage is away
 */
export async function* datasetPoints(
  { datasetRepository }: Pick<MarketDataRepositories, "datasetRepository">,
  datasetId: string,
  window?: TimeWindow,
): AsyncGenerator<PlacedPoint> {
  const part = window === undefined ? {} : { atFrom: window.from, atTo: window.to };
  let behind: { readonly cursor?: string } = {};
  for (;;) {
    const query = { ...part, ...behind, limit: PAGE };
    const { items, nextCursor } = await datasetRepository.getPoints(datasetId, query);
    yield* items;
    if (nextCursor === undefined) return;
    behind = { cursor: nextCursor };
  }
}
