import { type DiskFile, readFully } from "./disk.ts";
import {
  claimedSize,
  FRAME_HEADER_BYTES,
  type FrameKind,
  kindAt,
  type Link,
  payloadEnd,
  readLink,
  sizeOfValidFrame,
} from "./frame.ts";
import { SEGMENT_START, type SegmentHeader } from "./segment-header.ts";

/** Bytes that are read at once. */
const CHUNK_BYTES = 1024 * 1024;

/**
 * Steps through the frames of one segment, from its first on, and stops before the first that does not
 * continue the one before: behind the last, or damaged.
 *
 * ```ts
 * while (await walk.load()) while (walk.next()) use(walk);
 * ```
 */
export class FrameWalk {
  /** The frame that the walk stands at; before the first, what the segment's header says. */
  readonly link: Link;
  readonly file: DiskFile;
  readonly header: SegmentHeader;
  /** What was read last. The current frame is in it until the next `load`. */
  bytes: Buffer;
  /** Place of `bytes` in the file. */
  #origin = SEGMENT_START;
  #loaded = 0;
  #at = 0;
  /** Where the frame after the current one is in `bytes`. */
  #next = 0;

  constructor(file: DiskFile, header: SegmentHeader) {
    this.file = file;
    this.header = header;
    this.link = { ...header.link };
    this.bytes = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, header.capacity));
  }

  /** Byte of the file behind the current frame. */
  get position(): number {
    return this.#origin + this.#next;
  }

  get kind(): FrameKind {
    return kindAt(this.bytes, this.#at);
  }

  get payloadStart(): number {
    return this.#at + FRAME_HEADER_BYTES;
  }

  get payloadEnd(): number {
    return payloadEnd(this.bytes, this.#at);
  }

  /** Steps to the next frame. False when none that is whole and valid has been loaded. */
  next(): boolean {
    const size = sizeOfValidFrame(this.bytes, this.#next, this.#loaded, this.link);
    if (size === 0) return false;
    readLink(this.bytes, this.#next, this.link);
    this.#at = this.#next;
    this.#next += size;
    return true;
  }

  /** Reads on from `position`, also what was read before. @returns whether a valid frame stands there */
  async load(): Promise<boolean> {
    this.#origin = this.position;
    this.#at = 0;
    this.#next = 0;
    this.#loaded = await readFully(this.file, this.bytes, this.#origin);
    const size = claimedSize(this.bytes, 0, this.#loaded);
    if (size > this.bytes.length && size <= this.header.capacity - this.#origin) {
      this.bytes = Buffer.allocUnsafeSlow(size);
      this.#loaded = await readFully(this.file, this.bytes, this.#origin);
    }
    return sizeOfValidFrame(this.bytes, 0, this.#loaded, this.link) > 0;
  }
}
