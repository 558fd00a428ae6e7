import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { CandleSeries } from "@tse/market-model";
import { makeDirectory, replaceDurably } from "../feed/durable-file.ts";
import { DatasetMaterial, type ImportedSeries } from "./dataset-material.ts";
import type { DatasetRef } from "./mode-terms.ts";

/** The data sets that a path of prices depends on, kept with it: it is made again without a database. */
export interface DatasetShelf {
  has(ref: DatasetRef): boolean;
  /** Durable when it returns. What is there already stays as it is. */
  put(series: ImportedSeries): void;
  /** @throws DatasetMissing */
  take(ref: DatasetRef): DatasetMaterial;
  /** Lets go of all others. */
  keepOnly(refs: readonly DatasetRef[]): void;
}

/** A data set that the path needs is not where it was kept: the message says which, where, and what to do. */
export class DatasetMissing extends Error {
  override name = "DatasetMissing";
}

/** For worlds that end with their process. */
export class MemoryDatasetShelf implements DatasetShelf {
  readonly #materials = new Map<string, DatasetMaterial>();

  has({ checksum }: DatasetRef): boolean {
    return this.#materials.has(checksum);
  }

  put(series: ImportedSeries): void {
    if (!this.#materials.has(series.checksum)) {
      this.#materials.set(series.checksum, new DatasetMaterial(series));
    }
  }

  take(ref: DatasetRef): DatasetMaterial {
    const material = this.#materials.get(ref.checksum);
    if (material === undefined) throw new DatasetMissing(`data set ${ref.name} is not here`);
    return material;
  }

  keepOnly(refs: readonly DatasetRef[]): void {
    const kept = new Set(refs.map(({ checksum }) => checksum));
    for (const checksum of this.#materials.keys()) {
      if (!kept.has(checksum)) this.#materials.delete(checksum);
    }
  }
}

const COLUMNS = ["time", "open", "high", "low", "close", "volume"] as const;
const NEWLINE = 0x0a;

interface Header extends Omit<ImportedSeries, "candles" | "interval"> {
  readonly interval: ImportedSeries["interval"] | null;
  readonly rows: number;
  /** SHA-256 of the columns below. */
  readonly digest: string;
}

/**
 * A folder with a file for each data set, `<checksum>.columns`:
 * ```
 * {"name", "symbol", "checksum", "kind", "interval", "rows", "digest"}   a line of JSON
 * time, open, high, low, close, volume                                   `rows` doubles each, little-endian
 * ```
 */
export class FileDatasetShelf implements DatasetShelf {
  readonly #directory: string;
  /** The one that was taken last: planned, then applied. */
  #newest: DatasetMaterial | undefined;

  /** @param directory of the world, which nobody else writes to */
  constructor(directory: string) {
    this.#directory = join(directory, "datasets");
  }

  has({ checksum }: DatasetRef): boolean {
    return this.#files().includes(fileOf(checksum));
  }

  put(series: ImportedSeries): void {
    const { candles, interval = null, ...rest } = series;
    if (this.has(series)) return;
    const columns = Buffer.concat(COLUMNS.map((column) => bytesOf(candles[column])));
    const rows = candles.time.length;
    const header: Header = { ...rest, interval, rows, digest: digestOf(columns) };
    makeDirectory(this.#directory);
    const path = join(this.#directory, fileOf(series.checksum));
    replaceDurably(path, [`${JSON.stringify(header)}\n`, columns]);
  }

  take(ref: DatasetRef): DatasetMaterial {
    if (this.#newest?.imported.checksum === ref.checksum) return this.#newest;
    this.#newest = new DatasetMaterial(this.#read(ref));
    return this.#newest;
  }

  keepOnly(refs: readonly DatasetRef[]): void {
    const kept = new Set(refs.map(({ checksum }) => fileOf(checksum)));
    for (const file of this.#files()) {
      if (!kept.has(file)) rmSync(join(this.#directory, file));
    }
  }

  #files(): readonly string[] {
    try {
      return readdirSync(this.#directory);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  }

  #read(ref: DatasetRef): ImportedSeries {
    const path = join(this.#directory, fileOf(ref.checksum));
    try {
      return parsed(readFileSync(path));
    } catch (cause) {
      const way = "restore it from a backup, or move feed.jsonl away to begin a new path";
      const what = `the path of prices depends on the data set ${ref.name}`;
      throw new DatasetMissing(`${what}, and ${path} can't be read: ${way}`, { cause });
    }
  }
}

const fileOf = (checksum: string): string => `${checksum}.columns`;

function bytesOf(column: Float64Array): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}

function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Throws for whatever isn't as it was written. */
function parsed(file: Buffer): ImportedSeries {
  const end = file.indexOf(NEWLINE);
  const header = JSON.parse(file.toString("utf8", 0, end)) as Header;
  const { rows, digest, interval, ...rest } = header;
  const columns = file.subarray(end + 1);
  if (digestOf(columns) !== digest) throw new Error("its content is not what was written");
  // A copy begins where doubles may begin.
  const doubles = new Float64Array(new Uint8Array(columns).buffer);
  const [time, open, high, low, close, volume] = COLUMNS.map((_, place) =>
    doubles.slice(place * rows, (place + 1) * rows),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  const candles: CandleSeries = { time, open, high, low, close, volume };
  return { ...rest, interval: interval ?? undefined, candles };
}
