import type { AccountNumber, OrderSeq, Sequence, Timestamp } from "@tse/domain";
import { claimedSize, type Link, readLink } from "../src/frame.ts";
import { FileCommandLog, type LogEntry } from "../src/index.ts";
import { SEGMENT_START } from "../src/segment-header.ts";
import { MemoryDisk } from "./memory-disk.ts";

export const SEGMENT_BYTES = 8192;

/** An entry whose frame is as large as any other's of the same `text` length. */
export function orderEntry(sequence: number, text = "abcdefgh"): LogEntry {
  return {
    sequence: sequence as Sequence,
    time: (sequence * 10) as Timestamp,
    origin: { actor: "key", correlationId: "c" },
    command: {
      kind: "cancel_order",
      account: 1 as AccountNumber,
      orderSeq: ((sequence % 100) + 100) as OrderSeq,
      clientOrderId: text,
    },
  };
}

/** The log under test; a test of the tests gives a broken one. */
type Opener = Pick<typeof FileCommandLog, "open">;

/** Opens the journal of a disk; nothing is ever tried again by itself. */
export function openJournal(
  disk: MemoryDisk,
  opener: Opener = FileCommandLog,
): Promise<FileCommandLog> {
  return opener.open({ disk, segmentBytes: SEGMENT_BYTES, retry: () => {} });
}

/** A journal in which one frame is that of another history: whole, as long, at the same place. */
export async function journalWithForeignFrame(opener: Opener = FileCommandLog) {
  const [ours, theirs] = [new MemoryDisk(), new MemoryDisk()];
  for (const [disk, text] of [
    [ours, "abcdefgh"],
    [theirs, "ABCDEFGH"],
  ] as const) {
    const log = await openJournal(disk, opener);
    for (let i = 1; i <= 20; i++) await log.append([orderEntry(i, text)]);
  }
  const frame = framesOf(ours)[12] as FoundFrame;
  const { name, offset, size } = frame;
  ours.bytes(name).set(theirs.bytes(name).subarray(offset, offset + size), offset);
  return { disk: ours, frame };
}

/** Appends `count` entries, `batch` at a time, each append durable before the next. */
export async function appendEntries(log: FileCommandLog, count: number, batch = 1): Promise<void> {
  for (let left = count; left > 0; left -= batch) {
    const first = log.lastSequence + 1;
    const size = Math.min(batch, left);
    await log.append(Array.from({ length: size }, (_, i) => orderEntry(first + i)));
  }
}

/** All entries that a log gives. */
export async function entriesOf(log: FileCommandLog): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for await (const run of log.read(log.firstSequence)) entries.push(...run);
  return entries;
}

/** One frame, as it lies in its file. */
export interface FoundFrame {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly link: Link;
}

/** The frames of all segments, in order. */
export function framesOf(disk: MemoryDisk): FoundFrame[] {
  const frames: FoundFrame[] = [];
  for (const name of segmentsOf(disk)) {
    const bytes = disk.bytes(name);
    for (let offset = SEGMENT_START; ; ) {
      const size = claimedSize(bytes, offset, bytes.length);
      if (size === 0) break;
      const link = {} as Link;
      readLink(bytes, offset, link);
      frames.push({ name, offset, size, link });
      offset += size;
    }
  }
  return frames;
}

/** Names of the segments that have frames, oldest first. */
export function segmentsOf(disk: MemoryDisk): string[] {
  return [...disk.files.keys()]
    .filter((name) =>
      disk
        .bytes(name)
        .subarray(SEGMENT_START)
        .some((byte) => byte !== 0),
    )
    .sort();
}

/** Waits until the segment that is made ahead is there. */
export async function untilNextSegment(log: FileCommandLog): Promise<void> {
  while (log.nextSegment === "making") await new Promise((resolve) => setImmediate(resolve));
}
