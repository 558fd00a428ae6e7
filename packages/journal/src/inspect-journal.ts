import type { Sequence, Timestamp } from "@tse/domain";
import type { Disk } from "./disk.ts";
import { FrameKind } from "./frame.ts";
import { FrameWalk } from "./frame-walk.ts";
import { readHeader, segmentName, segmentNumbers, withFile } from "./segment-files.ts";
import { snapshotSequence } from "./snapshot-file.ts";

/** One segment, as far as its frames are good. */
export interface SegmentReport {
  readonly file: string;
  readonly number: number;
  /** Size of the file. */
  readonly bytes: number;
  /** Header and good frames. */
  readonly usedBytes: number;
  /** 0 when the segment is blank. */
  readonly firstSequence: number;
  /** One below `firstSequence` when no entry is in it. */
  readonly lastSequence: number;
  /** Of the last entry, in it or before it. */
  readonly lastTime: Timestamp;
  /** Of the last frame. */
  readonly epoch: number;
  readonly openings: number;
  readonly closings: number;
}

export interface SnapshotReport {
  readonly file: string;
  readonly sequence: Sequence;
  readonly bytes: number;
}

export interface JournalReport {
  /** Oldest first; the last may be blank, made ahead. */
  readonly segments: readonly SegmentReport[];
  /** Newest first. */
  readonly snapshots: readonly SnapshotReport[];
}

/** What is in a journal's directory. Changes nothing and needs no lock; damage ends a segment's figures. */
export async function inspectJournal(disk: Disk): Promise<JournalReport> {
  const segments: SegmentReport[] = [];
  for (const number of await segmentNumbers(disk)) {
    segments.push(await inspectSegment(disk, number));
  }
  return { segments, snapshots: await inspectSnapshots(disk) };
}

function inspectSegment(disk: Disk, number: number): Promise<SegmentReport> {
  const name = segmentName(number);
  const path = disk.pathOf(name);
  return withFile(disk, name, async (file) => {
    const bytes = await file.size();
    const header = await readHeader(file, path);
    if (header === undefined) return blankReport(path, number, bytes);
    const walk = new FrameWalk(file, header);
    const marks = await walkToEnd(walk);
    const { sequence, time, epoch } = walk.link;
    return {
      file: path,
      number,
      bytes,
      usedBytes: walk.position,
      firstSequence: header.link.sequence + 1,
      lastSequence: sequence,
      lastTime: time as Timestamp,
      epoch,
      ...marks,
    };
  });
}

/** Steps over all frames. @returns the marks among them */
async function walkToEnd(walk: FrameWalk): Promise<{ openings: number; closings: number }> {
  const marks = { openings: 0, closings: 0 };
  while (await walk.load()) {
    while (walk.next()) {
      if (walk.kind === FrameKind.opened) marks.openings += 1;
      if (walk.kind === FrameKind.closed) marks.closings += 1;
    }
  }
  return marks;
}

function blankReport(file: string, number: number, bytes: number): SegmentReport {
  const nothing = { usedBytes: 0, firstSequence: 0, lastSequence: 0, epoch: 0 };
  return { file, number, bytes, ...nothing, lastTime: 0 as Timestamp, openings: 0, closings: 0 };
}

async function inspectSnapshots(disk: Disk): Promise<readonly SnapshotReport[]> {
  const reports: SnapshotReport[] = [];
  for (const name of await disk.list()) {
    const sequence = snapshotSequence(name);
    if (sequence === undefined) continue;
    const bytes = await withFile(disk, name, (file) => file.size());
    reports.push({ file: disk.pathOf(name), sequence, bytes });
  }
  return reports.sort((one, other) => other.sequence - one.sequence);
}
