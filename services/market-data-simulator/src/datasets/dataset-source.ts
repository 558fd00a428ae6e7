import { timestamp } from "@tse/domain";
import type { Dataset, MarketDataRepositories, PlacedPoint } from "@tse/market-data-adapter";
import type { MarketDataSource, TimeWindow } from "./market-data-source.ts";

type Repositories = Pick<MarketDataRepositories, "datasetRepository">;

type Source = Pick<Dataset, "datasetId" | "symbol" | "firstAt" | "lastAt">;

/** Points that are read at once: the most that a page has. */
const PAGE = 1000;

/** An imported data set as a source of prices. Holds some thousand points at a time; reading rejects with `StorageError`. */
export class DatasetSource implements MarketDataSource {
  readonly #repositories: Repositories;
  readonly #dataset: Source;

  constructor(repositories: Repositories, dataset: Source) {
    this.#repositories = repositories;
    this.#dataset = dataset;
  }

  async *fetch(symbol: string, { from, to }: TimeWindow): AsyncGenerator<PlacedPoint> {
    const { datasetRepository } = this.#repositories;
    const { datasetId, symbol: own, firstAt, lastAt } = this.#dataset;
    if (symbol !== own) return;
    if (from <= firstAt && to > lastAt) {
      for await (const points of datasetRepository.everyPoint(datasetId)) yield* points;
      return;
    }
    let behind: { readonly cursor?: string } = {};
    for (;;) {
      const query = { atFrom: from, atTo: to, ...behind, limit: PAGE };
      const { items, nextCursor } = await datasetRepository.getPoints(datasetId, query);
      yield* items;
      if (nextCursor === undefined) return;
      behind = { cursor: nextCursor };
    }
  }
}

/** All of a data set. */
export function spanOf({ firstAt, lastAt }: Pick<Dataset, "firstAt" | "lastAt">): TimeWindow {
  return { from: firstAt, to: timestamp(lastAt + 1) };
}
