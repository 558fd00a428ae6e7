import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InvalidConfiguration } from "@tse/service-kit";
import { importDataset } from "../../src/datasets/import-dataset.ts";
import { MemoryDatasetShelf } from "../../src/modes/dataset-shelf.ts";
import { priceModes } from "../../src/modes/price-mode.ts";
import { resolveModes } from "../../src/modes/resolve-modes.ts";
import { chunksOf, openStored } from "../datasets/stored.ts";
import { DEFAULT_SYMBOLS } from "../support/feeds.ts";
import { candleRows, csvOf, MINUTES_A_DAY, OLD } from "./datasets.ts";

const HOUR = csvOf(candleRows(60));
const DAY = csvOf(candleRows(MINUTES_A_DAY, 100));
/** Another Monday. */
const LATER = csvOf(
  candleRows(MINUTES_A_DAY, 2_500).map((row) => ({ ...row, time: row.time + 7 * 86_400_000_000 })),
);

async function world() {
  const { adapter: repositories } = await openStored();
  for (const [name, symbol, content] of [
    ["hour", "BTC/USD", HOUR],
    ["day", "SOL/USD", DAY],
    ["later", "ETH/USD", LATER],
  ] as const) {
    const request = { name, symbol, source: "test" };
    const { status } = await importDataset(repositories, request, chunksOf(content, 1 << 16));
    assert.equal(status, "imported");
  }
  const datasets = new MemoryDatasetShelf();
  const parts = { repositories, datasets, symbols: DEFAULT_SYMBOLS };
  return (text: string, isNew = true) => {
    const modes = priceModes.parse(text);
    assert(modes !== undefined, text);
    return resolveModes(modes, { ...parts, isNew });
  };
}

describe("PRICE_MODE", () => {
  it("is one mode for all symbols, or one for each", async () => {
    const resolve = await world();
    assert.deepEqual(await resolve("gbm"), { market: "gbm", modes: {} });
    assert.deepEqual(await resolve("static, SOL/USD=gbm"), {
      market: "static",
      modes: { SOL: { mode: "gbm" } },
    });
    const { market, modes } = await resolve("consensus");
    assert.equal(market, "realistic");
    assert.deepEqual(Object.keys(modes), ["BTC", "ETH", "SOL", "ADA", "DOT", "USDT"]);
  });

  it("takes a data set for the symbol that it is of: as it is in a new world, by its moves in an older one", async () => {
    const resolve = await world();
    for (const isNew of [true, false]) {
      const { market, modes } = await resolve("replay:hour,bootstrap:day", isNew);
      assert.equal(market, "realistic");
      const { BTC, SOL } = modes;
      assert(BTC?.mode === "replay" && SOL?.mode === "bootstrap");
      assert.deepEqual([BTC.align, BTC.from], [isNew ? "absolute" : "rebase", OLD]);
      assert.match(BTC.dataset.checksum, /^[0-9a-f]{64}$/);
      assert.equal(SOL.dataset.name, "day");
    }
  });

  it("is refused by what is wrong with it, all at once", async () => {
    const resolve = await world();
    for (const [text, problems] of [
      ["gbm,static", [/one mode is for all symbols, not gbm and static/]],
      ["ETH/BTC=gbm", [/ETH\/BTC follows its legs/]],
      ["XRP/USD=gbm", [/XRP\/USD is no symbol of this world/]],
      ["BTC/USD=gbm,BTC/USD=static", [/BTC\/USD has one mode/]],
      ["replay:none", [/no data set is called none/]],
      ["BTC/USD=bootstrap:none,ETH/BTC=gbm", [/no data set is called none/, /follows its legs/]],
      ["ETH/USD=replay:hour", [/data set hour is of BTC\/USD, not of ETH\/USD/]],
      ["bootstrap:hour", [/needs candles of a minute and a whole day/]],
      ["bootstrap:day,bootstrap:later", [/have a whole day in common: day, later have none/]],
    ] as const) {
      await assert.rejects(resolve(text), (error) => {
        assert(error instanceof InvalidConfiguration);
        assert.equal(error.problems.length, problems.length, error.message);
        for (const [i, problem] of problems.entries()) {
          assert.match(error.problems[i] ?? "", /^PRICE_MODE: /);
          assert.match(error.problems[i] ?? "", problem);
        }
        return true;
      });
    }
  });

  it("is no mode when it isn't written as one", () => {
    for (const text of [
      "",
      "magic",
      "gbm,",
      "replay:",
      "replay:a b/c",
      "BTC=gbm",
      "BTC/USD=",
      "=gbm",
    ]) {
      assert.equal(priceModes.parse(text), undefined, text);
    }
  });
});
