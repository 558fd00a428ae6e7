import { createHash } from "node:crypto";
import type { DatasetKind, DatasetPoint } from "@tse/market-data-adapter";
import { csvRecords } from "./csv-records.ts";
import { jsonLineRecords } from "./json-line-records.ts";
import { KNOWN_LAYOUTS, type Layout, layoutOf } from "./layout.ts";
import { type Chunks, type RawRecord, UnreadableFile } from "./raw-record.ts";
import { type RowProblem, RowReader } from "./row-reader.ts";
import { Turns } from "./turns.ts";

export interface FileLimits {
  readonly bytes: number;
  /** Good and bad ones. */
  readonly rows: number;
  /** Problems that are listed; the rest is counted. */
  readonly problems: number;
}

export const FILE_LIMITS: FileLimits = {
  bytes: 50 * 1024 * 1024,
  rows: 1_000_000,
  problems: 100,
};

/** Why a file as a whole can't be taken. */
export type FileFailure =
  | { readonly code: "file_too_large"; readonly bytes: number }
  | { readonly code: "too_many_rows"; readonly rows: number }
  | { readonly code: "unreadable_file" | "unknown_layout"; readonly problem: RowProblem }
  | { readonly code: "no_rows" };

/** What a file of candles or trades holds. */
export interface FileReport {
  /** Absent when the file can be read to its end. */
  readonly failure?: FileFailure;
  readonly kind: DatasetKind;
  /** Good rows. */
  readonly rows: number;
  readonly badRows: number;
  /** In order of lines: all, or the first `limits.problems`. */
  readonly problems: readonly RowProblem[];
  /** Figures that were rounded to 8 places. */
  readonly rounded: number;
  readonly bytes: number;
  /** SHA-256 of the whole content in lower-case hex; of what was read, after a failure. */
  readonly checksum: string;
}

/**
 * Reads a file of candles or trades: values separated by comma, semicolon or tab, or JSON lines, in one
 * of the layouts of `layoutOf`. Good rows go to `onPoint`, in strictly increasing order of time, while
 * the file is read; bad ones are listed. Holds a few rows at a time, and gives way to other work, however
 * large the chunks are.
 *
 * @throws what `chunks` throws
 */
export async function readMarketFile(
  chunks: Chunks,
  onPoint: (point: DatasetPoint) => void,
  limits: FileLimits = FILE_LIMITS,
): Promise<FileReport> {
  const content = new Content(chunks, limits.bytes);
  const rows = new Rows(onPoint, limits);
  let failure: FileFailure | undefined;
  try {
    const turns = new Turns();
    for await (const record of await recordsOf(content)) {
      failure = rows.take(record);
      if (failure !== undefined) break;
      if (turns.isDue) await turns.next();
    }
    if (failure === undefined && rows.count === 0) failure = { code: "no_rows" };
  } catch (error) {
    failure = failureOf(error, limits);
  }
  const { bytes, checksum } = content.sum();
  return { ...(failure && { failure }), ...rows.report(), bytes, checksum };
}

async function recordsOf(content: Content): Promise<AsyncGenerator<RawRecord>> {
  return (await content.firstCharacter()) === "{" || (await content.firstCharacter()) === "["
    ? jsonLineRecords(content.chunks())
    : csvRecords(content.chunks());
}

function failureOf(error: unknown, { bytes }: FileLimits): FileFailure {
  if (error instanceof TooLarge) return { code: "file_too_large", bytes };
  if (!(error instanceof UnreadableFile)) throw error;
  const problem = { line: error.line, field: "row", rule: error.message };
  return { code: "unreadable_file", problem };
}

class TooLarge extends Error {
  override name = "TooLarge";
}

/** Bytes that are read at once: what is made of them all waits in memory. */
const PIECE = 64 * 1024;

/** The bytes of a file on their way through, in small pieces: counted, summed, and looked at before they are read. */
class Content {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #limit: number;
  readonly #hash = createHash("sha256");
  /** What is left of the last chunk. */
  #rest: Uint8Array = new Uint8Array();
  /** Read to find the first character, and not handed on yet. */
  readonly #ahead: Uint8Array[] = [];
  #first: string | undefined;
  #bytes = 0;

  constructor(chunks: Chunks, limit: number) {
    this.#source = chunks[Symbol.asyncIterator]();
    this.#limit = limit;
  }

  /** The first that isn't white space; "" when there is none. */
  async firstCharacter(): Promise<string> {
    while (this.#first === undefined) {
      const chunk = await this.#next();
      if (chunk === undefined) this.#first = "";
      else {
        this.#ahead.push(chunk);
        // A decoder leaves out a byte order mark, and `trim` what is blank.
        this.#first = new TextDecoder().decode(chunk).trimStart()[0];
      }
    }
    return this.#first;
  }

  async *chunks(): Chunks & AsyncGenerator<Uint8Array> {
    yield* this.#ahead.splice(0);
    for (;;) {
      const chunk = await this.#next();
      if (chunk === undefined) return;
      yield chunk;
    }
  }

  sum(): Pick<FileReport, "bytes" | "checksum"> {
    return { bytes: this.#bytes, checksum: this.#hash.digest("hex") };
  }

  async #next(): Promise<Uint8Array | undefined> {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#source.next();
      if (done === true) return undefined;
      this.#rest = value;
    }
    const piece = this.#rest.subarray(0, PIECE);
    this.#rest = this.#rest.subarray(PIECE);
    this.#bytes += piece.length;
    if (this.#bytes > this.#limit) {
      await this.#source.return?.();
      throw new TooLarge(`more than ${this.#limit} bytes`);
    }
    this.#hash.update(piece);
    return piece;
  }
}

/** Sorts records into points and problems. */
class Rows {
  readonly #onPoint: (point: DatasetPoint) => void;
  readonly #limits: FileLimits;
  readonly #problems: RowProblem[] = [];
  #layout: Layout | undefined;
  #reader: RowReader | undefined;
  #good = 0;
  #bad = 0;

  constructor(onPoint: (point: DatasetPoint) => void, limits: FileLimits) {
    this.#onPoint = onPoint;
    this.#limits = limits;
  }

  get count(): number {
    return this.#good + this.#bad;
  }

  take(record: RawRecord): FileFailure | undefined {
    if (this.#reader === undefined) {
      const layout = record.broken === undefined ? layoutOf(record.values) : undefined;
      if (layout === undefined) {
        const problem = { line: record.line, field: "row", rule: record.broken ?? KNOWN_LAYOUTS };
        return { code: "unknown_layout", problem };
      }
      this.#layout = layout;
      this.#reader = new RowReader(layout);
      if (layout.header) return undefined;
    }
    if (this.count === this.#limits.rows) {
      return { code: "too_many_rows", rows: this.#limits.rows };
    }
    this.#sort(this.#reader, record);
    return undefined;
  }

  report(): Omit<FileReport, "failure" | "bytes" | "checksum"> {
    return {
      kind: this.#layout?.kind ?? "TICKS",
      rows: this.#good,
      badRows: this.#bad,
      problems: this.#problems,
      rounded: this.#reader?.rounded ?? 0,
    };
  }

  #sort(reader: RowReader, record: RawRecord): void {
    const row = reader.read(record);
    if (row.status === "good") {
      this.#good += 1;
      this.#onPoint(row.point);
      return;
    }
    this.#bad += 1;
    const room = this.#limits.problems - this.#problems.length;
    this.#problems.push(...row.problems.slice(0, room));
  }
}
