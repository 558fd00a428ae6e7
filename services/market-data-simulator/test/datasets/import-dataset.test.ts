import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DatasetSource, spanOf } from "../../src/datasets/dataset-source.ts";
import { type ImportRequest, importDataset } from "../../src/datasets/import-dataset.ts";
import { FILE_LIMITS } from "../../src/datasets/market-file.ts";
import { MemoryDatasetShelf } from "../../src/modes/dataset-shelf.ts";
import { shelve } from "../../src/modes/load-dataset.ts";
import { awayStored, chunksOf, drained, openStored } from "./stored.ts";

const REQUEST: ImportRequest = { name: "week", symbol: "BTC/USD", source: "week.csv" };
const HEADER = "timestamp,open,high,low,close,volume\n";
const minutes = (...numbers: readonly number[]) =>
  HEADER + numbers.map((i) => `${1767571200 + i * 60},10,212,9,${10 + i / 100},5\n`).join("");

async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

describe("importDataset", () => {
  it("stores a file with what it is, and its points", async () => {
    const { adapter } = await openStored();
    const outcome = await importDataset(adapter, REQUEST, chunksOf(minutes(0, 1, 3)));

    assert.equal(outcome.status, "imported");
    if (outcome.status !== "imported") return;
    const { dataset, report } = outcome;
    assert.equal(dataset.name, "week");
    assert.equal(dataset.kind, "CANDLES");
    assert.equal(dataset.interval, "1m");
    assert.equal(dataset.points, 3);
    assert.equal(dataset.checksum, report.checksum);
    assert.deepEqual(dataset.metadata, { skippedRows: 0, roundedFigures: 0 });
    const source = new DatasetSource(adapter, dataset);
    const stored = await drained(source.fetch("BTC/USD", spanOf(dataset)));
    assert.deepEqual(
      stored.map(({ ordinal, close }) => [ordinal, close]),
      [
        [0, 1_000_000_000n],
        [1, 1_001_000_000n],
        [2, 1_003_000_000n],
      ],
    );
  });

  it("gives way to the rest of the process, also when the file comes in one piece, and when it is read again", async () => {
    const { adapter } = await openStored();
    const numbers = Array.from({ length: 20_000 }, (_, i) => i);
    let turns = 0;
    let isOver = false;
    const count = () => {
      turns += 1;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    const whole = Buffer.from(minutes(...numbers));
    const outcome = await importDataset(adapter, REQUEST, inOnePiece(whole));
    assert.ok(turns >= 20, `${turns} turns`);
    assert(outcome.status === "imported");
    turns = 0;
    const shelf = new MemoryDatasetShelf();
    const ref = await shelve(new DatasetSource(adapter, outcome.dataset), shelf, outcome.dataset);
    isOver = true;
    assert.ok(turns >= 4, `${turns} turns`);
    const { close } = shelf.take(ref).imported.candles;
    assert.deepEqual([close.length, close.at(-1)], [20_000, 209.99]);
  });

  it("reads nothing for storage that is away", async () => {
    const { adapter } = awayStored();
    let isRead = false;
    async function* watched(): AsyncGenerator<Uint8Array> {
      isRead = true;
      yield* chunksOf(minutes(0, 1));
    }
    const attempt = importDataset(adapter, REQUEST, watched());
    await assert.rejects(attempt, { code: "storage_unavailable" });
    assert.equal(isRead, false);
  });

  it("does nothing for the same content of the same symbol", async () => {
    const { adapter } = await openStored();
    const text = minutes(0, 1);
    const first = await importDataset(adapter, REQUEST, chunksOf(text));
    const again = await importDataset(adapter, { ...REQUEST, name: "other" }, chunksOf(text));
    assert.equal(again.status, "unchanged");
    assert.deepEqual(
      again.status === "unchanged" && again.dataset,
      first.status === "imported" && first.dataset,
    );
    assert.equal((await adapter.datasetRepository.query({})).items.length, 1);

    const other = { ...REQUEST, name: "eth", symbol: "ETH/USD" };
    assert.equal((await importDataset(adapter, other, chunksOf(text))).status, "imported");
  });

  it("stores nothing when a row is bad, unless bad rows are to be left out", async () => {
    const { adapter } = await openStored();
    const text = minutes(0, 0, 1);
    const refused = await importDataset(adapter, REQUEST, chunksOf(text));
    assert.equal(refused.status, "refused");
    if (refused.status !== "refused") return;
    assert.deepEqual(refused.refusal, { code: "bad_rows", badRows: 1 });
    assert.equal(refused.report?.problems[0]?.line, 3);
    assert.deepEqual((await adapter.datasetRepository.query({})).items, []);

    const skipping = { ...REQUEST, skipBad: true };
    const imported = await importDataset(adapter, skipping, chunksOf(text));
    assert.equal(imported.status === "imported" && imported.dataset.points, 2);
    const metadata = imported.status === "imported" && imported.dataset.metadata;
    assert.deepEqual(metadata, { skippedRows: 1, roundedFigures: 0 });

    const none = await importDataset(adapter, skipping, chunksOf(`${HEADER}a,b,c,d,e,f\n`));
    assert.equal(none.status === "refused" && none.refusal.code, "bad_rows");
  });

  it("refuses names, and files that fail as a whole", async () => {
    const { adapter } = await openStored();
    const codeOf = async (request: Partial<ImportRequest>, text: string) => {
      const outcome = await importDataset(adapter, { ...REQUEST, ...request }, chunksOf(text));
      return outcome.status === "refused" ? outcome.refusal.code : outcome.status;
    };
    assert.equal(await codeOf({}, minutes(0)), "imported");
    assert.equal(await codeOf({}, minutes(1)), "name_taken");
    assert.equal(await codeOf({ name: "" }, minutes(2)), "invalid_name");
    assert.equal(await codeOf({ name: "../week" }, minutes(2)), "invalid_name");
    assert.equal(await codeOf({ name: "x" }, "what?"), "unknown_layout");
    const limits = { ...FILE_LIMITS, bytes: 10 };
    assert.equal(await codeOf({ name: "x", limits, skipBad: true }, minutes(2)), "file_too_large");
    assert.equal((await adapter.datasetRepository.query({})).items.length, 1);
  });

  it("knows the interval of candles that have one, with gaps or not", async () => {
    const { adapter } = await openStored();
    const intervalOf = async (name: string, numbers: readonly number[]) => {
      const outcome = await importDataset(
        adapter,
        { ...REQUEST, name },
        chunksOf(minutes(...numbers)),
      );
      return outcome.status === "imported" ? outcome.dataset.interval : outcome.status;
    };
    assert.equal(await intervalOf("a", [0, 5, 20]), "5m");
    assert.equal(await intervalOf("b", [0, 60, 120]), "1h");
    assert.equal(await intervalOf("c", [0, 7, 14]), undefined);
    assert.equal(await intervalOf("d", [3]), undefined);
  });
});
