import { createHash, type Hash } from "node:crypto";
import { assert } from "@tse/domain";
import type { Disk, DiskFile } from "./disk.ts";
import { type Link, sealFrames } from "./frame.ts";
import { segmentName } from "./segment-files.ts";
import { encodeHeader, SEGMENT_START, type SegmentHeader } from "./segment-header.ts";
import type { SegmentMaker } from "./segment-maker.ts";

/** Kept free of entries, so that marks of opening and closing find room when the disk is full. */
const MARK_ROOM = 1024;

export interface SegmentWriterOptions {
  readonly disk: Disk;
  readonly maker: SegmentMaker;
  /** Bytes of a segment that is made from now on. */
  readonly capacity: number;
  readonly epoch: number;
  /** Told the header of each segment that is begun. */
  readonly onSegment: (header: SegmentHeader) => void;
}

/** Where the newest segment stands. */
export interface OpenSegment {
  readonly file: DiskFile;
  readonly number: number;
  readonly capacity: number;
  /** Of everything before `position`. */
  readonly hash: Hash;
  readonly position: number;
}

/** Writes frames, one durable write after another, and begins segments as they fill. One call at a time. */
export class SegmentWriter {
  readonly #options: SegmentWriterOptions;
  readonly #link: Link;
  #segment: OpenSegment | undefined;
  #position = 0;

  /** @param segment the newest one; `undefined` in a new journal */
  constructor(options: SegmentWriterOptions, link: Link, segment: OpenSegment | undefined) {
    this.#options = options;
    this.#link = { ...link };
    this.#segment = segment;
    this.#position = segment?.position ?? 0;
  }

  /** Bytes of entries that the newest segment still takes. */
  get room(): number {
    if (this.#segment === undefined) return 0;
    return Math.max(0, this.#segment.capacity - MARK_ROOM - this.#position);
  }

  /** Bytes of entries that an empty segment takes. */
  get emptyRoom(): number {
    return this.#options.capacity - SEGMENT_START - MARK_ROOM;
  }

  /** The last frame written. */
  get last(): Readonly<Link> {
    return this.#link;
  }

  /** Writes prepared frames of entries: durable once resolved. Waits while there is no room. */
  async write(frames: Buffer): Promise<void> {
    if (frames.length > this.room) await this.#beginSegment();
    await this.#write(frames);
  }

  /** Writes the prepared frame of a mark, for which some room is kept. */
  async mark(frame: Buffer): Promise<void> {
    if (!this.hasRoomForMark(frame)) await this.#beginSegment();
    await this.#write(frame);
  }

  hasRoomForMark(frame: Buffer): boolean {
    return this.#segment !== undefined && this.#position + frame.length <= this.#segment.capacity;
  }

  async close(): Promise<void> {
    await this.#segment?.file.close();
  }

  async #write(frames: Buffer): Promise<void> {
    const segment = this.#segment;
    assert(segment !== undefined, "a segment is open when frames are written");
    sealFrames(frames, this.#link, this.#options.epoch);
    await writeWhole(segment.file, frames, this.#position);
    segment.hash.update(frames);
    this.#position += frames.length;
  }

  async #beginSegment(): Promise<void> {
    const { disk, maker, capacity, epoch, onSegment } = this.#options;
    await maker.ready();
    const before = this.#segment;
    const number = (before?.number ?? 0) + 1;
    const header: SegmentHeader = {
      number,
      capacity,
      link: { ...this.#link, epoch },
      previousBytes: this.#position,
      previousHash: before?.hash.digest() ?? Buffer.alloc(32),
    };
    const bytes = encodeHeader(header);
    const file = await disk.open(segmentName(number), "write");
    await writeWhole(file, bytes, 0);
    const hash = createHash("sha256").update(bytes);
    hash.update(Buffer.alloc(SEGMENT_START - bytes.length));
    this.#segment = { file, number, capacity, hash, position: SEGMENT_START };
    this.#position = SEGMENT_START;
    this.#link.epoch = epoch;
    onSegment(header);
    maker.make(number + 1);
    await before?.file.close();
  }
}

/** A write that ends early is a failed one: what the disk has of it is not known. */
async function writeWhole(file: DiskFile, bytes: Buffer, position: number): Promise<void> {
  const written = await file.write(bytes, position);
  if (written !== bytes.length) {
    throw new Error(`the disk took ${written} of ${bytes.length} bytes`);
  }
}
