import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Sequence } from "@tse/domain";
import { FileCommandLog, JournalFull, JournalUnavailable } from "../src/index.ts";
import { type DiskCall, FaultyDisk, systemError } from "./faulty-disk.ts";
import { entriesOf, orderEntry, SEGMENT_BYTES } from "./journal-on-disk.ts";
import { MemoryDisk } from "./memory-disk.ts";
import { SeededChance } from "./seeded-chance.ts";
import { SimulatedDisk } from "./simulated-disk.ts";

const isMaking = ({ name }: DiskCall) => name.endsWith(".new");

/** A journal on a disk that fails when told, and its wish to look for room again. */
async function journalOn(disk: FaultyDisk) {
  const retries: (() => void)[] = [];
  const log = await FileCommandLog.open({
    disk,
    segmentBytes: SEGMENT_BYTES,
    retry: (task) => retries.push(task),
  });
  return { log, retries };
}

function append(log: FileCommandLog): Promise<Sequence> {
  return log.append([orderEntry(log.lastSequence + 1)]);
}

/** Lets everything happen that waits for no disk. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe("a journal on a disk that is full", () => {
  it("refuses what has no room before it is taken, and goes on when there is room", async () => {
    const disk = new FaultyDisk(new MemoryDisk());
    disk.fault = (call) => (isMaking(call) && call.bytes > 0 ? systemError("ENOSPC") : undefined);
    await assert.rejects(journalOn(disk), JournalFull);

    disk.fault = () => undefined;
    const { log, retries } = await journalOn(disk);
    await turn();
    disk.fault = (call) => (isMaking(call) && call.bytes > 0 ? systemError("ENOSPC") : undefined);
    const { command, origin } = orderEntry(1);
    while (log.reserve(command, origin)) await append(log);
    const { lastSequence } = log;
    assert.equal(log.nextSegment, "no_room");
    assert.equal(log.segments, 2, "what was made ahead was used");
    await assert.rejects(append(log), JournalFull);
    assert.equal(log.lastSequence, lastSequence);

    retries.shift()?.();
    await turn();
    assert.equal(log.nextSegment, "no_room", "there is still none");
    disk.fault = () => undefined;
    retries.shift()?.();
    await turn();
    assert.equal(log.reserve(command, origin), true);
    assert.equal(await append(log), lastSequence + 1);
    await log.close();
    assert.equal((await disk.list()).filter((name) => name.endsWith(".new")).length, 0);
  });

  it("finds room for everything that room was set aside for, however it is appended", async () => {
    const disk = new FaultyDisk(new MemoryDisk());
    const { log } = await journalOn(disk);
    await turn();
    disk.fault = (call) => (isMaking(call) ? systemError("ENOSPC") : undefined);
    const entries = [];
    for (let entry = orderEntry(1); log.reserve(entry.command, entry.origin); ) {
      entries.push(entry);
      entry = orderEntry(entries.length + 1);
    }
    const half = entries.length / 2;
    const appends = [log.append(entries.slice(0, 3)), log.append(entries.slice(3, half))];
    for (const entry of entries.slice(half)) appends.push(log.append([entry]));
    await Promise.all(appends);
    assert.deepEqual(await entriesOf(log), entries);
    await log.close();
  });

  it("closes, also while there is no room", async () => {
    const disk = new FaultyDisk(new MemoryDisk());
    const { log } = await journalOn(disk);
    disk.fault = (call) => (isMaking(call) ? systemError("ENOSPC") : undefined);
    const { command, origin } = orderEntry(1);
    while (log.reserve(command, origin)) await append(log);
    await log.close();
    disk.fault = () => undefined;
    const again = await journalOn(disk);
    assert.equal(again.log.lastSequence, log.lastSequence);
    assert.equal(again.log.epoch, 2);
    await again.log.close();
  });
});

describe("a journal on a disk that fails", () => {
  for (const [what, fault] of [
    ["a write fails", systemError("EIO")],
    ["a write takes a part", 30],
    ["a write has no room where there was room", systemError("ENOSPC")],
  ] as const) {
    it(`acknowledges nothing any more once ${what}, and never tries again`, async () => {
      const memory = new MemoryDisk();
      const disk = new FaultyDisk(memory);
      const { log } = await journalOn(disk);
      await append(log);
      let writes = 0;
      disk.fault = ({ operation }) => {
        if (operation !== "write") return undefined;
        writes += 1;
        return writes === 1 ? fault : undefined;
      };
      const outcomes = await Promise.allSettled([
        log.append([orderEntry(2)]),
        log.append([orderEntry(3), orderEntry(4)]),
      ]);
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ["rejected", "rejected"],
      );
      await assert.rejects(log.append([orderEntry(2)]), JournalUnavailable);
      assert.equal(log.reserve(orderEntry(2).command, orderEntry(2).origin), false);
      assert.equal(log.lastSequence, 1);
      await log.close();
      assert.equal(writes, 1);

      const { log: again } = await journalOn(new FaultyDisk(memory.copy()));
      assert.deepEqual(await entriesOf(again), [orderEntry(1)]);
    });
  }

  it("is dead as well when the flush of its next segment fails", async () => {
    const disk = new FaultyDisk(new MemoryDisk());
    disk.fault = (call) =>
      call.operation === "flush" && call.name.startsWith("000000000002")
        ? systemError("EIO")
        : undefined;
    const { log } = await journalOn(disk);
    await turn();
    const failure = await append(log).catch((error: unknown) => error);
    assert.ok(failure instanceof JournalUnavailable);
    assert.equal((failure.cause as { code?: string }).code, "EIO");
    await log.close();
  });

  it("says so when it can't be opened for writing", async () => {
    const disk = new FaultyDisk(new MemoryDisk());
    disk.fault = ({ operation }) => (operation === "flush" ? systemError("EIO") : undefined);
    await assert.rejects(journalOn(disk), JournalUnavailable);
  });
});

describe("a journal on a slow disk", () => {
  for (const delayMs of [2, 50, 500]) {
    it(`keeps the order and bounds what waits, at ${delayMs} ms a write`, async () => {
      const disk = new SimulatedDisk(new SeededChance(delayMs));
      const opening = FileCommandLog.open({ disk, segmentBytes: SEGMENT_BYTES });
      await work(disk, 60);
      const log = await opening;
      const flow = new Flow(log);
      // Five entries a millisecond; the disk does one thing every `delayMs`.
      for (let now = 0; now < 2_000; now++) {
        for (let i = 0; i < 5; i++) flow.append();
        assert.ok(flow.waiting * 64 <= SEGMENT_BYTES, "what waits is bounded");
        if (now % delayMs === 0) await work(disk, 1);
      }
      await work(disk, 500);
      const all = Array.from({ length: flow.appended }, (_, i) => i + 1);
      assert.deepEqual(flow.durable, all);
      assert.ok(flow.refused > 0, "what a slow disk can't take is refused");
      const closing = log.close();
      await work(disk, 20);
      await closing;
    });
  }
});

/** Lets a disk do so many things. */
async function work(disk: SimulatedDisk, steps: number): Promise<void> {
  for (let i = 0; i < steps; i++) {
    await turn();
    if (disk.waiting > 0) disk.step();
  }
  await turn();
}

/** Entries that come whether or not the journal is ready. */
class Flow {
  readonly durable: number[] = [];
  appended = 0;
  refused = 0;
  readonly #log: FileCommandLog;

  constructor(log: FileCommandLog) {
    this.#log = log;
  }

  get waiting(): number {
    return this.appended - this.durable.length;
  }

  append(): void {
    const entry = orderEntry(this.appended + 1);
    if (!this.#log.reserve(entry.command, entry.origin)) {
      this.refused += 1;
      return;
    }
    this.appended += 1;
    void this.#log.append([entry]).then((sequence) => this.durable.push(sequence));
  }
}
