import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { FrameKind, kindAt } from "../src/frame.ts";
import { JournalCorrupt, type LogEntry } from "../src/index.ts";
import { HEADER_BYTES } from "../src/segment-header.ts";
import {
  appendEntries,
  entriesOf,
  type FoundFrame,
  framesOf,
  journalWithForeignFrame,
  openJournal,
  orderEntry,
  segmentsOf,
  untilNextSegment,
} from "./journal-on-disk.ts";
import { MemoryDisk } from "./memory-disk.ts";
import { SeededChance } from "./seeded-chance.ts";

const FLIPS = Number(process.env.TEST_FLIPS ?? 500);

/** A journal of several segments, left without closing: as a crash leaves it, with nothing torn. */
async function crashedJournal(): Promise<{ disk: MemoryDisk; entries: LogEntry[] }> {
  const disk = new MemoryDisk();
  const first = await openJournal(disk);
  await appendEntries(first, 40);
  await appendEntries(first, 30, 3);
  await first.close();
  const log = await openJournal(disk);
  await appendEntries(log, 20, 2);
  await appendEntries(log, 9);
  await untilNextSegment(log);
  const entries = await entriesOf(log);
  return { disk: disk.copy(), entries };
}

async function open(disk: MemoryDisk): Promise<{ entries: LogEntry[]; cut: number }> {
  const log = await openJournal(disk);
  const entries = await entriesOf(log);
  await log.close();
  return { entries, cut: log.tornTail?.bytes ?? 0 };
}

describe("a journal whose last write was cut short", () => {
  let disk: MemoryDisk;
  let entries: LogEntry[];
  let frames: FoundFrame[];
  before(async () => {
    ({ disk, entries } = await crashedJournal());
    frames = framesOf(disk);
  });

  /** Cuts at every byte of the last three frames; `make` says what is left behind the cut. */
  async function cutEverywhere(make: (bytes: Buffer, cut: number) => Buffer): Promise<void> {
    const last = frames.at(-1) as FoundFrame;
    const from = (frames.at(-3) as FoundFrame).offset;
    assert.ok(last.offset - from === 2 * last.size, "the last frames are in one segment");
    for (let cut = from; cut < last.offset + last.size; cut++) {
      const damaged = disk.copy();
      const bytes = make(damaged.bytes(last.name), cut);
      damaged.files.set(last.name, bytes);
      const whole = frames.filter(({ name, offset, size }) => {
        const end = offset + size;
        const written = disk.bytes(name).subarray(offset, end);
        return name !== last.name || bytes.subarray(offset, end).equals(written);
      });
      const expected = entries.slice(0, whole.at(-1)?.link.sequence);
      const good = whole.at(-1) as FoundFrame;
      const isTorn = bytes.subarray(good.offset + good.size).some((byte) => byte !== 0);
      const found = await open(damaged);
      assert.deepEqual(found.entries, expected, `cut at ${cut}`);
      assert.equal(found.cut > 0, isTorn, `cut at ${cut}`);
    }
  }

  it("loses only what was not whole, at every length, when the rest is zero", async () => {
    await cutEverywhere((bytes, cut) => bytes.fill(0, cut));
  });

  it("loses only what was not whole, at every length, when the file ends there", async () => {
    await cutEverywhere((bytes, cut) => Buffer.from(bytes.subarray(0, cut)));
  });

  it("is as long as before afterwards, zero behind its end, and takes entries again", async () => {
    const last = frames.at(-1) as FoundFrame;
    const damaged = disk.copy();
    damaged.files.set(last.name, damaged.bytes(last.name).subarray(0, last.offset + 20));
    const log = await openJournal(damaged);
    assert.deepEqual(log.tornTail?.offset, last.offset);
    await appendEntries(log, 5);
    const found = framesOf(damaged).at(-1) as FoundFrame;
    const bytes = damaged.bytes(found.name);
    assert.equal(bytes.length, disk.bytes(last.name).length);
    assert.ok(bytes.subarray(found.offset + found.size).every((byte) => byte === 0));
    assert.equal((await open(damaged.copy())).entries.length, entries.length + 4);
  });

  it("cuts an append of which only some entries are whole", async () => {
    const damaged = disk.copy();
    const log = await openJournal(damaged);
    const { lastSequence } = log;
    await log.append([1, 2, 3].map((i) => orderEntry(lastSequence + i)));
    const copy = damaged.copy();
    const last = framesOf(copy).at(-1) as FoundFrame;
    copy.bytes(last.name).fill(0, last.offset);
    const found = await open(copy);
    assert.equal(found.entries.length, lastSequence);
    assert.equal(found.cut, 2 * last.size);
  });
});

describe("a journal with one flipped bit", () => {
  /** What may be lost by a flip at a place, and the position that a refusal names. */
  function expectation(frames: FoundFrame[], name: string, offset: number) {
    const last = frames.at(-1) as FoundFrame;
    const hit = frames.find((frame) => {
      return frame.name === name && offset >= frame.offset && offset < frame.offset + frame.size;
    });
    if (hit === undefined) return { refused: offset < HEADER_BYTES, hit };
    return { refused: hit.link.write < last.link.write, hit };
  }

  async function flip(disk: MemoryDisk, entries: LogEntry[], seed: number): Promise<string> {
    const chance = new SeededChance(seed);
    const frames = framesOf(disk);
    const name = chance.pick(segmentsOf(disk));
    const size = disk.bytes(name).length;
    const own = frames.filter((frame) => frame.name === name);
    const frame = chance.oneIn(3) ? (own.at(-1) as FoundFrame) : chance.pick(own);
    const places = {
      header: chance.integer(HEADER_BYTES),
      frameHeader: frame.offset + chance.integer(40),
      checksum: frame.offset + 4 + chance.integer(4),
      payload: frame.offset + 40 + chance.integer(Math.max(1, frame.size - 40)),
      anywhere: chance.integer(size),
    };
    const [place, offset] = chance.pick(Object.entries(places));
    const damaged = disk.copy();
    const bytes = damaged.bytes(name);
    bytes[offset] = (bytes[offset] as number) ^ (1 << chance.integer(8));
    const { refused, hit } = expectation(frames, name, offset);

    const what = `${place} at ${offset} of ${name}`;
    const found = await open(damaged).catch((error: unknown) => error as Error);
    if (refused) {
      assertRefusal(found, hit ?? { name, offset: 0, link: undefined }, what);
      return "refused";
    }
    assert.ok(!(found instanceof Error), `${what}: ${found}`);
    const kept = found.entries.length;
    const isMark = hit !== undefined && kindAt(disk.bytes(name), hit.offset) !== FrameKind.entry;
    assert.ok(kept >= (isMark ? entries.length : lastBefore(frames, hit)), what);
    assert.ok(hit === undefined || isMark || kept < hit.link.sequence, what);
    assert.deepEqual(found.entries, entries.slice(0, kept), what);
    return kept < entries.length ? "last write cut" : "nothing lost";
  }

  /** @param hit the damaged frame, or the start of its segment */
  function assertRefusal(
    found: unknown,
    hit: { name: string; offset: number; link: { sequence: number } | undefined },
    what: string,
  ): void {
    assert.ok(found instanceof JournalCorrupt, `${what}: ${found}`);
    assert.equal(found.position.file, new MemoryDisk().pathOf(hit.name), what);
    assert.equal(found.position.offset, hit.offset, what);
    if (hit.link !== undefined) assert.ok(found.position.sequence <= hit.link.sequence + 1, what);
  }

  /** The last entry before the write that was hit. */
  function lastBefore(frames: FoundFrame[], hit: FoundFrame | undefined): number {
    if (hit === undefined) return frames.at(-1)?.link.sequence ?? 0;
    return frames.findLast(({ link }) => link.write < hit.link.write)?.link.sequence ?? 0;
  }

  it(`is refused with the position, or loses no more than its last write, in ${FLIPS} places`, async () => {
    const { disk, entries } = await crashedJournal();
    const outcomes = new Set<string>();
    for (let seed = 0; seed < FLIPS; seed++) outcomes.add(await flip(disk, entries, seed));
    assert.deepEqual([...outcomes].sort(), ["last write cut", "nothing lost", "refused"]);
  });

  it("loses no entry wherever it is when the journal was closed in peace", async () => {
    const { disk, entries } = await crashedJournal();
    await openJournal(disk).then((log) => log.close());
    const outcomes = new Set<string>();
    for (let seed = 0; seed < FLIPS / 2; seed++) outcomes.add(await flip(disk, entries, seed));
    assert.deepEqual([...outcomes].sort(), ["nothing lost", "refused"]);
  });

  it("says what is wrong, where, and what to do; and changes nothing", async () => {
    const { disk } = await crashedJournal();
    const frame = framesOf(disk)[10] as FoundFrame;
    const bytes = disk.bytes(frame.name);
    bytes[frame.offset + 50] = (bytes[frame.offset + 50] as number) ^ 1;
    const before = disk.copy();
    const file = disk.pathOf(frame.name);
    const message = `in ${file} at byte ${frame.offset}, entry ${frame.link.sequence}. Nothing was changed`;
    await assert.rejects(openJournal(disk), (error: Error) => error.message.includes(message));
    assert.deepEqual(disk.files, before.files);
  });
});

describe("a journal with a frame or a segment of another history", () => {
  it("is refused, although the frame is whole and as long", async () => {
    const { disk, frame } = await journalWithForeignFrame();
    await assert.rejects(openJournal(disk), (error: unknown) => {
      assert.ok(error instanceof JournalCorrupt);
      const { name, offset, link } = frame;
      assert.deepEqual(error.position, {
        file: disk.pathOf(name),
        offset,
        sequence: link.sequence,
      });
      return true;
    });
  });

  it("is refused when a segment is missing or out of place", async () => {
    const { disk } = await crashedJournal();
    const [first, second, third] = segmentsOf(disk) as [string, string, string];
    const missing = disk.copy();
    missing.files.delete(second);
    await assert.rejects(openJournal(missing), JournalCorrupt);
    const swapped = disk.copy();
    swapped.files.set(second, disk.bytes(third));
    await assert.rejects(openJournal(swapped), JournalCorrupt);
    const blank = disk.copy();
    blank.files.set(first, Buffer.alloc(disk.bytes(first).length));
    await assert.rejects(openJournal(blank), JournalCorrupt);
  });
});
