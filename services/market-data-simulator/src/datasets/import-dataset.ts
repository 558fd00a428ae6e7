import {
  CANDLE_INTERVALS,
  type CandleInterval,
  type Dataset,
  type DatasetPoint,
  type MarketDataRepositories,
} from "@tse/market-data-adapter";
import { StorageError } from "@tse/storage";
import {
  type FileFailure,
  type FileLimits,
  type FileReport,
  readMarketFile,
} from "./market-file.ts";
import type { Chunks } from "./raw-record.ts";

export interface ImportRequest {
  /** Name of the data set: 1 to 100 letters, digits, dots, dashes and underscores. */
  readonly name: string;
  /** Whose prices they are: `BTC/USD`. The caller has seen to it that the symbol is known. */
  readonly symbol: string;
  /** Where they come from: a file's name, at most 100 characters. */
  readonly source: string;
  /** Leaves bad rows out instead of refusing the file. */
  readonly skipBad?: boolean;
  readonly limits?: FileLimits;
}

export type ImportRefusal =
  | { readonly code: "invalid_name"; readonly rule: string }
  | { readonly code: "name_taken"; readonly name: string }
  | { readonly code: "bad_rows"; readonly badRows: number }
  | FileFailure;

export type ImportOutcome =
  | { readonly status: "imported"; readonly dataset: Dataset; readonly report: FileReport }
  /** The same content is there for this symbol already, under whatever name; nothing was stored. */
  | { readonly status: "unchanged"; readonly dataset: Dataset }
  | { readonly status: "refused"; readonly refusal: ImportRefusal; readonly report?: FileReport };

const NAME = /^[\w.-]{1,100}$/;

type Repositories = Pick<MarketDataRepositories, "datasetRepository">;

/**
 * Reads a file of candles or trades and stores it as a data set: whole, or not at all. A refusal tells
 * everything that is wrong with the file, up to the limit of problems.
 *
 * @throws StorageError when the storage is away; what `chunks` throws
 */
export async function importDataset(
  { datasetRepository }: Repositories,
  request: ImportRequest,
  chunks: Chunks,
): Promise<ImportOutcome> {
  const { name, symbol, source } = request;
  if (!NAME.test(name)) {
    const rule = "is 1 to 100 letters, digits, dots, dashes and underscores";
    return { status: "refused", refusal: { code: "invalid_name", rule } };
  }
  // A long file is not read for storage that is away.
  await datasetRepository.query({ name, limit: 1 });
  const points: DatasetPoint[] = [];
  const report = await readMarketFile(chunks, (point) => points.push(point), request.limits);
  const refusal = refusalOf(report, request.skipBad === true);
  if (refusal !== undefined) return { status: "refused", refusal, report };

  const { checksum, kind } = report;
  const [same] = (await datasetRepository.query({ checksum, symbol, limit: 1 })).items;
  if (same !== undefined) return { status: "unchanged", dataset: same };

  const interval = kind === "CANDLES" ? intervalOf(points) : undefined;
  const { badRows, rounded } = report;
  const metadata = { skippedRows: badRows, roundedFigures: rounded };
  try {
    const dataset = await datasetRepository.create(
      { name, symbol, kind, interval, source, checksum, metadata },
      points,
    );
    return { status: "imported", dataset, report };
  } catch (error) {
    if (!(error instanceof StorageError && error.code === "already_exists")) throw error;
    return { status: "refused", refusal: { code: "name_taken", name }, report };
  }
}

function refusalOf(report: FileReport, skipBad: boolean): ImportRefusal | undefined {
  const { failure, rows, badRows } = report;
  if (failure !== undefined) return failure;
  return badRows > 0 && (!skipBad || rows === 0) ? { code: "bad_rows", badRows } : undefined;
}

/** The interval of which every distance of two candles is a multiple, when it is one that we know. */
function intervalOf(points: readonly DatasetPoint[]): CandleInterval | undefined {
  let common = 0;
  for (let i = 1; i < points.length; i++) {
    common = divisor(common, (points[i] as DatasetPoint).at - (points[i - 1] as DatasetPoint).at);
  }
  const intervals = Object.entries(CANDLE_INTERVALS) as [CandleInterval, number][];
  return intervals.find(([, length]) => length === common)?.[0];
}

/** The greatest one of two numbers. */
function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}
