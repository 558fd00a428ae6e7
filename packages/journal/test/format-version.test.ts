import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { crc32 } from "node:zlib";
import { FileCommandLog, JournalVersionUnsupported } from "../src/index.ts";
import { appendEntries, openJournal } from "./journal-on-disk.ts";
import { MemoryDisk } from "./memory-disk.ts";

/** A journal whose segment says that it has format `version`. */
async function journalOfFormat(version: number): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  const log = await openJournal(disk);
  await appendEntries(log, 3);
  await log.close();
  const bytes = disk.bytes("000000000001.segment");
  bytes.writeUInt32LE(version, 8);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 124)), 124);
  return disk;
}

describe("a journal of another format", () => {
  for (const [version, advice] of [
    [2, "it was written by a newer version: start that version, or update this one"],
    [0, "it was written by a version that is too old"],
  ] as const) {
    it(`is refused when the format is ${version}, with what to do, and left as it is`, async () => {
      const disk = await journalOfFormat(version);
      const before = disk.copy();
      await assert.rejects(FileCommandLog.open({ disk }), (error: unknown) => {
        assert.ok(error instanceof JournalVersionUnsupported);
        assert.equal(error.version, version);
        assert.ok(error.message.includes(`format ${version}, this version reads format 1`));
        assert.ok(error.message.includes(advice));
        return true;
      });
      assert.deepEqual(disk.files, before.files);
    });
  }
});
