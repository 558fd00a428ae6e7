import type { Sequence } from "@tse/domain";
import type { Disk } from "./disk.ts";
import { EntryReader } from "./entry-reader.ts";
import { FileSnapshotStore } from "./file-snapshot-store.ts";
import { JournalCorrupt, JournalVersionUnsupported } from "./journal-errors.ts";
import { hashOf, isZeroFrom, type JournalState, readJournal, type TornTail } from "./recovery.ts";
import { segmentName } from "./segment-files.ts";

/** What a full check found. */
export interface Verification {
  readonly segments: number;
  readonly entries: number;
  readonly snapshots: number;
  /** Left by a crash, to be cut at the next start, or being written now. No problem. */
  readonly tornTail: TornTail | undefined;
  /** The first thing that is not as it was written, or `undefined`: where, and what to do. */
  readonly problem: string | undefined;
}

export interface VerifyProgress {
  readonly step: "frames" | "hashes" | "entries" | "snapshots";
  /** Of the step: segments, or entries, or snapshots. */
  readonly done: number;
  readonly total: number;
}

type OnProgress = (progress: VerifyProgress) => void;

/**
 * Checks everything in a journal's directory: every frame and its chain, the hash of every closed
 * segment, that every entry can be decoded, and every snapshot. Changes nothing and needs no lock.
 */
export async function verifyJournal(
  disk: Disk,
  onProgress: OnProgress = () => {},
): Promise<Verification> {
  const found = { segments: 0, entries: 0, snapshots: 0, tornTail: undefined as Torn };
  try {
    onProgress({ step: "frames", done: 0, total: 1 });
    const state = await readJournal(disk, 1);
    found.segments = state.headers.length;
    found.tornTail = state.end.tornTail;
    await checkHashes(disk, state, onProgress);
    found.entries = await checkEntries(disk, state, onProgress);
    found.snapshots = await checkSnapshots(disk, state, onProgress);
    return { ...found, problem: undefined };
  } catch (error) {
    if (error instanceof JournalCorrupt || error instanceof JournalVersionUnsupported) {
      return { ...found, problem: error.message };
    }
    throw error;
  }
}

type Torn = TornTail | undefined;

async function checkHashes(disk: Disk, state: JournalState, onProgress: OnProgress): Promise<void> {
  const { headers } = state;
  for (const [i, { number, link }] of headers.entries()) {
    onProgress({ step: "hashes", done: i, total: headers.length });
    const following = headers[i + 1];
    if (following === undefined) return;
    const { previousBytes, previousHash } = following;
    const file = disk.pathOf(segmentName(number));
    const sequence = link.sequence + 1;
    const hash = await hashOf(disk, number, previousBytes);
    if (!hash.digest().equals(previousHash)) {
      const offset = 0;
      throw new JournalCorrupt("the segment has another hash", { file, offset, sequence });
    }
    if (!(await isZeroFrom(disk, number, previousBytes))) {
      const offset = previousBytes;
      throw new JournalCorrupt("there is something behind the end", { file, offset, sequence });
    }
  }
}

async function checkEntries(
  disk: Disk,
  { headers, end }: JournalState,
  onProgress: OnProgress,
): Promise<number> {
  const first = (headers[0]?.link.sequence ?? 0) + 1;
  const total = end.link.sequence + 1 - first;
  const reader = new EntryReader(disk);
  let done = 0;
  try {
    const last = end.link.sequence as Sequence;
    for await (const run of reader.read(first as Sequence, () => last)) {
      done += run.length;
      onProgress({ step: "entries", done, total });
    }
  } finally {
    await reader.close();
  }
  return done;
}

async function checkSnapshots(
  disk: Disk,
  { end }: JournalState,
  onProgress: OnProgress,
): Promise<number> {
  const damages: { file: string; reason: string }[] = [];
  const onDamaged = (file: string, reason: string) => damages.push({ file, reason });
  const store = new FileSnapshotStore({ disk, onDamaged });
  const sequences = await store.list();
  for (const [i, sequence] of sequences.entries()) {
    onProgress({ step: "snapshots", done: i, total: sequences.length });
    const isRead = (await store.newest(sequence))?.sequence === sequence;
    const isAhead = sequence > end.link.sequence;
    if (isRead && !isAhead) continue;
    const file = damages[0]?.file ?? String(sequence);
    const reason = isRead ? "it is of an entry that the journal does not hold" : damages[0]?.reason;
    throw new JournalCorrupt(`a snapshot is not good: ${reason}`, { file, offset: 0, sequence });
  }
  return sequences.length;
}
