import { createHash, type Hash } from "node:crypto";
import { type Disk, type DiskFile, readFully } from "./disk.ts";
import { FIRST_LINK, FRAME_HEADER_BYTES, isLaterFrame, type Link } from "./frame.ts";
import { FrameWalk } from "./frame-walk.ts";
import { JournalCorrupt } from "./journal-errors.ts";
import { readHeader, segmentName, segmentNumbers, withFile } from "./segment-files.ts";
import { HEADER_BYTES, type SegmentHeader } from "./segment-header.ts";

/** What a write that a crash cut short left behind the last whole append. */
export interface TornTail {
  /** Path of the segment. */
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
}

/** How far the newest segment is good. */
export interface SegmentEnd {
  readonly position: number;
  readonly link: Link;
  readonly tornTail: TornTail | undefined;
}

/** What is in a directory, checked. Nothing was changed. */
export interface JournalState {
  /** Headers of the segments that were begun, oldest first; none in a new journal. */
  readonly headers: readonly SegmentHeader[];
  /** Of the newest segment; the start of a journal when there is none. */
  readonly end: SegmentEnd;
  /** Segments made ahead, all zero: their numbers and sizes. */
  readonly blanks: readonly { readonly number: number; readonly size: number }[];
}

const CHUNK_BYTES = 1024 * 1024;
const ZEROS = Buffer.alloc(CHUNK_BYTES);

/**
 * Reads what the directory holds, and checks every frame from the segment of `checkFrom` on.
 *
 * Behind the last good frame of the newest segment there may be the remains of one write that a crash
 * cut short. They are told from damage by the numbers of writes: a write starts only when those before
 * it are durable, so a frame of a later write proves that the bad one was once whole.
 *
 * @throws JournalCorrupt, JournalVersionUnsupported
 */
export async function readJournal(disk: Disk, checkFrom: number): Promise<JournalState> {
  const { headers, blanks } = await readSegments(disk);
  const newest = headers.at(-1);
  if (newest === undefined) {
    return { headers, blanks, end: { position: 0, link: { ...FIRST_LINK }, tornTail: undefined } };
  }
  for (const [i, header] of headers.entries()) {
    const following = headers[i + 1];
    if (following !== undefined && following.link.sequence >= checkFrom) {
      await checkClosed(disk, header, following);
    }
  }
  return { headers, blanks, end: await findEnd(disk, newest) };
}

/** SHA-256, still open, of the first `length` bytes of a segment. */
export function hashOf(disk: Disk, number: number, length: number): Promise<Hash> {
  return withFile(disk, segmentName(number), async (file) => {
    const hash = createHash("sha256");
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, length));
    for (let position = 0; position < length; position += chunk.length) {
      const part = chunk.subarray(0, Math.min(chunk.length, length - position));
      hash.update(part.subarray(0, await readFully(file, part, position)));
    }
    return hash;
  });
}

async function readSegments(disk: Disk): Promise<Pick<JournalState, "headers" | "blanks">> {
  const headers: SegmentHeader[] = [];
  const blanks: { number: number; size: number }[] = [];
  for (const number of await segmentNumbers(disk)) {
    const header = await readSegment(disk, number);
    if (typeof header === "number") blanks.push({ number, size: header });
    else if (header?.number === number && blanks.length === 0) headers.push(header);
    else throw damagedSegment(disk, number, headers, "its header is not as it was written");
  }
  const all = [...headers, ...blanks];
  const first = headers[0]?.number ?? 1;
  const gap = all.findIndex(({ number }, i) => number !== first + i);
  if (gap < 0) return { headers, blanks };
  const { number } = all[gap] as { number: number };
  throw damagedSegment(disk, number, headers.slice(0, gap), "the segment before is missing");
}

/** @param before headers of the segments before it */
function damagedSegment(
  disk: Disk,
  number: number,
  before: readonly SegmentHeader[],
  what: string,
): JournalCorrupt {
  const sequence = (before.at(-1)?.link.sequence ?? 0) + 1;
  return new JournalCorrupt(what, { file: disk.pathOf(segmentName(number)), offset: 0, sequence });
}

/** A segment's header; the size of a blank one; `undefined` when it has frames and no whole header. */
function readSegment(disk: Disk, number: number): Promise<SegmentHeader | number | undefined> {
  const name = segmentName(number);
  return withFile(disk, name, async (file) => {
    const header = await readHeader(file, disk.pathOf(name));
    if (header !== undefined) return header;
    // A header of which only a part was written is the last that was done to a segment.
    return (await isBlank(file, HEADER_BYTES)) ? file.size() : undefined;
  });
}

/** Whether all bytes of a segment from `position` on are zero. */
export function isZeroFrom(disk: Disk, number: number, position: number): Promise<boolean> {
  return withFile(disk, segmentName(number), (file) => isBlank(file, position));
}

async function isBlank(file: DiskFile, from: number): Promise<boolean> {
  let isBlank = true;
  await eachDirtyChunk(file, from, () => {
    isBlank = false;
  });
  return isBlank;
}

/** Checks that a segment ends exactly where the next one says. */
function checkClosed(disk: Disk, header: SegmentHeader, following: SegmentHeader): Promise<void> {
  return withFile(disk, segmentName(header.number), async (file) => {
    const walk = new FrameWalk(file, header);
    while (await walk.load()) while (walk.next());
    checkContinues(disk, walk, following);
  });
}

/** @throws JournalCorrupt unless `walk` stands where `following` says that its segment ended */
export function checkContinues(disk: Disk, walk: FrameWalk, following: SegmentHeader): void {
  const { link, position } = walk;
  const isWhole =
    position === following.previousBytes &&
    link.sequence === following.link.sequence &&
    link.write === following.link.write &&
    link.checksum === following.link.checksum;
  if (isWhole) return;
  const file = disk.pathOf(segmentName(walk.header.number));
  throw new JournalCorrupt("a frame does not pass its check, and later ones were written", {
    file,
    offset: position,
    sequence: link.sequence + 1,
  });
}

function findEnd(disk: Disk, header: SegmentHeader): Promise<SegmentEnd> {
  const name = segmentName(header.number);
  return withFile(disk, name, async (file) => {
    const walk = new FrameWalk(file, header);
    let position = walk.position;
    const link = { ...walk.link };
    while (await walk.load()) {
      while (walk.next()) {
        // Half of an append is as good as nothing of it.
        if (walk.link.appendGoesOn) continue;
        position = walk.position;
        Object.assign(link, walk.link);
      }
    }
    const path = disk.pathOf(name);
    const end = Math.max(walk.position, await endOfRemains(file, walk, path));
    const tornTail =
      end > position ? { file: path, offset: position, bytes: end - position } : undefined;
    return { position, link, tornTail };
  });
}

/**
 * Where the last byte behind the walk's good frames is that isn't zero; 0 when there is none.
 *
 * @throws JournalCorrupt when a frame of a later write is among them
 */
async function endOfRemains(file: DiskFile, walk: FrameWalk, path: string): Promise<number> {
  let end = 0;
  await eachDirtyChunk(file, walk.position, (chunk, position) => {
    // The bad frame itself is no proof, however good its header looks.
    const first = position === walk.position ? 8 : 0;
    for (let at = first; at + FRAME_HEADER_BYTES <= chunk.length; at += 8) {
      if (!isLaterFrame(chunk, at, walk.link)) continue;
      throw new JournalCorrupt("a frame does not pass its check, and later ones were written", {
        file: path,
        offset: walk.position,
        sequence: walk.link.sequence + 1,
      });
    }
    const used = chunk.findLastIndex((byte) => byte !== 0) + 1;
    end = Math.max(end, position + used);
  });
  return end;
}

/** Calls `use` for each piece of the file behind `from` that isn't all zero. Pieces overlap by a header. */
async function eachDirtyChunk(
  file: DiskFile,
  from: number,
  use: (chunk: Buffer, position: number) => void,
): Promise<void> {
  const size = await file.size();
  const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, Math.max(0, size - from)));
  for (let position = from; position < size; position += CHUNK_BYTES - FRAME_HEADER_BYTES) {
    const length = await readFully(file, chunk, position);
    const part = chunk.subarray(0, length);
    if (!part.equals(ZEROS.subarray(0, length))) use(part, position);
  }
}
