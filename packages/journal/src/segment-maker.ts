import type { Disk } from "./disk.ts";
import { segmentName } from "./segment-files.ts";

/** `no_room`: the disk is full; it is tried again. */
export type NextSegment = "ready" | "making" | "no_room";

export interface SegmentMakerOptions {
  readonly disk: Disk;
  /** Bytes of a segment. */
  readonly capacity: number;
  /** Calls `task` once, when it is time to look for room again. */
  readonly retry: (task: () => void) => void;
  /** Told once, when a segment can't be made for another reason than room. */
  readonly onFailure: (cause: unknown) => void;
}

/** Errors that say that there is no room, not that the disk is broken. */
const NO_ROOM = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** Bytes that are zeroed between two flushes: with more the journal's own writes wait, which shows in their p99. */
const CHUNK_BYTES = 128 * 1024;

/**
 * Makes segments ahead: full of zeros and durable, so that a write into one changes neither its size
 * nor the disk's free space.
 */
export class SegmentMaker {
  readonly #options: SegmentMakerOptions;
  #state: NextSegment = "making";
  #ready = Promise.withResolvers<void>();
  #work: Promise<void> = Promise.resolve();
  #finished = false;

  constructor(options: SegmentMakerOptions) {
    this.#options = options;
  }

  get state(): NextSegment {
    return this.#state;
  }

  /** Says that segment `number` is there already. */
  found(): void {
    this.#begin();
    this.#succeed();
  }

  /** Starts to make segment `number`, the next one. */
  make(number: number): void {
    this.#begin();
    this.#work = this.#make(number);
  }

  /** Resolves when the next segment is there, however long there is no room. Rejects when it never will. */
  async ready(): Promise<void> {
    await this.#ready.promise;
  }

  /** Resolves when the attempt under way, if there is one, came to an end. */
  async settled(): Promise<void> {
    await this.#work;
  }

  /** Waits for what is under way; rejects who waits when there is no room. Nothing is tried again. */
  async finish(): Promise<void> {
    this.#finished = true;
    if (this.#state === "no_room") this.#giveUp();
    await this.#work;
  }

  #begin(): void {
    this.#state = "making";
    this.#ready = Promise.withResolvers();
    // Who doesn't wait for the segment isn't told of its failure here.
    this.#ready.promise.catch(() => {});
  }

  #succeed(): void {
    this.#state = "ready";
    this.#ready.resolve();
  }

  #giveUp(): void {
    this.#ready.reject(
      new Error("the journal was closed before there was room for its next segment"),
    );
  }

  async #make(number: number): Promise<void> {
    const { disk, retry, onFailure } = this.#options;
    const name = segmentName(number);
    const unfinished = `${name}.new`;
    try {
      await this.#zero(unfinished);
      await disk.rename(unfinished, name);
      await disk.flushNames();
      this.#succeed();
    } catch (error) {
      if (!isNoRoom(error)) {
        this.#ready.reject(error);
        onFailure(error);
        return;
      }
      this.#state = "no_room";
      await this.#giveBack(unfinished);
      if (this.#finished) this.#giveUp();
      else retry(() => this.#retry(number));
    }
  }

  #retry(number: number): void {
    if (!this.#finished) this.#work = this.#make(number);
  }

  async #zero(name: string): Promise<void> {
    const { disk, capacity } = this.#options;
    const zeros = Buffer.alloc(Math.min(CHUNK_BYTES, capacity));
    const file = await disk.open(name, "create");
    try {
      for (let position = 0; position < capacity; ) {
        const chunk = zeros.subarray(0, Math.min(zeros.length, capacity - position));
        position += await file.write(chunk, position);
        await file.flush();
      }
    } finally {
      await file.close();
    }
  }

  /** What was made of a segment takes the room that others may need. */
  async #giveBack(name: string): Promise<void> {
    try {
      await this.#options.disk.delete(name);
    } catch {
      // It may not be there; the next try empties it.
    }
  }
}

function isNoRoom(error: unknown): boolean {
  return error instanceof Error && "code" in error && NO_ROOM.has(String(error.code));
}
