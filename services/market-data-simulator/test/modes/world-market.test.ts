import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { duration } from "@tse/domain";
import { ScenarioBoard } from "@tse/market-model";
import { seededRandom } from "@tse/simulation";
import { createMarket, PRICED_ASSETS, STABLECOINS } from "../../src/feed/markets.ts";
import { after, MINUTE, plain, SECOND, START } from "../support/feeds.ts";
import { candleRows, refOf, replayOf, shelfOf } from "./datasets.ts";
import { begun, datasets, largest, MODES, modeAt, priceOf, pricesOf, shockAt } from "./worlds.ts";

describe("The market of a world", () => {
  it("is its model's own, bit for bit, where no asset has another mode", () => {
    const step = duration(SECOND);
    const overlay = () =>
      new ScenarioBoard({ assets: PRICED_ASSETS, stablecoins: STABLECOINS, time: START });
    for (const mode of ["realistic", "gbm"] as const) {
      const { feed } = begun({ mode });
      const own = createMarket({
        mode,
        interval: step,
        start: START,
        random: seededRandom(42),
        prices: new Map(),
        overlay: overlay(),
      });
      feed.advanceTo(after(2 * MINUTE));
      own.advanceTo(after(2 * MINUTE));
      for (const asset of PRICED_ASSETS) {
        assert.equal(feed.logPrice(asset), own.logValue(asset), `${mode} ${asset}`);
      }
    }
  });

  for (const [name, terms] of Object.entries(MODES)) {
    it(`makes the same ticks twice, in one step and in many: ${name}`, () => {
      const change = modeAt(100.5, terms);
      const [one, other] = [begun({ modes: { BTC: terms } }), begun({ modes: { BTC: terms } })];
      one.feed.apply(modeAt(50, { mode: "realistic" }));
      other.feed.apply(modeAt(50, { mode: "realistic" }));
      one.feed.apply(change);
      other.until(70);
      other.until(100.3);
      other.feed.apply(change);
      one.until(200);
      for (let second = 101; second <= 200; second += 0.7) other.until(second);
      other.until(200);
      assert.deepEqual(other.ticks.map(plain), one.ticks.map(plain));
      const symbols = one.ticks.filter(({ terms: { symbol } }) => symbol === "BTC/USD");
      assert.deepEqual(
        symbols.map(({ sequence }) => sequence),
        Array.from({ length: 201 }, (_, i) => i + 1),
      );
    });

    it(`is changed without a jump, there and back: ${name}`, () => {
      const { feed, ticks, until } = begun();
      until(120);
      const usual = largest(pricesOf(ticks));
      const from = ticks.length;
      feed.apply(modeAt(120.2, terms));
      until(140);
      feed.apply(modeAt(140.2, { mode: "realistic" }));
      until(160);
      const moved = largest(pricesOf(ticks.slice(from - 9)));
      assert.ok(moved < Math.max(3 * usual, 0.002), `${moved} after ${usual}`);
      for (const [cross, base, quote] of [
        ["ETH/BTC", "ETH/USD", "BTC/USD"],
        ["BTC/USDT", "BTC/USD", "USDT/USD"],
      ] as const) {
        const rate = priceOf(feed, base) / priceOf(feed, quote);
        assert.ok(Math.abs(priceOf(feed, cross) / rate - 1) < 0.001, cross);
      }
    });
  }

  it("names each tick's source, a pair's by its legs", () => {
    const { feed, until } = begun({
      modes: { BTC: replayOf("hour"), ETH: { mode: "consensus" }, SOL: { mode: "static" } },
    });
    feed.apply(modeAt(0, { mode: "bootstrap", dataset: refOf("day") }, "ADA/USD"));
    until(5);
    const sources = feed.symbols.map(({ symbol }) => [symbol, feed.latest(symbol)?.source]);
    assert.deepEqual(Object.fromEntries(sources), {
      "BTC/USD": "replay:hour",
      "ETH/USD": "consensus",
      "SOL/USD": "static",
      "ADA/USD": "simulator",
      "DOT/USD": "simulator",
      "USDT/USD": "simulator",
      "BTC/USDT": "replay:hour",
      "ETH/USDT": "consensus",
      "ETH/BTC": "consensus",
    });
  });

  it("brings a pegged price home over hours after a change", () => {
    const { feed, until } = begun({ interval: 10 * SECOND });
    const rows = candleRows(5, 0.98).map((row) => ({
      ...row,
      open: 0.98,
      high: 0.98,
      low: 0.98,
      close: 0.98,
    }));
    datasets.put({
      ...datasets.take(refOf("hour")).imported,
      ...refOf("peg"),
      candles: shelfOf({ rows }).take(refOf("rows")).imported.candles,
    });
    feed.apply(modeAt(0, replayOf("peg", { align: "absolute" }), "USDT/USD"));
    until(60);
    assert.equal(priceOf(feed, "USDT/USD"), 0.98);
    until(600);
    assert.ok(priceOf(feed, "USDT/USD") < 0.983);
    until(10 * 3_600);
    assert.ok(Math.abs(priceOf(feed, "USDT/USD") - 1) < 0.001, `${priceOf(feed, "USDT/USD")}`);
  });
});

describe("Scenarios", () => {
  for (const [name, terms] of Object.entries(MODES)) {
    it(`move a price in any mode, and leave no jump behind: ${name}`, () => {
      const { feed, ticks, until } = begun({ modes: { BTC: terms } });
      // After a change the price is no more that of the model.
      feed.apply(modeAt(10, { mode: "gbm" }));
      feed.apply(modeAt(20, terms));
      until(60);
      const before = priceOf(feed);
      const from = ticks.length;
      shockAt(feed, 60);
      until(360);
      const after = priceOf(feed);
      assert.ok(Math.abs(after / before / 0.7 - 1) < 0.005, `${after / before}`);
      until(400);
      assert.ok(largest(pricesOf(ticks.slice(from))) < 0.004);
      assert.ok(Math.abs(priceOf(feed) / after - 1) < 0.01);
    });
  }
});
