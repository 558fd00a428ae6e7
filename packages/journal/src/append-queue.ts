import { assert, type Sequence } from "@tse/domain";
import { ByteWriter } from "./byte-writer.ts";
import type { LogEntry } from "./command-log.ts";
import { writeEntry } from "./entry-codec.ts";
import { FRAME_HEADER_BYTES, FrameKind, frameBytes, prepareFrame } from "./frame.ts";

/** Who waits for an append. */
interface Waiter {
  readonly last: Sequence;
  readonly resolve: (last: Sequence) => void;
  readonly reject: (error: Error) => void;
}

/** Whole appends whose frames go to the disk in one write. */
export interface PendingWrite {
  readonly frames: ByteWriter;
  readonly waiters: Waiter[];
}

/** More entries than this are not put into one write, so that the first of them need not wait for all. */
const WRITE_BYTES = 256 * 1024;

/** A buffer begins so large and grows with what is put in. */
const BUFFER_BYTES = 16 * 1024;

/** Appends in order, encoded, in groups that are written at once. */
export class AppendQueue {
  readonly #batchBytesMax: number;
  #writes: PendingWrite[] = [];
  /** A buffer that is free again, so that a steady flow makes no garbage. */
  #spare: ByteWriter | undefined;

  /** @param batchBytesMax what an empty segment takes */
  constructor(batchBytesMax: number) {
    this.#batchBytesMax = batchBytesMax;
  }

  /**
   * Encodes `batch` behind what waits.
   *
   * @param admit told the bytes before the batch is taken; when it throws, nothing was
   */
  add(batch: readonly LogEntry[], admit: (bytes: number) => void): Promise<Sequence> {
    const write = this.#lastOpen();
    const { frames } = write;
    const start = frames.length;
    try {
      encodeBatch(frames, batch);
      assert(frames.length - start <= this.#batchBytesMax, "a batch fits into a segment");
      admit(frames.length - start);
    } catch (error) {
      frames.length = start;
      throw error;
    }
    return new Promise((resolve, reject) => {
      const last = (batch[batch.length - 1] as LogEntry).sequence;
      this.#own(write, start).waiters.push({ last, resolve, reject });
    });
  }

  /** The oldest group, which takes no more from now on. */
  take(): PendingWrite | undefined {
    if (this.#writes[0]?.waiters.length === 0) return undefined;
    return this.#writes.shift();
  }

  /** Says that nobody needs the group's buffer any more. */
  recycle({ frames }: PendingWrite): void {
    if (frames.bytes.length > 2 * WRITE_BYTES) return;
    frames.length = 0;
    this.#spare = frames;
  }

  rejectAll(error: Error): void {
    for (const { waiters } of this.#writes) for (const { reject } of waiters) reject(error);
    this.#writes = [];
  }

  #lastOpen(): PendingWrite {
    const last = this.#writes.at(-1);
    if (last !== undefined && last.frames.length < WRITE_BYTES) return last;
    const frames = this.#spare ?? new ByteWriter(BUFFER_BYTES);
    this.#spare = undefined;
    const write = { frames, waiters: [] };
    this.#writes.push(write);
    return write;
  }

  /** The group for a batch that stands from `start` on in `write`: one of its own when both are too much. */
  #own(write: PendingWrite, start: number): PendingWrite {
    const { frames } = write;
    if (start === 0 || frames.length <= Math.min(WRITE_BYTES, this.#batchBytesMax)) return write;
    const own = { frames: new ByteWriter(frames.length - start), waiters: [] };
    own.frames.append(frames.written.subarray(start));
    frames.length = start;
    this.#writes.push(own);
    return own;
  }
}

/** Frames of `batch`, prepared: all but the last say that the append goes on. */
function encodeBatch(to: ByteWriter, batch: readonly LogEntry[]): void {
  const last = batch.length - 1;
  for (let i = 0; i <= last; i++) {
    const entry = batch[i] as LogEntry;
    const start = to.length;
    to.length = start + FRAME_HEADER_BYTES;
    writeEntry(to, entry);
    const length = to.length - start - FRAME_HEADER_BYTES;
    to.length = start + frameBytes(length);
    const { sequence, time } = entry;
    const appendGoesOn = i < last;
    prepareFrame(to.bytes, start, { kind: FrameKind.entry, length, sequence, time, appendGoesOn });
  }
}
