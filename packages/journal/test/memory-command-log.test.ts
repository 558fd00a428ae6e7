import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JournalUnavailable, MemoryCommandLog } from "../src/index.ts";
import { commandLogContract, entries, readAll } from "./command-log.contract.ts";

commandLogContract("memory", async () => {
  let broken = false;
  const log = new MemoryCommandLog({
    async flush() {
      if (broken) throw new Error("no space left");
    },
  });
  return {
    log,
    failWrites() {
      broken = true;
    },
  };
});

describe("MemoryCommandLog", () => {
  it("acknowledges nothing before its flush has ended", async () => {
    const flushed = Promise.withResolvers<void>();
    const log = new MemoryCommandLog({ flush: () => flushed.promise });
    const append = log.append(entries(1, 2));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(log.lastSequence, 0);

    flushed.resolve();
    assert.equal(await append, 2);
    assert.equal(log.lastSequence, 2);
  });

  it("keeps the newest entries when told how many, and refuses to read older ones", async () => {
    const log = new MemoryCommandLog({ retain: 10 });
    for (let first = 1; first <= 1000; first += 5) await log.append(entries(first, first + 4));

    assert.equal(log.lastSequence, 1000);
    assert.ok(log.firstSequence > 975 && log.firstSequence <= 991);
    const read = await readAll(log, log.firstSequence);
    assert.equal(read[0]?.sequence, log.firstSequence);
    assert.equal(read.at(-1)?.sequence, 1000);
    await assert.rejects(readAll(log, 1), JournalUnavailable);
  });
});
