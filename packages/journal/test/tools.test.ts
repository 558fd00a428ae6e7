import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { amount, type Command, type Sequence, type Timestamp } from "@tse/domain";
import {
  exportJournal,
  FileSnapshotStore,
  inspectJournal,
  JournalUnavailable,
  verifyJournal,
} from "../src/index.ts";
import { snapshotName } from "../src/snapshot-file.ts";
import { appendEntries, framesOf, openJournal } from "./journal-on-disk.ts";
import { MemoryDisk } from "./memory-disk.ts";

async function collect(entries: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const entry of entries) all.push(entry);
  return all;
}

describe("the tools for a journal", () => {
  let disk: MemoryDisk;

  beforeEach(async () => {
    disk = new MemoryDisk();
    const first = await openJournal(disk);
    await appendEntries(first, 60);
    await first.close();
    const log = await openJournal(disk);
    await appendEntries(log, 60, 4);
    await log.close();
    await new FileSnapshotStore({ disk, onDamaged: () => {} }).write({
      sequence: 100 as Sequence,
      state: {},
    });
  });

  function flip(name: string, offset: number): void {
    const bytes = disk.bytes(name);
    bytes[offset] = (bytes[offset] as number) ^ 1;
  }

  it("inspect: segments with their entries, times, epochs and bytes, and snapshots", async () => {
    const { segments, snapshots } = await inspectJournal(disk);
    assert.deepEqual(
      segments.map(({ number, epoch }) => [number, epoch]),
      [
        [1, 1],
        [2, 2],
        [3, 2],
        [4, 0],
      ],
    );
    const used = segments.slice(0, 3);
    for (const [i, { firstSequence }] of used.entries()) {
      assert.equal(firstSequence, (used[i - 1]?.lastSequence ?? 0) + 1);
    }
    assert.equal(used.at(-1)?.lastSequence, 120);
    assert.equal(used.at(-1)?.lastTime, 1200);
    assert.ok(used.every(({ bytes, usedBytes }) => bytes === 8192 && usedBytes > 4096));
    const sum = (key: "openings" | "closings") => used.reduce((total, of) => total + of[key], 0);
    assert.deepEqual([sum("openings"), sum("closings")], [2, 2]);
    assert.deepEqual(
      snapshots.map(({ sequence }) => sequence),
      [100],
    );
  });

  it("verify: counts what is good, and says how far it is", async () => {
    const steps = new Set<string>();
    const found = await verifyJournal(disk, ({ step }) => steps.add(step));
    const counts = { segments: 3, entries: 120, snapshots: 1 };
    assert.deepEqual(found, { ...counts, tornTail: undefined, problem: undefined });
    assert.deepEqual([...steps], ["frames", "hashes", "entries", "snapshots"]);
  });

  it("verify: names the first problem of frames, hashes, ends and snapshots", async () => {
    const [first] = framesOf(disk);
    const segment = first?.name as string;
    const damages: [string, number, RegExp][] = [
      [segment, 4200, /at byte 4152, entry 1/],
      [segment, 1000, /the segment has another hash/],
      [segment, 8191, /there is something behind the end/],
      [snapshotName(100 as Sequence), 64, /a snapshot is not good: its hash is another/],
    ];
    for (const [name, offset, problem] of damages) {
      flip(name, offset);
      assert.match((await verifyJournal(disk)).problem ?? "", problem);
      flip(name, offset);
    }
    assert.equal((await verifyJournal(disk)).problem, undefined);
  });

  it("export: any range as JSON, money as decimal text", async () => {
    const log = await openJournal(disk);
    const command = { kind: "deposit", amount: amount(10n ** 20n) } as unknown as Command;
    const origin = { actor: "", correlationId: "" };
    await log.append([{ sequence: 121 as Sequence, time: 1300 as Timestamp, origin, command }]);
    await log.close();
    const exported = await collect(exportJournal(disk, { from: 120 as Sequence }));
    assert.deepEqual(exported.slice(1), [
      {
        sequence: 121,
        time: 1300,
        origin,
        command: { kind: "deposit", amount: "100000000000000000000" },
      },
    ]);
    const all = await collect(exportJournal(disk, { to: 7 as Sequence }));
    assert.equal(all.length, 7);
    assert.deepEqual(await collect(exportJournal(new MemoryDisk())), []);
  });

  it("export: refuses a range that was released", async () => {
    const log = await openJournal(disk);
    await log.release(100 as Sequence);
    await log.close();
    await assert.rejects(collect(exportJournal(disk, { from: 1 as Sequence })), JournalUnavailable);
    assert.equal((await verifyJournal(disk)).problem, undefined);
  });
});
