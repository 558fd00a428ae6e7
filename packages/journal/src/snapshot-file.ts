import { createHash } from "node:crypto";
import { deserialize, serialize } from "node:v8";
import type { Sequence } from "@tse/domain";
import { readU64, writeU64 } from "./frame.ts";
import type { Snapshot } from "./snapshot-store.ts";

/**
 * ```
 *  0 8 bytes magic    8 u32 format version   12 u32 zero
 * 16 u64 sequence    24 u64 state bytes
 * 32 32 bytes SHA-256 of the 32 bytes before and of the state
 * 64 state, as of `v8.serialize`
 * ```
 */
const MAGIC = Buffer.from("\x89TSESNP\n", "latin1");
const HEADER_BYTES = 64;
const VERSION = 1;

const NAME = /^(\d{16})\.snapshot$/;

export function snapshotName(sequence: Sequence): string {
  return `${String(sequence).padStart(16, "0")}.snapshot`;
}

/** `undefined` when the file is no snapshot. */
export function snapshotSequence(name: string): Sequence | undefined {
  const match = NAME.exec(name);
  return match === null ? undefined : (Number(match[1]) as Sequence);
}

export function encodeSnapshot({ sequence, state }: Snapshot): readonly [Buffer, Buffer] {
  const body = serialize(state);
  const header = Buffer.alloc(HEADER_BYTES);
  header.set(MAGIC);
  header.writeUInt32LE(VERSION, 8);
  writeU64(header, sequence, 16);
  writeU64(header, body.length, 24);
  header.set(digest(header, body), 32);
  return [header, body];
}

/** The snapshot, or text that says why the bytes are none. */
export function decodeSnapshot(bytes: Buffer): Snapshot | string {
  if (bytes.length < HEADER_BYTES) return "it is too short";
  const body = bytes.subarray(HEADER_BYTES);
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return "it does not begin like a snapshot";
  if (readU64(bytes, 24) !== body.length) return "it is not as long as it says";
  if (!digest(bytes, body).equals(bytes.subarray(32, 64))) return "its hash is another";
  const version = bytes.readUInt32LE(8);
  if (version !== VERSION) return `it has format ${version}, this version reads format ${VERSION}`;
  return { sequence: readU64(bytes, 16) as Sequence, state: deserialize(body) };
}

function digest(header: Buffer, body: Buffer): Buffer {
  return createHash("sha256").update(header.subarray(0, 32)).update(body).digest();
}
