import { readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import type { Timestamp } from "@tse/domain";
import type { ModeTerms } from "../modes/mode-terms.ts";
import type { DisturbedSource } from "../modes/source-faults.ts";
import { appendDurably, replaceDurably } from "./durable-file.ts";
import type { Intervention } from "./intervention.ts";
import type { MarketMode } from "./markets.ts";
import type { SpreadRule } from "./quotes.ts";
import type { Tick } from "./tick.ts";

/**
 * A stretch of the feed's path that follows from a seed: with the interventions since its start, every tick of it can
 * be made again.
 */
export interface Segment {
  /** 1, 2, 3, … in the life of a world. */
  readonly number: number;
  readonly seed: string;
  /** PRICE_MODE as it was given. */
  readonly mode: string;
  /** What assets follow that have no mode of their own; `mode` when absent. */
  readonly market?: MarketMode;
  /** By asset; none when absent. */
  readonly modes?: Readonly<Record<string, ModeTerms>>;
  /** Microseconds between two grid points. */
  readonly interval: number;
  /** Names of the symbols, in order. */
  readonly symbols: readonly string[];
  /** The grid point where the market begins. */
  readonly start: Timestamp;
  /** What each asset is worth there; assets that aren't named begin at their start price. */
  readonly prices: Readonly<Record<string, number>>;
  /** Last sequence of each symbol before it; 0 where it isn't named. */
  readonly sequences: Readonly<Record<string, number>>;
  /** The newest tick of each symbol before it, where there was one: what is shown until the next. */
  readonly last?: Readonly<Record<string, LastTick>>;
  /** Symbols that an operator had halted; none when absent. */
  readonly halted?: readonly string[];
  /** SPREAD_MODE; what is configured when absent. */
  readonly spread?: SpreadRule["kind"];
  /** By symbol, where it isn't the usual one. */
  readonly spreads?: Readonly<Record<string, SpreadRule>>;
  /** What operators did to sources; nothing when absent. */
  readonly disturbed?: readonly DisturbedSource[];
}

/** A tick whose symbol is known. */
export type LastTick = Omit<Tick, "terms">;

/** What is known of a feed's past. */
export interface FeedRecord {
  readonly segment: Segment;
  /** In order of time. */
  readonly interventions: readonly Intervention[];
  /** When the feed was last known to run, what was reserved included: nothing later was published by a virtual clock. */
  readonly lastTime: Timestamp;
}

/** Keeps what a feed's path follows from. */
export interface FeedRecorder {
  /** `undefined` for a new world. */
  read(): FeedRecord | undefined;
  /** Begins anew with this segment; durable when it returns. */
  begin(segment: Segment): void;
  /** Durable when it returns. */
  add(intervention: Intervention): void;
  /** Notes that the feed runs: nothing later was published, unless it was reserved. Durable when it returns. */
  mark(time: Timestamp): void;
  /** Notes that the feed is about to publish up to this time, instead of what was reserved before. Durable when it returns. */
  reserve(until: Timestamp): void;
}

/** The record can't be read: the message says where and what to do. */
export class FeedRecordCorrupt extends Error {
  override name = "FeedRecordCorrupt";
}

type Line = (Segment & { readonly kind: "segment" }) | Intervention | Mark;

interface Mark {
  /** `until`: reserved, in force until the next line. */
  readonly kind: "time" | "until";
  readonly at: Timestamp;
}

/** For worlds that end with their process. */
export class MemoryFeedRecorder implements FeedRecorder {
  read(): undefined {
    return undefined;
  }

  begin(): void {}

  add(): void {}

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
    const lines = this.#lines();
    if (lines === undefined) return undefined;
    const [first, ...rest] = lines;
    if (first?.kind !== "segment") throw this.#corrupt(1);
    const interventions = rest.filter((line): line is Intervention => {
      return line.kind !== "time" && line.kind !== "until" && line.kind !== "segment";
    });
    const last = rest.at(-1);
    const { kind: _, ...segment } = first;
    const lastTime = last !== undefined && "at" in last ? last.at : first.start;
    return { segment, interventions, lastTime };
  }

  begin(segment: Segment): void {
    replaceDurably(this.#path, [textOf({ kind: "segment", ...segment })]);
  }

  add(intervention: Intervention): void {
    appendDurably(this.#path, textOf(intervention));
  }

  mark(at: Timestamp): void {
    appendDurably(this.#path, textOf({ kind: "time", at }));
  }

  reserve(at: Timestamp): void {
    appendDurably(this.#path, textOf({ kind: "until", at }));
  }

  #lines(): Line[] | undefined {
    let bytes: Buffer;
    try {
      bytes = readFileSync(this.#path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
    const end = bytes.lastIndexOf("\n") + 1;
    if (end < bytes.length) truncateSync(this.#path, end);
    const lines = bytes.toString("utf8", 0, end).split("\n").slice(0, -1);
    return lines.map((line, index) => this.#parsed(line, index + 1));
  }

  #parsed(line: string, number: number): Line {
    try {
      return JSON.parse(line) as Line;
    } catch (cause) {
      throw this.#corrupt(number, cause);
    }
  }

  #corrupt(line: number, cause?: unknown): FeedRecordCorrupt {
    const way = "restore it from a backup, or move it away to begin a new path";
    return new FeedRecordCorrupt(`${this.#path}, line ${line}, can't be read: ${way}`, { cause });
  }
}

function textOf(line: Line): string {
  return `${JSON.stringify(line)}\n`;
}
