import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { CandleSeries } from "@tse/market-model";
import { makeDirectory, replaceInBackground } from "../feed/durable-file.ts";
import { DatasetMaterial, type ImportedSeries } from "./dataset-material.ts";
import type { DatasetRef } from "./mode-terms.ts";

/** The data sets that a path of prices depends on, kept with it: it is made again without a database. */
export interface DatasetShelf {
  has(ref: DatasetRef): boolean;
  /** Durable when it resolves, and read again. What is there already stays as it is. @throws DatasetMissing */
  put(series: ImportedSeries): void | Promise<void>;
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
/** Bytes that are summed before others have their turn. */
const PIECE = 1024 * 1024;

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
  /** Under way, by checksum. */
  readonly #puts = new Map<string, Promise<void>>();
  /** The one that was put or taken last: planned, then applied. */
  #newest: DatasetMaterial | undefined;

  /** @param directory of the world, which nobody else writes to */
  constructor(directory: string) {
    this.#directory = join(directory, "datasets");
  }

  has({ checksum }: DatasetRef): boolean {
    return this.#files().includes(fileOf(checksum));
  }

  async put(series: ImportedSeries): Promise<void> {
    const { checksum } = series;
    if (this.has(series)) return;
    const put = this.#puts.get(checksum) ?? this.#put(series);
    this.#puts.set(checksum, put);
    try {
      await put;
    } finally {
      this.#puts.delete(checksum);
    }
  }

  async #put(series: ImportedSeries): Promise<void> {
    const { candles, interval = null, ...rest } = series;
    const columns = COLUMNS.map((column) => bytesOf(candles[column]));
    const rows = candles.time.length;
    const header: Header = { ...rest, interval, rows, digest: await digestMeanwhile(columns) };
    makeDirectory(this.#directory);
    const path = join(this.#directory, fileOf(series.checksum));
    await replaceInBackground(path, [`${JSON.stringify(header)}\n`, ...columns]);
    const written = partsOf(await readFile(path));
    const isWhole = (await digestMeanwhile([written.columns])) === header.digest;
    if (!isWhole) throw new DatasetMissing(`${path} is not what was written to it`);
    this.#newest = new DatasetMaterial(seriesOf(written));
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

/** As `digestOf` of all parts in a row, giving way to other work. */
async function digestMeanwhile(parts: readonly Uint8Array[]): Promise<string> {
  const hash = createHash("sha256");
  for (const part of parts) {
    for (let from = 0; from < part.length; from += PIECE) {
      hash.update(part.subarray(from, from + PIECE));
      await nextTurn();
    }
  }
  return hash.digest("hex");
}

interface FileParts {
  readonly header: Header;
  readonly columns: Uint8Array;
}

/** Throws for whatever isn't as it was written. */
function parsed(file: Buffer): ImportedSeries {
  const parts = partsOf(file);
  if (digestOf(parts.columns) === parts.header.digest) return seriesOf(parts);
  throw new Error("its content is not what was written");
}

function partsOf(file: Buffer): FileParts {
  const end = file.indexOf(NEWLINE);
  const header = JSON.parse(file.toString("utf8", 0, end)) as Header;
  return { header, columns: file.subarray(end + 1) };
}

function seriesOf({ header, columns }: FileParts): ImportedSeries {
  const { rows, digest: _, interval, ...rest } = header;
  // A copy begins where doubles may begin.
  const doubles = new Float64Array(new Uint8Array(columns).buffer);
  const [time, open, high, low, close, volume] = COLUMNS.map((_, place) =>
    doubles.subarray(place * rows, (place + 1) * rows),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  const candles: CandleSeries = { time, open, high, low, close, volume };
  return { ...rest, interval: interval ?? undefined, candles };
}
