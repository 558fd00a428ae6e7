import { assert, type Command, type Sequence, type Timestamp } from "@tse/domain";
import { AppendQueue, type PendingWrite } from "./append-queue.ts";
import { ByteWriter } from "./byte-writer.ts";
import {
  type CommandLog,
  JournalFull,
  JournalUnavailable,
  type LogEntry,
  type Origin,
} from "./command-log.ts";
import type { Disk } from "./disk.ts";
import { writeEntry } from "./entry-codec.ts";
import { EntryReader } from "./entry-reader.ts";
import { frameBytes } from "./frame.ts";
import { closedMark, openedMark } from "./marks.ts";
import { hashOf, type JournalState, readJournal, type TornTail } from "./recovery.ts";
import { deleteUnfinished, settleTail } from "./repair.ts";
import { segmentName } from "./segment-files.ts";
import type { SegmentHeader } from "./segment-header.ts";
import { type NextSegment, SegmentMaker } from "./segment-maker.ts";
import { type OpenSegment, SegmentWriter } from "./segment-writer.ts";

export interface FileCommandLogOptions {
  readonly disk: Disk;
  /** Size of a segment, at least 8 KiB, a multiple of 8. 32 MiB by default. */
  readonly segmentBytes?: number;
  /** Frames from this entry's segment on are checked when opening; all of them by default. */
  readonly checkFrom?: Sequence;
  /** Calls `task` once, when it is time to look for room on the disk again; after a second by default. */
  readonly retry?: (task: () => void) => void;
}

const SEGMENT_BYTES = 32 * 1024 * 1024;
const RETRY_MS = 1_000;

/**
 * A command log in a directory of segments; the format is in `docs/journal-format.md`. One object and
 * one process at a time: who opens it holds the directory's lock.
 *
 * ```
 * append ─► queue ─► one durable write ─► resolve, in order
 *             └── group commit: all that arrived during the write before ──┘
 * ```
 *
 * A write that fails or ends early is the end of the log: nothing is written again and nothing more is
 * acknowledged. A full disk is not: entries that have no room are refused before they are taken, and
 * the log goes on by itself when its next segment could be made.
 */
export class FileCommandLog implements CommandLog {
  /** How often the directory was opened, this time included. */
  readonly epoch: number;
  /** What opening cut off: a write that a crash had not let finish. */
  readonly tornTail: TornTail | undefined;
  readonly #disk: Disk;
  readonly #maker: SegmentMaker;
  readonly #writer: SegmentWriter;
  readonly #queue: AppendQueue;
  readonly #reader: EntryReader;
  readonly #scratch = new ByteWriter(1024);
  /** Oldest first; the last one is written to. */
  readonly #segments: SegmentHeader[];
  #durable: number;
  #durableTime: number;
  /** The last entry taken, durable or not. */
  #appended: number;
  #appendedTime: number;
  /** Bytes set aside by `reserve`, and bytes taken by `append` that are not durable yet. */
  #reserved = 0;
  #taken = 0;
  /** Takes so many bytes, those first that were set aside. @throws JournalFull */
  readonly #admit = (bytes: number): void => {
    const setAside = Math.min(this.#reserved, bytes);
    if (setAside < bytes && !this.#fits(bytes - setAside)) {
      throw new JournalFull("the journal has no room now: free some on its disk");
    }
    this.#reserved -= setAside;
    this.#taken += bytes;
  };
  #pumping: Promise<void> | undefined;
  #releasing: Promise<unknown> = Promise.resolve();
  #closed = false;
  #failure: JournalUnavailable | undefined;

  /**
   * Opens the journal of a directory, or makes one: checks it, cuts off what a crash left of a write,
   * and raises the epoch, durably.
   *
   * @throws JournalCorrupt, JournalVersionUnsupported with nothing changed
   * @throws JournalFull when there is no room for even the note that the journal was opened
   * @throws JournalUnavailable when the disk fails
   */
  static async open(options: FileCommandLogOptions): Promise<FileCommandLog> {
    const { disk, checkFrom = 1 } = options;
    const capacity = options.segmentBytes ?? SEGMENT_BYTES;
    assert(capacity >= 8192 && capacity % 8 === 0, "a segment has room for its header and marks");
    const state = await readJournal(disk, checkFrom);
    try {
      await settleTail(disk, state);
      await deleteUnfinished(disk, state, capacity);
      const log = new FileCommandLog(options, state, await openSegment(disk, state));
      await log.#start(state, capacity);
      return log;
    } catch (cause) {
      if (cause instanceof JournalFull) throw cause;
      throw new JournalUnavailable("the journal can't be opened for writing", { cause });
    }
  }

  private constructor(
    options: FileCommandLogOptions,
    { headers, end }: JournalState,
    segment: OpenSegment | undefined,
  ) {
    const { disk, segmentBytes: capacity = SEGMENT_BYTES, retry = retryLater } = options;
    this.epoch = end.link.epoch + 1;
    this.tornTail = end.tornTail;
    this.#disk = disk;
    this.#segments = [...headers];
    this.#durable = end.link.sequence;
    this.#durableTime = end.link.time;
    this.#appended = end.link.sequence;
    this.#appendedTime = end.link.time;
    this.#reader = new EntryReader(disk);
    this.#maker = new SegmentMaker({
      disk,
      capacity,
      retry,
      onFailure: (cause) => this.#fail(cause),
    });
    const onSegment = (header: SegmentHeader) => this.#segments.push(header);
    const parts = { disk, maker: this.#maker, capacity, epoch: this.epoch, onSegment };
    this.#writer = new SegmentWriter(parts, end.link, segment);
    this.#queue = new AppendQueue(this.#writer.emptyRoom);
  }

  get firstSequence(): Sequence {
    return ((this.#segments[0]?.link.sequence ?? 0) + 1) as Sequence;
  }

  get lastSequence(): Sequence {
    return this.#durable as Sequence;
  }

  /** Time of the last durable entry; 0 before the first. */
  get lastTime(): Timestamp {
    return this.#durableTime as Timestamp;
  }

  /** Size of all segments that hold entries. */
  get bytes(): number {
    return this.#segments.reduce((sum, { capacity }) => sum + capacity, 0);
  }

  /** How many segments hold entries. */
  get segments(): number {
    return this.#segments.length;
  }

  /** Whether the segment after this one is there: with `no_room`, appends will be refused soon. */
  get nextSegment(): NextSegment {
    return this.#maker.state;
  }

  reserve(command: Command, origin: Origin): boolean {
    if (this.#closed || this.#failure !== undefined) return false;
    this.#scratch.length = 0;
    writeEntry(this.#scratch, { command, origin });
    const bytes = frameBytes(this.#scratch.length);
    if (!this.#fits(bytes)) return false;
    this.#reserved += bytes;
    return true;
  }

  append(batch: readonly LogEntry[]): Promise<Sequence> {
    try {
      this.#refuseWhenUnusable();
      this.#check(batch);
      const appended = this.#queue.add(batch, this.#admit);
      const last = batch[batch.length - 1] as LogEntry;
      this.#appended = last.sequence;
      this.#appendedTime = last.time;
      this.#pumping ??= this.#pump();
      return appended;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async *read(from: Sequence): AsyncGenerator<readonly LogEntry[]> {
    if (from < this.firstSequence) {
      throw new JournalUnavailable(`the journal no longer holds entry ${from}`);
    }
    yield* this.#reader.read(from, () => {
      if (this.#closed) throw new JournalUnavailable("the journal is closed");
      return this.lastSequence;
    });
  }

  async release(before: Sequence): Promise<Sequence> {
    const released = this.#releasing.then(() => this.#release(before));
    this.#releasing = released.catch(() => {});
    await released;
    return this.firstSequence;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const finished = this.#maker.finish();
    await this.#pumping;
    await finished;
    await this.#releasing;
    const mark = closedMark(this.#durable, this.#durableTime);
    if (this.#failure === undefined && this.#writer.hasRoomForMark(mark)) {
      await this.#writer.mark(mark).catch((cause) => this.#fail(cause));
    }
    await this.#reader.close();
    await this.#writer.close();
  }

  async #start(state: JournalState, capacity: number): Promise<void> {
    const next = (state.headers.at(-1)?.number ?? 0) + 1;
    const isThere = state.blanks.some(({ number, size }) => number === next && size === capacity);
    if (isThere) this.#maker.found();
    else this.#maker.make(next);
    const mark = openedMark(this.#durable, this.#durableTime, this.tornTail);
    if (!this.#writer.hasRoomForMark(mark)) {
      await this.#maker.settled();
      if (this.#maker.state === "no_room") {
        await this.#abandon();
        throw new JournalFull(`the disk of ${this.#disk.pathOf("")} has no room for the journal`);
      }
    }
    await this.#writer.mark(mark);
  }

  async #abandon(): Promise<void> {
    this.#closed = true;
    await this.#maker.finish();
    await this.#writer.close();
  }

  #refuseWhenUnusable(): void {
    if (this.#closed) throw new JournalUnavailable("the journal is closed");
    if (this.#failure !== undefined) throw this.#failure;
  }

  #check(batch: readonly LogEntry[]): void {
    assert(batch.length > 0, "a batch has at least one entry");
    let sequence = this.#appended;
    let time = this.#appendedTime;
    for (const entry of batch) {
      assert(entry.sequence === sequence + 1, "sequences in the journal have no gap");
      assert(entry.time >= time, "time in the journal never goes backward");
      assert(Number.isSafeInteger(entry.time), "time is in whole microseconds");
      sequence = entry.sequence;
      time = entry.time;
    }
  }

  /**
   * Whether so many bytes more are sure to find room, however the entries are grouped: all that waits
   * fits into the newest segment, or all of it into the next one.
   */
  #fits(bytes: number): boolean {
    const waiting = this.#reserved + this.#taken + bytes;
    const hasNext = this.#maker.state !== "no_room";
    return waiting <= this.#writer.room || (hasNext && waiting <= this.#writer.emptyRoom);
  }

  /** Writes group after group until nothing waits: what arrives during a write is the next group. */
  async #pump(): Promise<void> {
    // All that is appended in this turn shares the first write.
    await Promise.resolve();
    while (this.#failure === undefined) {
      const write = this.#queue.take();
      if (write === undefined) break;
      await this.#write(write);
    }
    if (this.#failure !== undefined) this.#queue.rejectAll(this.#failure);
    this.#pumping = undefined;
  }

  async #write(write: PendingWrite): Promise<void> {
    const { frames, waiters } = write;
    await this.#writer.write(frames.written).catch((cause) => this.#fail(cause));
    if (this.#failure !== undefined) {
      for (const { reject } of waiters) reject(this.#failure);
      return;
    }
    this.#taken -= frames.length;
    const { sequence, time } = this.#writer.last;
    this.#durable = sequence;
    this.#durableTime = time;
    this.#queue.recycle(write);
    for (const { resolve, last } of waiters) resolve(last);
  }

  /** From now on nothing is taken and nothing acknowledged. Of several failures the first counts. */
  #fail(cause: unknown): void {
    this.#failure ??= new JournalUnavailable("an append to the journal failed", { cause });
  }

  async #release(before: Sequence): Promise<void> {
    for (;;) {
      const [oldest, next] = this.#segments;
      if (oldest === undefined || next === undefined || next.link.sequence >= before) return;
      this.#segments.shift();
      // One by one, so that a crash leaves no gap between the segments.
      await this.#disk.delete(segmentName(oldest.number));
      await this.#disk.flushNames();
    }
  }
}

async function openSegment(disk: Disk, state: JournalState): Promise<OpenSegment | undefined> {
  const newest = state.headers.at(-1);
  if (newest === undefined) return undefined;
  const { number, capacity } = newest;
  const { position } = state.end;
  const hash = await hashOf(disk, number, position);
  const file = await disk.open(segmentName(number), "write");
  return { file, number, capacity, hash, position };
}

function retryLater(task: () => void): void {
  setTimeout(task, RETRY_MS).unref();
}
