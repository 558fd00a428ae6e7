import type { Timestamp } from "@tse/domain";
import type { JsonObject, PageRequest } from "@tse/storage/rows";
import type { CandleInterval } from "../candles/candle.ts";

export const DATASET_KINDS = ["TICKS", "CANDLES"] as const;
export type DatasetKind = (typeof DATASET_KINDS)[number];

/** Imported history of one symbol, to be replayed or drawn from. Its points never change. */
export interface Dataset {
  readonly datasetId: string;
  /** No two data sets share it. */
  readonly name: string;
  readonly symbol: string;
  readonly kind: DatasetKind;
  /** Of data sets of candles. */
  readonly interval: CandleInterval | undefined;
  readonly source: string;
  readonly firstAt: Timestamp;
  readonly lastAt: Timestamp;
  /** How many points there are, from 1. */
  readonly points: number;
  /** SHA-256 of what was imported, in lower-case hex: the same file again is recognised. */
  readonly checksum: string;
  readonly importedAt: Timestamp;
  readonly metadata: JsonObject | undefined;
}

/** One moment of a data set; of ticks, all four prices are equal. */
export interface DatasetPoint {
  readonly at: Timestamp;
  /** Units of 10^-8, above 0; low ≤ open, close ≤ high. */
  readonly open: bigint;
  readonly high: bigint;
  readonly low: bigint;
  readonly close: bigint;
  /** Base units of 10^-8. */
  readonly volume: bigint;
}

/** A point in its place: 0, 1, 2, … in order of time. */
export interface PlacedPoint extends DatasetPoint {
  readonly datasetId: string;
  readonly ordinal: number;
}

/** What the points say themselves isn't asked for. A missing id is made. */
export type NewDataset = Pick<Dataset, "name" | "symbol" | "kind" | "source" | "checksum"> &
  Partial<Pick<Dataset, "datasetId" | "interval" | "metadata">>;

/** Most recently imported first unless it says otherwise. */
export interface DatasetQuery extends PageRequest {
  readonly name?: string;
  readonly symbol?: string;
  readonly kind?: DatasetKind;
  readonly checksum?: string;
}
