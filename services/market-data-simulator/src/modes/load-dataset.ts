import type { Dataset, MarketDataRepositories } from "@tse/market-data-adapter";
import { ColumnsInProgress } from "../datasets/candle-columns.ts";
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

/** Keeps a data set where the path can take it. @throws StorageError */
export async function shelve(
  repositories: DatasetRepositories,
  shelf: DatasetShelf,
  dataset: Dataset,
): Promise<DatasetRef> {
  const { name, symbol, checksum, kind, interval, datasetId } = dataset;
  const ref = { name, checksum };
  if (shelf.has(ref)) return ref;
  const columns = new ColumnsInProgress(dataset.points);
  for await (const points of repositories.datasetRepository.everyPoint(datasetId)) {
    columns.add(points);
  }
  await shelf.put({ name, symbol, checksum, kind, interval, candles: columns.candles });
  return ref;
}
