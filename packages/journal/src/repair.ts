import { type Disk, writeFully } from "./disk.ts";
import type { JournalState } from "./recovery.ts";
import { segmentName } from "./segment-files.ts";

const CHUNK_BYTES = 1024 * 1024;

/**
 * Makes durable what is kept, and puts zeros over what a crash left of a write, so that it is never read
 * again. What was read may have been in the system's cache only: a process can die during a write, and
 * the machine after it.
 */
export async function settleTail(disk: Disk, { headers, end }: JournalState): Promise<void> {
  const newest = headers.at(-1);
  if (newest === undefined) return;
  const file = await disk.open(segmentName(newest.number), "write");
  try {
    await file.flush();
    if (end.tornTail !== undefined) {
      const { offset, bytes } = end.tornTail;
      await writeFully(file, Buffer.alloc(bytes), offset);
    }
    // A copy may have lost the zeros at the end.
    for (let size = await file.size(); size < newest.capacity; size = await file.size()) {
      const missing = Math.min(CHUNK_BYTES, newest.capacity - size);
      await writeFully(file, Buffer.alloc(missing), size);
    }
  } finally {
    await file.close();
  }
}

/** Deletes segments that were being made, and blank ones of another size than is wanted now. */
export async function deleteUnfinished(
  disk: Disk,
  { blanks }: JournalState,
  capacity: number,
): Promise<void> {
  const all = await disk.list();
  if (all.length === 0) return;
  const unfit = blanks.filter(({ size }) => size !== capacity);
  const names = all.filter((name) => name.endsWith(".segment.new"));
  for (const name of [...names, ...unfit.map(({ number }) => segmentName(number))]) {
    await disk.delete(name);
  }
  await disk.flushNames();
}
