import { readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import type { Timestamp } from "@tse/domain";
import { appendDurably, cutDurably, replaceDurably } from "./durable-file.ts";
import type { Intervention } from "./intervention.ts";
import { type Line, readLine } from "./record-line.ts";
import type { Segment } from "./segment.ts";

/** What is known of a feed's past. */
export interface FeedRecord {
  readonly segment: Segment;
  /** In order of time. */
  readonly interventions: readonly Intervention[];
  /** When the feed was last known to run, what was reserved included: nothing later was published by a virtual clock. */
  readonly lastTime: Timestamp;
  /** What to say where the intervention at this place of the list, or what follows from it, can't be made again. */
  unrepeatable(index: number, cause: unknown): FeedRecordCorrupt;
}

/** Keeps what a feed's path follows from. */
export interface FeedRecorder {
  /** `undefined` for a new world. @throws FeedRecordCorrupt */
  read(): FeedRecord | undefined;
  /** Begins anew with this segment; durable when it returns. */
  begin(segment: Segment): void;
  /** Durable when it returns. @returns takes it out again, as long as nothing was recorded behind it */
  add(intervention: Intervention): () => void;
  /** Notes that the feed runs: nothing later was published, unless it was reserved. Durable when it returns. */
  mark(time: Timestamp): void;
  /** Notes that the feed is about to publish up to this time, instead of what was reserved before. Durable when it returns. */
  reserve(until: Timestamp): void;
}

/** The record can't be read, or not be repeated: the message says where, why, and what to do. */
export class FeedRecordCorrupt extends Error {
  override name = "FeedRecordCorrupt";
}

const WAY = "restore it from a backup, or move it away to begin a new path";

/** For worlds that end with their process. */
export class MemoryFeedRecorder implements FeedRecorder {
  read(): undefined {
    return undefined;
  }

  begin(): void {}

  add(): () => void {
    return () => {};
  }

  mark(): void {}

  reserve(): void {}
}

/**
 * A file of JSON lines, `feed.jsonl`: a segment, then interventions and marks of time as they come. Written before
 * what it says takes effect, so that the last line says how far the feed may have come. A last line cut short by a crash never took effect: it is cut off, so that the next one
 * begins on a line of its own.
 */
export class FileFeedRecorder implements FeedRecorder {
  readonly #path: string;

  /** @param directory of the world, which nobody else writes to */
  constructor(directory: string) {
    this.#path = join(directory, "feed.jsonl");
  }

  /** @throws FeedRecordCorrupt */
  read(): FeedRecord | undefined {
    const texts = this.#texts();
    if (texts === undefined) return undefined;
    const first = this.#lineOf(texts[0] ?? "", 1);
    if (first.kind !== "segment") throw this.#unreadable(1, "a stretch begins with its segment");
    const { kind: _, ...segment } = first;
    const interventions: Intervention[] = [];
    const lines: number[] = [];
    let time = segment.start;
    let lastTime = time;
    for (const [index, text] of texts.slice(1).entries()) {
      const number = index + 2;
      const line = this.#lineOf(text, number, segment.symbols);
      if (line.kind === "segment") throw this.#unreadable(number, "only line 1 is a segment");
      if (line.at < time)
        throw this.#unreadable(number, "its time is before that of the lines above");
      lastTime = line.at;
      if (line.kind === "until") continue;
      time = line.at;
      if (line.kind === "time") continue;
      interventions.push(line);
      lines.push(number);
    }
    const unrepeatable = (index: number, cause: unknown) =>
      this.#unrepeatable(lines[index] ?? 1, cause);
    return { segment, interventions, lastTime, unrepeatable };
  }

  begin(segment: Segment): void {
    replaceDurably(this.#path, [textOf({ kind: "segment", ...segment })]);
  }

  add(intervention: Intervention): () => void {
    const start = appendDurably(this.#path, textOf(intervention));
    return () => cutDurably(this.#path, start);
  }

  mark(at: Timestamp): void {
    appendDurably(this.#path, textOf({ kind: "time", at }));
  }

  reserve(at: Timestamp): void {
    appendDurably(this.#path, textOf({ kind: "until", at }));
  }

  #texts(): string[] | undefined {
    let bytes: Buffer;
    try {
      bytes = readFileSync(this.#path);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === "ENOENT") return undefined;
      throw new FeedRecordCorrupt(`${this.#path} can't be read (${code}): ${WAY}`, { cause });
    }
    const end = bytes.lastIndexOf("\n") + 1;
    if (end < bytes.length) truncateSync(this.#path, end);
    return bytes.toString("utf8", 0, end).split("\n").slice(0, -1);
  }

  #lineOf(text: string, number: number, symbols?: readonly string[]): Line {
    const read = readLine(text, symbols);
    if (read.status === "refused") throw this.#unreadable(number, read.rule);
    return read.line;
  }

  #unreadable(line: number, rule: string): FeedRecordCorrupt {
    return new FeedRecordCorrupt(`${this.#path}, line ${line}, can't be read: ${rule}; ${WAY}`);
  }

  #unrepeatable(line: number, cause: unknown): FeedRecordCorrupt {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const way = "take the line out to go on without it, or move the file away to begin a new path";
    const what = `${this.#path}, line ${line}, can't be repeated: ${reason}`;
    return new FeedRecordCorrupt(`${what}; ${way}`, { cause });
  }
}

function textOf(line: Line): string {
  return `${JSON.stringify(line)}\n`;
}
