import { assert } from "@tse/domain";
import { crc32 } from "./crc32.ts";

/**
 * One frame: one entry, or a mark that a process leaves when it opens or closes the journal. Little
 * endian, a multiple of eight bytes.
 *
 * ```
 *  0 u32 magic        4 u32 checksum     8 u32 payload bytes   12 u32 epoch
 * 16 u64 sequence    24 u64 time        32 u48 write           38 u8 kind     39 u8 flags
 * 40 payload, then zero bytes up to a multiple of eight
 * ```
 *
 * The checksum is the CRC-32 of everything behind it, seeded with the checksum of the frame before: a
 * frame is valid in one place of one history only. All frames of one write have its number, and a write
 * starts only when the one before is durable: a frame proves that every write with a smaller number was.
 */
export const FRAME_HEADER_BYTES = 40;

/** Ends with a zero byte, which text that people send does not have. */
const MAGIC = 0x00f5c0de;

export const FrameKind = { entry: 1, opened: 2, closed: 3 } as const;
export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind];

/** The append that the frame belongs to goes on in the next frame. */
const APPEND_GOES_ON = 1;
/** The write that the frame belongs to goes on in the next frame. */
const WRITE_GOES_ON = 2;

const AT = {
  checksum: 4,
  length: 8,
  epoch: 12,
  sequence: 16,
  time: 24,
  write: 32,
  kind: 38,
  flags: 39,
};

/** What a frame has to continue: the last frame before it, or the header of its segment. */
export interface Link {
  checksum: number;
  epoch: number;
  /** Of the last entry. */
  sequence: number;
  time: number;
  write: number;
  appendGoesOn: boolean;
  writeGoesOn: boolean;
}

/** The link before the first frame of a journal. */
export const FIRST_LINK: Readonly<Link> = {
  checksum: 0,
  epoch: 0,
  sequence: 0,
  time: 0,
  write: 0,
  appendGoesOn: false,
  writeGoesOn: false,
};

/** Bytes of a frame whose payload has `length`. */
export function frameBytes(length: number): number {
  return FRAME_HEADER_BYTES + 8 * Math.ceil(length / 8);
}

export interface FrameFields {
  readonly kind: FrameKind;
  readonly length: number;
  readonly sequence: number;
  readonly time: number;
  readonly appendGoesOn: boolean;
}

/** Writes the header at `at`, except for what only the write knows; `sealFrames` completes it. */
export function prepareFrame(bytes: Buffer, at: number, frame: FrameFields): void {
  bytes.writeUInt32LE(MAGIC, at);
  bytes.writeUInt32LE(frame.length, at + AT.length);
  writeU64(bytes, frame.sequence, at + AT.sequence);
  writeU64(bytes, frame.time, at + AT.time);
  bytes[at + AT.kind] = frame.kind;
  bytes[at + AT.flags] = frame.appendGoesOn ? APPEND_GOES_ON : 0;
}

/**
 * Completes the prepared frames that `bytes` consists of as one write after `link`, and moves `link` to
 * the last of them.
 */
export function sealFrames(bytes: Buffer, link: Link, epoch: number): void {
  const write = link.write + 1;
  const seeded = link.checksum;
  let checksum = seeded;
  let at = 0;
  let last = 0;
  while (at < bytes.length) {
    const end = at + frameBytes(u32(bytes, at + AT.length));
    bytes.writeUInt32LE(epoch, at + AT.epoch);
    bytes.writeUIntLE(write, at + AT.write, 6);
    if (end < bytes.length) bytes[at + AT.flags] = flagsAt(bytes, at) | WRITE_GOES_ON;
    checksum = crc32(bytes, at + AT.length, end, checksum);
    bytes.writeUInt32LE(checksum, at + AT.checksum);
    last = at;
    at = end;
  }
  assert(at === bytes.length, "a write consists of whole frames");
  readLink(bytes, last, link);
}

/**
 * Whether a whole frame that continues `link` stands at `at`; then its size in bytes, else 0.
 *
 * @param end where the bytes end
 */
export function sizeOfValidFrame(bytes: Buffer, at: number, end: number, link: Link): number {
  if (end - at < FRAME_HEADER_BYTES || u32(bytes, at) !== MAGIC) return 0;
  const size = frameBytes(u32(bytes, at + AT.length));
  if (size > end - at || !continues(bytes, at, link)) return 0;
  const checksum = crc32(bytes, at + AT.length, at + size, link.checksum);
  return checksum === u32(bytes, at + AT.checksum) ? size : 0;
}

/** How many bytes the frame at `at` says that it has; 0 when there is none. Nothing is checked. */
export function claimedSize(bytes: Buffer, at: number, end: number): number {
  const isFrame = end - at >= FRAME_HEADER_BYTES && u32(bytes, at) === MAGIC;
  return isFrame ? frameBytes(u32(bytes, at + AT.length)) : 0;
}

export function kindAt(bytes: Buffer, at: number): FrameKind {
  return bytes[at + AT.kind] as FrameKind;
}

export function payloadEnd(bytes: Buffer, at: number): number {
  return at + FRAME_HEADER_BYTES + u32(bytes, at + AT.length);
}

/** Sets `link` to the frame at `at`. */
export function readLink(bytes: Buffer, at: number, link: Link): void {
  const flags = flagsAt(bytes, at);
  link.checksum = u32(bytes, at + AT.checksum);
  link.epoch = u32(bytes, at + AT.epoch);
  link.sequence = readU64(bytes, at + AT.sequence);
  link.time = readU64(bytes, at + AT.time);
  link.write = readWrite(bytes, at);
  link.appendGoesOn = (flags & APPEND_GOES_ON) !== 0;
  link.writeGoesOn = (flags & WRITE_GOES_ON) !== 0;
}

/** The number that the next frame's write has, unless the journal was opened between the two. */
function nextWrite(link: Link): number {
  return link.writeGoesOn ? link.write : link.write + 1;
}

/**
 * Whether what stands at `at` is the header of a frame of a write after `write`, in a history that goes
 * on from `link`. Its checksum can't be checked: the frame before it is not known.
 */
export function isLaterFrame(bytes: Buffer, at: number, link: Link): boolean {
  const kind = kindAt(bytes, at);
  return (
    u32(bytes, at) === MAGIC &&
    (kind === FrameKind.entry || kind === FrameKind.opened || kind === FrameKind.closed) &&
    flagsAt(bytes, at) <= (APPEND_GOES_ON | WRITE_GOES_ON) &&
    u32(bytes, at + AT.epoch) >= link.epoch &&
    readU64(bytes, at + AT.sequence) >= link.sequence &&
    readU64(bytes, at + AT.time) >= link.time &&
    readWrite(bytes, at) > nextWrite(link)
  );
}

function continues(bytes: Buffer, at: number, link: Link): boolean {
  const kind = kindAt(bytes, at);
  const isOpening = kind === FrameKind.opened;
  const epoch = u32(bytes, at + AT.epoch);
  const sequence = link.sequence + (kind === FrameKind.entry ? 1 : 0);
  // Opening the journal may have cut off the rest of a write: its mark begins another.
  const write = isOpening ? link.write + 1 : nextWrite(link);
  return (
    readU64(bytes, at + AT.sequence) === sequence &&
    readU64(bytes, at + AT.time) >= link.time &&
    readWrite(bytes, at) === write &&
    (isOpening ? epoch >= link.epoch : epoch === link.epoch)
  );
}

function flagsAt(bytes: Buffer, at: number): number {
  return bytes[at + AT.flags] as number;
}

function readWrite(bytes: Buffer, at: number): number {
  return u32(bytes, at + AT.write) + (u32(bytes, at + AT.write + 2) >>> 16) * 2 ** 32;
}

/** As `Buffer.readUInt32LE`, which checks its arguments: that shows in a replay. */
function u32(bytes: Buffer, at: number): number {
  const low = byte(bytes, at) | (byte(bytes, at + 1) << 8);
  return (low | (byte(bytes, at + 2) << 16) | (byte(bytes, at + 3) << 24)) >>> 0;
}

function byte(bytes: Buffer, at: number): number {
  return bytes[at] as number;
}

export function readU64(bytes: Buffer, at: number): number {
  return u32(bytes, at) + u32(bytes, at + 4) * 2 ** 32;
}

/** @param value a whole number from 0 to 2^53 - 1 */
export function writeU64(bytes: Buffer, value: number, at: number): void {
  bytes.writeUInt32LE(value % 2 ** 32, at);
  bytes.writeUInt32LE(Math.floor(value / 2 ** 32), at + 4);
}
