import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { duration, timestamp } from "@tse/domain";
import { DatasetSource } from "../../src/datasets/dataset-source.ts";
import { importDataset } from "../../src/datasets/import-dataset.ts";
import type { SourceListener, SourceTick } from "../../src/datasets/market-data-source.ts";
import { awayStored, chunksOf, drained, openStored } from "./stored.ts";

const START = 1_700_000_000;
const at = (seconds: number) => timestamp((START + seconds) * 1_000_000);

async function opened() {
  const stored = await openStored();
  const ticks = `ts,price,volume\n${START},10,1\n${START + 2},11,2\n${START + 5},12,3\n`;
  const candles = `ts,open,high,low,close\n${START},5,6,4,5\n${START + 60},5,9,5,8\n`;
  const files = [
    { name: "ticks", symbol: "BTC/USD", text: ticks },
    { name: "candles", symbol: "ETH/USD", text: candles },
  ];
  for (const { name, symbol, text } of files) {
    const outcome = await importDataset(
      stored.adapter,
      { name, symbol, source: "file" },
      chunksOf(text),
    );
    assert.equal(outcome.status, "imported");
  }
  return { ...stored, source: new DatasetSource(stored.adapter, stored.clock) };
}

/** What a listener was told, and a promise of the next thing that it will be. */
function listener() {
  const heard: string[] = [];
  let wake = () => {};
  const told = (text: string) => {
    heard.push(text);
    wake();
  };
  const listening: SourceListener = {
    onTick: ({ symbol, price }: SourceTick) => told(`${symbol} ${price / 100_000_000n}`),
    onEnd: (symbol) => told(`${symbol} ends`),
    onError: (symbol, error) => told(`${symbol} fails: ${error}`),
  };
  const until = async (count: number) => {
    while (heard.length < count) await new Promise<void>((resolve) => (wake = resolve));
  };
  return { heard, listening, until };
}

describe("DatasetSource", () => {
  it("fetches the ticks and candles of a window", async () => {
    const { source } = await opened();
    const window = { from: at(2), to: at(5) };
    assert.deepEqual(await drained(source.fetchTicks("BTC/USD", window)), [
      { symbol: "BTC/USD", at: at(2), price: 1_100_000_000n, volume: 200_000_000n },
    ]);
    const all = { from: at(0), to: at(600) };
    const candles = await drained(source.fetchCandles("ETH/USD", "1m", all));
    assert.deepEqual(
      candles.map(({ close }) => close),
      [500_000_000n, 800_000_000n],
    );
    assert.deepEqual(await drained(source.fetchCandles("ETH/USD", "5m", all)), []);
    assert.deepEqual(await drained(source.fetchTicks("SOL/USD", all)), []);
  });

  it("tells a subscriber each tick at its distance, then the end", async () => {
    const { source, clock } = await opened();
    const { heard, listening, until } = listener();
    source.subscribe(["BTC/USD", "ETH/USD", "SOL/USD"], listening);
    await until(3);
    assert.deepEqual([...heard].sort(), ["BTC/USD 10", "ETH/USD 5", "SOL/USD ends"]);

    while (clock.pending < 2) await turn();
    await clock.advance(duration(1_999_999), turn);
    assert.equal(heard.length, 3);
    await clock.advance(duration(1), turn);
    assert.deepEqual(heard.slice(3), ["BTC/USD 11"]);
    await clock.advance(duration(58_000_000), turn);
    await until(7);
    assert.deepEqual(heard.slice(4), ["BTC/USD 12", "BTC/USD ends", "ETH/USD 8", "ETH/USD ends"]);
  });

  it("says nothing after it was closed", async () => {
    const { source, clock } = await opened();
    const { heard, listening, until } = listener();
    const subscription = source.subscribe(["BTC/USD"], listening);
    await until(1);
    while (clock.pending < 1) await turn();
    subscription.close();
    await clock.advance(duration(60_000_000), turn);
    assert.deepEqual(heard, ["BTC/USD 10"]);
    assert.equal(clock.pending, 0);
  });

  it("tells a subscriber when the storage fails", async () => {
    const { adapter, clock } = awayStored();
    const source = new DatasetSource(adapter, clock);
    const { heard, listening, until } = listener();
    source.subscribe(["BTC/USD"], listening);
    await until(1);
    assert.match(heard[0] ?? "", /^BTC\/USD fails/);
  });
});
