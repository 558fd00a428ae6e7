import { assert } from "@tse/domain";
import type { DatasetPoint } from "@tse/market-data-adapter";
import { type FileLimits, type FileReport, readMarketFile } from "./market-file.ts";
import type { Chunks } from "./raw-record.ts";

/** Candles, one array a column, all of one length, in order of time. */
export interface CandleColumns {
  /** Start of each candle in microseconds since 1970. */
  readonly time: Float64Array;
  /** Prices above 0; low ≤ open, close ≤ high. */
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  /** Base units, from 0. */
  readonly volume: Float64Array;
}

export type CandleFile =
  | { readonly status: "read"; readonly candles: CandleColumns; readonly report: FileReport }
  /** What is wrong is in `report.failure` or `report.problems`; neither when the file holds trades. */
  | { readonly status: "refused"; readonly report: FileReport };

const MINOR_PER_UNIT = 1e8;
const FIGURES = ["open", "high", "low", "close", "volume"] as const;

/**
 * Candles of a file for calculations, by the rules of `readMarketFile`. Refused as a whole when a row is
 * bad, when the file can't be read, and when it holds prices or trades instead of candles.
 *
 * @param chunks `fileChunks(path)`, or any other source of bytes
 * @throws what `chunks` throws
 */
export async function readCandleColumns(chunks: Chunks, limits?: FileLimits): Promise<CandleFile> {
  const points: DatasetPoint[] = [];
  const report = await readMarketFile(chunks, (point) => points.push(point), limits);
  if (report.failure !== undefined || report.badRows > 0 || report.kind !== "CANDLES") {
    return { status: "refused", report };
  }
  return { status: "read", candles: candleColumns(points), report };
}

/** The nearest floating numbers of exact points. */
function candleColumns(points: readonly DatasetPoint[]): CandleColumns {
  const columns = new ColumnsInProgress(points.length);
  for (const point of points) columns.add(point);
  return columns.candles;
}

const NAMES = ["time", ...FIGURES] as const;

/** Columns that points are added to, oldest first, up to a number that is known. */
export class ColumnsInProgress {
  readonly #columns: CandleColumns;
  #length = 0;

  constructor(most: number) {
    this.#columns = columnsOf(() => new Float64Array(most));
  }

  /** Of the points so far; without a copy. */
  get candles(): CandleColumns {
    return columnsOf((name) => this.#columns[name].subarray(0, this.#length));
  }

  add(point: DatasetPoint): void {
    const { time } = this.#columns;
    assert(this.#length < time.length, "points are no more than was said");
    time[this.#length] = point.at;
    for (const name of FIGURES) {
      this.#columns[name][this.#length] = Number(point[name]) / MINOR_PER_UNIT;
    }
    this.#length += 1;
  }
}

function columnsOf(column: (name: (typeof NAMES)[number]) => Float64Array): CandleColumns {
  return Object.fromEntries(NAMES.map((name) => [name, column(name)])) as unknown as CandleColumns;
}
