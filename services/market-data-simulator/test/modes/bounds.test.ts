import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Effect, ScenarioDefinition } from "@tse/market-model";
import { seededRandom } from "@tse/simulation";
import type { Feed } from "../../src/feed/feed.ts";
import type { MarketMode } from "../../src/feed/markets.ts";
import { boundsOf } from "../../src/modes/model-maker.ts";
import { after, MINUTE, newFeed, SECOND, ticksOf } from "../support/feeds.ts";
import { candleRows, replayOf, shelfOf } from "./datasets.ts";

const ASSETS = ["BTC", "ETH", "USDT"];

function started(feed: Feed, name: string, effects: readonly Effect[], second: number): void {
  const definition: ScenarioDefinition = {
    name,
    kind: "crash",
    title: name,
    pinned: false,
    phases: [],
    duration: MINUTE,
    release: 0,
    effects,
  };
  const planned = feed.scenarios.plan({
    kind: "start",
    id: name,
    definition,
    intensity: 100,
    at: after(second * SECOND),
    random: seededRandom(1),
    logPrice: (asset) => feed.logPrice(asset),
  });
  assert.equal(planned.status, "accepted", JSON.stringify(planned));
  if (planned.status !== "accepted") return;
  feed.apply({ kind: "scenario", at: after(second * SECOND), command: planned.command });
}

/** What holds of every tick, whatever is done to the market. */
function watched(feed: Feed) {
  const ticks = ticksOf(feed);
  feed.onTicks(() => {
    const worth = (asset: string) => Math.exp(feed.logPrice(asset));
    for (const asset of ASSETS) {
      const { lowest, highest } = boundsOf(asset);
      const price = worth(asset);
      const isInside = price > lowest * (1 - 1e-9) && price < highest * (1 + 1e-9);
      assert.ok(isInside, `${asset}: ${price}`);
    }
    const latest = (symbol: string) => feed.latest(symbol)?.price ?? Number.NaN;
    const [btc, usdt, cross] = [latest("BTC/USD"), latest("USDT/USD"), latest("BTC/USDT")];
    assert.ok(Math.abs(cross / (btc / (usdt / 1e4)) - 1) < 2e-4, `${cross}, ${btc}, ${usdt}`);
  });
  return () => {
    for (const { terms, price, bid, ask, volume } of ticks) {
      assert.ok(bid > 0 && bid <= price && price <= ask && ask <= 2 * price + 2, terms.symbol);
      assert.ok(Number.isSafeInteger(volume) && volume >= 0, `${terms.symbol}: ${volume}`);
    }
    for (const { symbol } of feed.symbols) {
      const day = feed.candles(symbol).day();
      assert.ok(Number.isSafeInteger(day?.volume), `${symbol}: ${day?.volume}`);
      assert.ok(feed.depth(symbol)?.asks.every(({ price, size }) => price > 0 && size > 0));
    }
    return ticks;
  };
}

const MODES: readonly MarketMode[] = ["realistic", "gbm", "static"];

for (const mode of MODES) {
  describe(`A market in mode ${mode}, whatever is done to it`, () => {
    it("has numbers to go on with under multipliers without measure", () => {
      for (const on of ["volatility", "jump_rate", "volume", "depth", "spread"] as const) {
        for (const times of [0.001, 1_000]) {
          const feed = newFeed({ mode, symbols: ["BTC/USD", "ETH/USD"] });
          const check = watched(feed);
          feed.begin();
          const effect = { on, assets: ASSETS, course: { course: "constant", times } } as const;
          for (const second of [1, 2, 3]) started(feed, `${on}_${second}`, [effect], second);
          feed.advanceTo(after(90 * SECOND));
          check();
        }
      }
    });

    it("stands at a bound that scenarios drive it to, pairs too, and never on the other side", () => {
      for (const change of [9, -9]) {
        const feed = newFeed({ mode, symbols: ["BTC/USD", "ETH/USD"] });
        const check = watched(feed);
        feed.begin();
        const path = { path: "move", change, after: 0, over: SECOND, shape: "linear" } as const;
        for (const second of [1, 3, 5, 7]) {
          started(feed, `move_${second}`, [{ on: "price", assets: ["BTC"], path }], second);
        }
        feed.advanceTo(after(30 * SECOND));
        const { lowest, highest } = boundsOf("BTC");
        const bound = change > 0 ? highest : lowest;
        const price = Math.exp(feed.logPrice("BTC"));
        assert.ok(Math.abs(Math.log(price / bound)) < 0.06, `${price}`);
        const before = feed.latest("BTC/USD")?.price as number;
        for (const next of ["gbm", "realistic", "static"] as const) {
          const at = feed.time;
          feed.apply({ kind: "mode", symbol: "BTC/USD", terms: { mode: next }, at });
          feed.advanceTo(after(at - after(0) + 2 * SECOND));
          const now = feed.latest("BTC/USD")?.price as number;
          assert.ok(Math.abs(Math.log(now / before)) < 0.12, `${next}: ${now}, ${before}`);
        }
        check();
      }
    });
  });
}

describe("A replay beyond the bounds", () => {
  it("stands at the bound, pairs too, and hands over without a jump", () => {
    const rows = candleRows(60).map((row, minute) => {
      const times = 2 ** minute;
      const [open, high, low] = [row.open * times, row.high * times, row.low * times];
      return { ...row, open, high, low, close: row.close * times };
    });
    const datasets = shelfOf({ rise: rows });
    const feed = newFeed({ mode: "gbm", symbols: ["BTC/USD"], datasets });
    const check = watched(feed);
    feed.begin();
    feed.advanceTo(after(10 * SECOND));
    const terms = replayOf("rise", { speed: 60 });
    feed.apply({ kind: "mode", symbol: "BTC/USD", terms, at: after(10 * SECOND) });
    feed.advanceTo(after(120 * SECOND));
    const ticks = check().filter(({ terms: { symbol } }) => symbol === "BTC/USD");
    const prices = ticks.map(({ price }) => price);
    assert.equal(Math.max(...prices), 20_000_000);
    const last = ticks.findLastIndex(({ source }) => source.startsWith("replay"));
    const [before, next] = [prices[last], prices[last + 1]] as [number, number];
    assert.ok(Math.abs(Math.log(next / before)) < 0.01, `${before}, ${next}`);
  });
});
