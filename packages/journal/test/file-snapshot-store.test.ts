import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import type { Sequence } from "@tse/domain";
import { FileSnapshotStore, JournalUnavailable, type Snapshot } from "../src/index.ts";
import { snapshotName } from "../src/snapshot-file.ts";
import { FaultyDisk, systemError } from "./faulty-disk.ts";
import { MemoryDisk } from "./memory-disk.ts";
import { SeededChance } from "./seeded-chance.ts";
import { SimulatedDisk } from "./simulated-disk.ts";

function snapshot(sequence: number): Snapshot {
  const state = {
    balances: [{ account: 1, available: 10n ** 30n, locked: undefined }],
    open: new Float64Array([1.5, -0, 2 ** 53]),
    slots: new Int32Array([sequence]),
    names: { "BTC/USD": ["a", ""], note: "\ud800" },
  };
  return { sequence: sequence as Sequence, state };
}

describe("FileSnapshotStore", () => {
  let memory: MemoryDisk;
  let disk: FaultyDisk;
  let damaged: string[];
  let store: FileSnapshotStore;

  beforeEach(() => {
    memory = new MemoryDisk();
    disk = new FaultyDisk(memory);
    damaged = [];
    const onDamaged = (file: string, reason: string) => damaged.push(`${file}: ${reason}`);
    store = new FileSnapshotStore({ disk, onDamaged });
  });

  async function write(...sequences: number[]): Promise<void> {
    for (const sequence of sequences) await store.write(snapshot(sequence));
  }

  it("gives back plain data exactly, typed arrays and bigints included", async () => {
    await write(7);
    assert.deepStrictEqual(await store.newest(), snapshot(7));
  });

  it("gives the newest, or the newest that is not after an entry", async () => {
    assert.equal(await store.newest(), undefined);
    await write(100, 5, 30);
    assert.deepEqual(await store.list(), [100, 30, 5]);
    assert.equal((await store.newest())?.sequence, 100);
    assert.equal((await store.newest(99 as Sequence))?.sequence, 30);
    assert.equal(await store.newest(4 as Sequence), undefined);
  });

  it("passes over a damaged one, says so, and leaves it", async () => {
    await write(1, 2);
    const name = snapshotName(2 as Sequence);
    const whole = memory.bytes(name);
    for (let offset = 0; offset < whole.length; offset++) {
      const bytes = Buffer.from(whole);
      bytes[offset] = (bytes[offset] as number) ^ 4;
      memory.files.set(name, bytes);
      assert.equal((await store.newest())?.sequence, 1, `flipped at ${offset}`);
      memory.files.set(name, whole.subarray(0, offset));
      assert.equal((await store.newest())?.sequence, 1, `cut at ${offset}`);
    }
    assert.equal(damaged.length, 2 * whole.length);
    assert.ok(damaged.every((text) => text.startsWith(memory.pathOf(name))));
    assert.ok(memory.files.has(name));
  });

  it("deletes what is old, but never the newest few", async () => {
    await write(1, 2, 3, 4);
    await store.prune(4 as Sequence, 3);
    assert.deepEqual(await store.list(), [4, 3, 2]);
    await store.prune(3 as Sequence, 1);
    assert.deepEqual(await store.list(), [4, 3]);
    await store.prune(100 as Sequence, 2);
    assert.deepEqual(await store.list(), [4, 3]);
  });

  it("says when one was not stored, and leaves the others untouched", async () => {
    await write(1);
    for (const operation of ["open", "write", "flush", "rename", "flushNames"] as const) {
      disk.fault = (call) => (call.operation === operation ? systemError("ENOSPC") : undefined);
      await assert.rejects(write(2), JournalUnavailable, operation);
      disk.fault = () => undefined;
      memory.files.delete(snapshotName(2 as Sequence));
      assert.equal((await store.newest())?.sequence, 1);
    }
    await write(2);
    assert.equal((await store.newest())?.sequence, 2);
  });

  it("has the old or the new one, whole, after a power cut at any moment", async () => {
    for (let seed = 0; seed < 200; seed++) await cutPower(seed);
  });
});

/** Cuts the power while two snapshots are written one after the other. */
async function cutPower(seed: number): Promise<void> {
  const disk = new SimulatedDisk(new SeededChance(seed));
  const acknowledged: number[] = [];
  void writeTwo(new FileSnapshotStore({ disk, onDamaged: () => {} }), acknowledged);
  for (let steps = seed % 25; steps > 0; steps--) {
    await turn();
    if (disk.waiting > 0) disk.step();
  }
  await turn();
  const after = disk.cut();
  const onDamaged = (file: string) => assert.fail(`seed ${seed} damaged ${file}`);
  const newest = new FileSnapshotStore({ disk: after, onDamaged }).newest();
  while (after.waiting > 0) {
    after.step();
    await turn();
  }
  assert.ok(((await newest)?.sequence ?? 0) >= (acknowledged.at(-1) ?? 0), `seed ${seed}`);
}

async function writeTwo(store: FileSnapshotStore, acknowledged: number[]): Promise<void> {
  for (const sequence of [1, 2]) {
    await store.write(snapshot(sequence));
    acknowledged.push(sequence);
  }
}

/** Lets everything happen that waits for no disk. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
