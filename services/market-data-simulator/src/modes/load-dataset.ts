import type { Dataset, MarketDataRepositories } from "@tse/market-data-adapter";
import { ColumnsInProgress } from "../datasets/candle-columns.ts";
import { spanOf } from "../datasets/dataset-source.ts";
import type { MarketDataSource } from "../datasets/market-data-source.ts";
import { Turns } from "../datasets/turns.ts";
import type { DatasetShelf } from "./dataset-shelf.ts";
import type { DatasetRef } from "./mode-terms.ts";

export type DatasetRepositories = Pick<MarketDataRepositories, "datasetRepository">;

/** `undefined` when none has this name. @throws StorageError */
export async function datasetNamed(
  { datasetRepository }: DatasetRepositories,
  name: string,
): Promise<Dataset | undefined> {
  const { items } = await datasetRepository.query({ name, limit: 1 });
  return items[0];
}

/** Keeps a data set where the path can take it. Rejects with the source's own error. */
export async function shelve(
  source: MarketDataSource,
  shelf: DatasetShelf,
  dataset: Omit<Dataset, "datasetId">,
): Promise<DatasetRef> {
  const { name, symbol, checksum, kind, interval } = dataset;
  const ref = { name, checksum };
  if (shelf.has(ref)) return ref;
  const columns = new ColumnsInProgress(dataset.points);
  const turns = new Turns();
  for await (const point of source.fetch(symbol, spanOf(dataset))) {
    columns.add(point);
    if (turns.isDue) await turns.next();
  }
  await shelf.put({ name, symbol, checksum, kind, interval, candles: columns.candles });
  return ref;
}
