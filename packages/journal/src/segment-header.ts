import { assert } from "@tse/domain";
import { crc32 } from "./crc32.ts";
import { FIRST_LINK, type Link, readU64, writeU64 } from "./frame.ts";
import { JournalVersionUnsupported } from "./journal-errors.ts";

/**
 * The first bytes of a segment, written in one step when the segment before it is full. Little endian.
 *
 * ```
 *  0 8 bytes magic             8 u32 format version     12 u32 epoch
 * 16 u64 number               24 u64 bytes of the file
 * 32 u64 sequence, 40 u64 time, 48 u64 write, 56 u32 checksum: the last frame before the segment
 * 60 u32 zero
 * 64 u64 bytes used of, and 72 32 bytes SHA-256 of those bytes of: the segment before
 * 104 zero                   124 u32 CRC-32 of the 124 bytes before it
 * ```
 */
export interface SegmentHeader {
  /** 1, 2, 3, … without a gap. */
  readonly number: number;
  /** Size of the file. */
  readonly capacity: number;
  /** The last frame of the segment before. */
  readonly link: Readonly<Link>;
  /** How much of the segment before is header and frames; 0 for the first. */
  readonly previousBytes: number;
  /** SHA-256 of those bytes; zero bytes for the first. */
  readonly previousHash: Uint8Array;
}

const FORMAT_VERSION = 1;

/** Frames begin here: the header has a disk's sector, of either size, for itself. */
export const SEGMENT_START = 4096;

export const HEADER_BYTES = 128;

const MAGIC = Buffer.from("\x89TSEJNL\n", "latin1");

export function encodeHeader(header: SegmentHeader): Buffer {
  const { number, capacity, link, previousBytes, previousHash } = header;
  assert(previousHash.length === 32, "a SHA-256 has 32 bytes");
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.set(MAGIC);
  bytes.writeUInt32LE(FORMAT_VERSION, 8);
  bytes.writeUInt32LE(link.epoch, 12);
  writeU64(bytes, number, 16);
  writeU64(bytes, capacity, 24);
  writeU64(bytes, link.sequence, 32);
  writeU64(bytes, link.time, 40);
  writeU64(bytes, link.write, 48);
  bytes.writeUInt32LE(link.checksum, 56);
  writeU64(bytes, previousBytes, 64);
  bytes.set(previousHash, 72);
  bytes.writeUInt32LE(crc32(bytes, 0, 124, 0), 124);
  return bytes;
}

/**
 * `undefined` when the bytes are no whole header: the segment was never begun, or is damaged.
 *
 * @throws JournalVersionUnsupported
 */
export function decodeHeader(bytes: Buffer, file: string): SegmentHeader | undefined {
  if (bytes.length < HEADER_BYTES || !bytes.subarray(0, 8).equals(MAGIC)) return undefined;
  if (crc32(bytes, 0, 124, 0) !== bytes.readUInt32LE(124)) return undefined;
  const version = bytes.readUInt32LE(8);
  if (version !== FORMAT_VERSION) {
    throw new JournalVersionUnsupported(file, version, FORMAT_VERSION);
  }
  return {
    number: readU64(bytes, 16),
    capacity: readU64(bytes, 24),
    link: {
      ...FIRST_LINK,
      epoch: bytes.readUInt32LE(12),
      sequence: readU64(bytes, 32),
      time: readU64(bytes, 40),
      write: readU64(bytes, 48),
      checksum: bytes.readUInt32LE(56),
    },
    previousBytes: readU64(bytes, 64),
    previousHash: bytes.subarray(72, 104),
  };
}
