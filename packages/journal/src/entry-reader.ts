import { assert, type Sequence, type Timestamp } from "@tse/domain";
import { ByteReader } from "./byte-reader.ts";
import { JournalUnavailable, type LogEntry } from "./command-log.ts";
import type { Disk } from "./disk.ts";
import { readEntry } from "./entry-codec.ts";
import { FrameKind } from "./frame.ts";
import { FrameWalk } from "./frame-walk.ts";
import { JournalCorrupt } from "./journal-errors.ts";
import { checkContinues } from "./recovery.ts";
import { readHeader, segmentName, segmentNumbers } from "./segment-files.ts";
import type { SegmentHeader } from "./segment-header.ts";

/** Most entries that a reader gets at once. */
const RUN_MAX = 1_000;

/**
 * Reads entries from segments that another object, thread or process may be writing to. It never looks
 * at what it was not told is durable.
 *
 * A read that begins where one before ended goes on there; any other finds its place by reading its
 * segment from the start.
 */
export class EntryReader {
  readonly #disk: Disk;
  readonly #decoder = new ByteReader(Buffer.alloc(0));
  /** Stands behind the last entry that was read. */
  #kept: FrameWalk | undefined;
  #closed = false;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  /**
   * Entries from `from` on in runs of at least one, to the one that `durable` says when reading gets
   * there.
   *
   * @throws JournalUnavailable when the segment of `from` is not there any more
   * @throws JournalCorrupt
   */
  async *read(from: Sequence, durable: () => Sequence): AsyncGenerator<readonly LogEntry[]> {
    if (from > durable()) return;
    let walk = await this.#walkTo(from);
    try {
      while (walk.link.sequence < durable()) {
        if (!(await walk.load())) {
          walk = await this.#following(walk);
          continue;
        }
        const run = this.#run(walk, from, durable());
        if (run.length > 0) yield run;
      }
    } finally {
      await this.#keep(walk);
    }
  }

  /** Lets go of the file that was read last; reads under way let go of theirs when they end. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#keep(undefined);
  }

  #run(walk: FrameWalk, from: Sequence, to: Sequence): readonly LogEntry[] {
    const run: LogEntry[] = [];
    const { link } = walk;
    while (run.length < RUN_MAX && link.sequence < to && walk.next()) {
      if (walk.kind === FrameKind.entry && link.sequence >= from) run.push(this.#decode(walk));
    }
    return run;
  }

  #decode(walk: FrameWalk): LogEntry {
    const { sequence, time } = walk.link;
    try {
      this.#decoder.reset(walk.bytes, walk.payloadStart, walk.payloadEnd);
      const { origin, command } = readEntry(this.#decoder);
      assert(this.#decoder.isAtEnd, "an entry fills its frame");
      return { sequence: sequence as Sequence, time: time as Timestamp, origin, command };
    } catch (cause) {
      const file = this.#disk.pathOf(segmentName(walk.header.number));
      const offset = walk.position;
      throw new JournalCorrupt("an entry can't be decoded", { file, offset, sequence, cause });
    }
  }

  async #walkTo(from: Sequence): Promise<FrameWalk> {
    const kept = this.#kept;
    if (kept !== undefined && kept.link.sequence + 1 === from) {
      this.#kept = undefined;
      return kept;
    }
    const numbers = await segmentNumbers(this.#disk);
    for (const number of numbers.reverse()) {
      const walk = await this.#open(number);
      if (walk !== undefined && walk.header.link.sequence < from) return walk;
      await walk?.file.close();
    }
    throw new JournalUnavailable(`the journal no longer holds entry ${from}`);
  }

  /** The walk of the segment after the one that ended. */
  async #following(walk: FrameWalk): Promise<FrameWalk> {
    const following = await this.#open(walk.header.number + 1);
    if (following === undefined) throw await this.#missing(walk);
    try {
      checkContinues(this.#disk, walk, following.header);
    } catch (error) {
      await following.file.close();
      throw error;
    }
    await walk.file.close();
    return following;
  }

  /** Why there is no segment after the walk's: it was released meanwhile, or it should be there. */
  async #missing(walk: FrameWalk): Promise<Error> {
    const sequence = walk.link.sequence + 1;
    const [oldest = 0] = await segmentNumbers(this.#disk);
    if (oldest > walk.header.number + 1) {
      return new JournalUnavailable(`the journal no longer holds entry ${sequence}`);
    }
    const file = this.#disk.pathOf(segmentName(walk.header.number));
    const position = { file, offset: walk.position, sequence };
    return new JournalCorrupt("an entry that was durable is not there", position);
  }

  /** `undefined` when the segment is not there or not begun. */
  async #open(number: number): Promise<FrameWalk | undefined> {
    const name = segmentName(number);
    const file = await this.#disk.open(name, "read").catch((error: NodeJS.ErrnoException) => {
      // It may have been released since it was listed.
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    if (file === undefined) return undefined;
    const header: SegmentHeader | undefined = await readHeader(file, this.#disk.pathOf(name));
    if (header !== undefined) return new FrameWalk(file, header);
    await file.close();
    return undefined;
  }

  async #keep(walk: FrameWalk | undefined): Promise<void> {
    const before = this.#kept;
    this.#kept = this.#closed ? undefined : walk;
    await before?.file.close();
    if (this.#closed) await walk?.file.close();
  }
}
