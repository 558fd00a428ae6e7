import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { DatasetMaterial } from "../../src/modes/dataset-material.ts";
import {
  DatasetMissing,
  FileDatasetShelf,
  MemoryDatasetShelf,
} from "../../src/modes/dataset-shelf.ts";
import { candleRows, refOf, shelfOf } from "./datasets.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "shelf-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const HOUR = shelfOf({ hour: candleRows(60) }).take(refOf("hour")).imported;

describe("A shelf of data sets", () => {
  it("gives back what was put on it, to the last bit, also to another process", async () => {
    await new FileDatasetShelf(directory).put(HOUR);
    assert.deepEqual(new FileDatasetShelf(directory).take(refOf("hour")).imported, HOUR);
  });

  it("keeps what is there as it is, and only what it is told to", async () => {
    for (const shelf of [new FileDatasetShelf(directory), new MemoryDatasetShelf()]) {
      await shelf.put(HOUR);
      await shelf.put({ ...HOUR, name: "another" });
      assert.equal(shelf.take(refOf("hour")).imported.name, "hour");
      await shelf.put({ ...HOUR, ...refOf("other") });
      shelf.keepOnly([refOf("other")]);
      assert.deepEqual([shelf.has(refOf("hour")), shelf.has(refOf("other"))], [false, true]);
      assert.throws(() => shelf.take(refOf("nothing")), DatasetMissing);
    }
  });

  it("is asked for one data set by several at the same time", async () => {
    const shelf = new FileDatasetShelf(directory);
    await Promise.all([shelf.put(HOUR), shelf.put(HOUR), shelf.put({ ...HOUR, name: "late" })]);
    assert.deepEqual(shelf.take(refOf("hour")).imported, HOUR);
    assert.equal(readdirSync(join(directory, "datasets")).length, 1);
  });

  it("notices a file that is not what was written", async () => {
    await new FileDatasetShelf(directory).put(HOUR);
    const folder = join(directory, "datasets");
    const [name = ""] = readdirSync(folder);
    const bytes = readFileSync(join(folder, name));
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(join(folder, name), bytes);
    const shelf = new FileDatasetShelf(directory);
    assert.throws(() => shelf.take(refOf("hour")), {
      name: "DatasetMissing",
      message: /hour.*can't be read/,
    });
  });
});

describe("A data set in memory", () => {
  const times = HOUR.candles.time;

  it("is replayed tick by tick, or in four prices of each candle of whatever length", () => {
    const ticks = new DatasetMaterial({ ...HOUR, kind: "TICKS", interval: undefined });
    assert.deepEqual(ticks.series.price, HOUR.candles.close);
    for (const interval of ["1m", undefined] as const) {
      const candles = new DatasetMaterial({ ...HOUR, interval });
      assert.equal(candles.series.time.length, 4 * times.length);
      assert.equal(candles.series.time.at(-1), (times.at(-1) ?? 0) + 59_000_000);
    }
  });

  it("has minutes to draw from when it is of candles that begin with minutes", () => {
    assert.equal(new DatasetMaterial(HOUR).hasMinutes, true);
    const candles = { ...HOUR.candles, time: times.map((time) => time + 1_000_000) };
    for (const other of [{ candles }, { kind: "TICKS" as const }, { interval: "5m" as const }]) {
      assert.equal(new DatasetMaterial({ ...HOUR, ...other }).hasMinutes, false);
    }
  });
});
