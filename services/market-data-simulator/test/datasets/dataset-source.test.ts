import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { timestamp } from "@tse/domain";
import type { DatasetPoint } from "@tse/market-data-adapter";
import { DatasetSource, spanOf } from "../../src/datasets/dataset-source.ts";
import { importDataset } from "../../src/datasets/import-dataset.ts";
import type { MarketDataSource } from "../../src/datasets/market-data-source.ts";
import { MemoryDatasetShelf } from "../../src/modes/dataset-shelf.ts";
import { shelve } from "../../src/modes/load-dataset.ts";
import { awayStored, chunksOf, drained, openStored } from "./stored.ts";

const START = 1_700_000_000;
const at = (seconds: number) => timestamp((START + seconds) * 1_000_000);

const TICKS = `ts,price,volume\n${START},10,1\n${START + 2},11,2\n${START + 5},12,3\n`;

async function imported(text: string) {
  const { adapter } = await openStored();
  const request = { name: "some", symbol: "BTC/USD", source: "file" };
  const outcome = await importDataset(adapter, request, chunksOf(text));
  assert(outcome.status === "imported");
  const { dataset } = outcome;
  return { dataset, source: new DatasetSource(adapter, dataset) };
}

describe("DatasetSource", () => {
  it("fetches what is in a window: its beginning, and not its end", async () => {
    const { source } = await imported(TICKS);
    const points = await drained(source.fetch("BTC/USD", { from: at(2), to: at(5) }));
    assert.deepEqual(
      points.map((point) => [point.at, point.close, point.volume]),
      [[at(2), 1_100_000_000n, 200_000_000n]],
    );
  });

  it("has all of its data set, over any number of pages, and nothing of other symbols", async () => {
    const rows = Array.from({ length: 2_500 }, (_, i) => `${START + i},${i + 1}`);
    const { source, dataset } = await imported(["ts,price", ...rows].join("\n"));
    const points = await drained(source.fetch("BTC/USD", spanOf(dataset)));
    assert.deepEqual(
      points.map(({ close }) => close),
      rows.map((_, i) => BigInt(i + 1) * 100_000_000n),
    );
    assert.deepEqual(await drained(source.fetch("ETH/USD", spanOf(dataset))), []);
  });

  it("rejects when the storage is away", async () => {
    const { adapter } = awayStored();
    const source = new DatasetSource(adapter, {
      datasetId: "1",
      symbol: "BTC/USD",
      firstAt: at(0),
      lastAt: at(0),
    });
    const window = { from: at(0), to: at(1) };
    await assert.rejects(drained(source.fetch("BTC/USD", window)), { code: "storage_unavailable" });
  });
});

describe("A path's data set", () => {
  it("is kept from any source, and read from it once", async () => {
    const { dataset } = await imported(TICKS);
    const asked: unknown[] = [];
    const venue: MarketDataSource = {
      async *fetch(symbol, window): AsyncGenerator<DatasetPoint> {
        asked.push([symbol, window]);
        for (const seconds of [0, 2, 5]) {
          const price = BigInt(seconds + 20) * 100_000_000n;
          const prices = { open: price, high: price, low: price, close: price };
          yield { at: at(seconds), ...prices, volume: 0n };
        }
      },
    };
    const shelf = new MemoryDatasetShelf();
    const ref = await shelve(venue, shelf, dataset);
    assert.deepEqual(await shelve(venue, shelf, dataset), ref);
    assert.deepEqual([...shelf.take(ref).series.price], [20, 22, 25]);
    assert.deepEqual(asked, [["BTC/USD", { from: at(0), to: at(5) + 1 }]]);
  });
});
