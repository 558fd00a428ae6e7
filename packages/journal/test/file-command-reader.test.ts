import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { describe, it } from "node:test";
import { Worker } from "node:worker_threads";
import type { Sequence } from "@tse/domain";
import { FileCommandLog, FileCommandReader, JournalUnavailable, NodeDisk } from "../src/index.ts";
import { appendEntries, openJournal, orderEntry, SEGMENT_BYTES } from "./journal-on-disk.ts";
import { MemoryDisk } from "./memory-disk.ts";

describe("FileCommandReader", () => {
  it("reads in another thread what is told to be durable, while segments come and go", async () => {
    const directory = mkdtempSync(path.join(tmpdir(), "journal-reader-"));
    const disk = new NodeDisk(directory);
    const log = await FileCommandLog.open({ disk, segmentBytes: SEGMENT_BYTES });
    const worker = new Worker(new URL("./reader-worker.ts", import.meta.url), {
      workerData: directory,
    });
    const expected = createHash("sha256");
    let behind: Promise<unknown> = Promise.resolve();
    for (let round = 0; round < 20; round++) {
      const first = log.lastSequence + 1;
      const batch = Array.from({ length: 40 }, (_, i) => orderEntry(first + i));
      for (const entry of batch) expected.update(JSON.stringify(entry));
      const durable = await log.append(batch);
      await behind;
      behind = once(worker, "message");
      worker.postMessage(durable);
      // The reader may stand anywhere in what is durable but not released.
      await log.release(first as Sequence);
    }
    const [answer] = (await behind) as [{ read: number; hash: string }];
    assert.deepEqual(answer, { read: log.lastSequence, hash: expected.digest("hex") });
    assert.ok(log.firstSequence > 1, "segments were released meanwhile");
    await worker.terminate();
    await log.close();
    rmSync(directory, { recursive: true });
  });

  it("gives exactly the entries asked for, and no later ones", async () => {
    const disk = new MemoryDisk();
    const log = await openJournal(disk);
    await appendEntries(log, 120, 3);
    const reader = new FileCommandReader(disk);
    const ranges = [
      [1, 5],
      [6, 100],
      [50, 60],
      [61, 61],
      [120, 120],
    ] as const;
    for (const [from, to] of ranges) {
      const read = [];
      for await (const run of reader.read(from as Sequence, to as Sequence)) read.push(...run);
      assert.deepEqual(
        read,
        Array.from({ length: to + 1 - from }, (_, i) => orderEntry(from + i)),
      );
    }
    await reader.close();
    await log.close();
  });

  it("refuses what was released", async () => {
    const disk = new MemoryDisk();
    const log = await openJournal(disk);
    await appendEntries(log, 120);
    await log.release(100 as Sequence);
    const reader = new FileCommandReader(disk);
    await assert.rejects(
      reader
        .read(1 as Sequence, 120 as Sequence)
        [Symbol.asyncIterator]()
        .next(),
      JournalUnavailable,
    );
    await log.close();
  });
});
