import {
  decimal,
  instant,
  int8,
  json,
  oneOf,
  optional,
  type Table,
  text,
  uuid,
} from "@tse/storage/rows";
import { CANDLE_INTERVALS, type CandleInterval } from "../candles/candle.ts";
import { DATASET_KINDS, type Dataset, type PlacedPoint } from "./dataset.ts";

const price = decimal(1n);
const intervals = oneOf(Object.keys(CANDLE_INTERVALS) as CandleInterval[]);
/** Neither has a CHECK in the database. */
const interval = { ...intervals, fits: intervals.accepts };
const sha256 = { ...text(), fits: (value: string) => /^[0-9a-f]{64}$/.test(value) };

export const datasetTable: Table<Dataset> = {
  name: "datasets",
  columns: {
    datasetId: uuid(),
    name: text(100),
    symbol: text(50),
    kind: oneOf(DATASET_KINDS),
    interval: optional(interval),
    source: text(100),
    firstAt: instant(),
    lastAt: instant(),
    points: int8(1),
    checksum: sha256,
    importedAt: instant(),
    metadata: optional(json()),
  },
  key: ["datasetId"],
  uniques: [{ fields: ["name"] }],
  checks: [({ firstAt, lastAt }) => lastAt >= firstAt],
  sorts: ["importedAt", "name", "symbol", "points"],
  defaultSort: { field: "importedAt", order: "DESC" },
};

export const datasetPointTable: Table<PlacedPoint> = {
  name: "dataset_points",
  columns: {
    datasetId: uuid(),
    ordinal: int8(0),
    at: instant(),
    open: price,
    high: price,
    low: price,
    close: price,
    volume: decimal(0n),
  },
  key: ["datasetId", "ordinal"],
  references: [{ field: "datasetId", table: "datasets" }],
  checks: [
    ({ open, high, low, close }) => high >= open && high >= close && low <= open && low <= close,
  ],
  sorts: ["ordinal"],
  defaultSort: { field: "ordinal", order: "ASC" },
  indexes: ["datasetId"],
};
