import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { duration, timestamp } from "@tse/domain";
import {
  REALISTIC_ASSETS,
  RealisticMarket,
  ScenarioBoard,
  type ScenarioDefinition,
} from "@tse/market-model";
import { seededRandom } from "@tse/simulation";
import { ScenarioCatalogue } from "../../src/scenarios/catalogue.ts";

const MINUTE = 60_000_000;
/** Into a world's third hour, in the middle of a minute. */
const START = timestamp(Date.UTC(2026, 0, 5, 2, 17, 30) * 1000);
const LEAD = 90 * MINUTE;

interface Played {
  /** Log price against that of the event's beginning, each minute. */
  readonly path: Float64Array;
}

/** A scenario in the realistic market of the default world, or on its own. */
function play(definition: ScenarioDefinition, seed: number, noise: boolean): Map<string, Played> {
  const names = ASSETS;
  const board = new ScenarioBoard({ assets: names, stablecoins: ["USDT"], time: START });
  const market = new RealisticMarket({
    unitOfAccount: "USD",
    assets: REALISTIC_ASSETS,
    step: duration(1_000_000),
    start: START,
    random: seededRandom(seed),
    overlay: board,
  });
  const at = timestamp(START + (noise ? LEAD : 0));
  if (noise) market.advanceTo(at);
  const value = (asset: string) => (noise ? market.logValue(asset) : board.shift(asset));
  const before = new Map(names.map((asset) => [asset, value(asset)]));
  const planned = board.perform({
    kind: "start",
    id: "event",
    definition,
    at,
    random: seededRandom(seed).fork("scenarios"),
    logPrice: (asset) => (noise ? market.logValue(asset) : 0),
  });
  assert.equal(planned.status, "accepted", JSON.stringify(planned));
  const minutes = Math.floor((board.running()[0]?.start.scenario.duration ?? 0) / MINUTE);
  const played = new Map(names.map((asset) => [asset, { path: new Float64Array(minutes + 1) }]));
  for (let minute = 1; minute <= minutes; minute++) {
    const time = timestamp(at + minute * MINUTE);
    if (noise) market.advanceTo(time);
    else board.advanceTo(time);
    for (const [asset, { path }] of played) {
      path[minute] = value(asset) - (before.get(asset) as number);
    }
  }
  return played;
}

/** Index of the value farthest from 0. */
function extremeIndex(path: Float64Array): number {
  let most = 0;
  for (const [index, value] of path.entries()) {
    if (Math.abs(value) > Math.abs(path[most] as number)) most = index;
  }
  return most;
}

/** Percent of the price before the event. */
const percent = (log: number): number => 100 * Math.expm1(log);

/** How much of the move to the extreme is given back a day later, in percent of it. */
function retrace(path: Float64Array, extreme: number): number {
  const later = Math.min(extreme + 1440, path.length - 1);
  const move = path[extreme] as number;
  return (100 * (move - (path[later] as number))) / move;
}

const catalogue = new ScenarioCatalogue();
const presets = catalogue.all.filter(({ kind }) => kind === "preset");

/** The shortest ones, at another seed. */
const AGAIN = [
  ["leverage_2021", 1_234],
  ["liquidation_2025", 1_234],
] as const;

const ASSETS = REALISTIC_ASSETS.map(({ asset }) => asset);

/** What was left of the book of an asset at the worst moment, as a share of the usual. */
const THINNED = [
  ["covid_2020", "BTC", 0.1],
  ["china_2021", "DOT", 0.2],
  ["leverage_2021", "BTC", 0.15],
  ["carry_2024", "ETH", 0.2],
  ["liquidation_2025", "BTC", 0.05],
  ["liquidation_2025", "ADA", 0.02],
  ["luna_2022", "BTC", 0.5],
  ["ftx_2022", "SOL", 0.65],
  ["usdc_2023", "USDT", 0.5],
  ["xi_pump_2019", "BTC", 0.5],
  ["tariff_2025", "ETH", 0.3],
  ["feb_2026", "BTC", 0.4],
  ["equity_2010", "BTC", 0.01],
  ["gdax_eth_2017", "ETH", 0.002],
] as const;

describe("A historical preset in the realistic market", () => {
  it("is one of many", () => {
    assert.ok(presets.length >= 11, presets.map(({ name }) => name).join(" "));
  });

  for (const [name, seed] of [...presets.map((each) => [each.name, 5] as const), ...AGAIN]) {
    it(`${name} has its magnitude, its low in time, its way back and its peers, at seed ${seed}`, () => {
      const definition = catalogue.named(name) as ScenarioDefinition;
      const expected = play(definition, seed, false);
      const seen = play(definition, seed, true);
      // Only where history is known: other assets follow by assumption, with all of their noise.
      const named = definition.effects.flatMap(({ on, assets }) =>
        on === "price" && assets !== "*" ? assets : [],
      );
      for (const [asset, { path: wanted }] of expected) {
        if (!named.includes(asset)) continue;
        const low = extremeIndex(wanted);
        if (Math.abs(percent(wanted[low] as number)) < 1) continue;
        const { path } = seen.get(asset) as Played;
        const found = extremeIndex(path);
        const off = percent(path[found] as number) - percent(wanted[low] as number);
        assert.ok(Math.abs(off) <= 2, `${asset}: ${off} pp from its extreme`);
        assert.ok(Math.abs(found - low) <= 2, `${asset}: extreme at ${found}, not ${low} min`);
        const back = retrace(path, found) - retrace(wanted, low);
        assert.ok(Math.abs(back) <= 10, `${asset}: ${back} pp from its retrace`);
      }
    });
  }

  for (const [name, asset, reported] of THINNED) {
    it(`${name} thins the book as reported, within a fifth, and lets it grow again`, () => {
      const board = new ScenarioBoard({ assets: ASSETS, stablecoins: ["USDT"], time: START });
      board.perform({
        kind: "start",
        id: "event",
        definition: catalogue.named(name) as ScenarioDefinition,
        at: START,
        random: seededRandom(5),
        logPrice: () => 0,
      });
      const course = board
        .running()[0]
        ?.start.scenario.multipliers.find(
          (each) => each.of === "depth" && each.asset === asset,
        )?.course;
      assert.ok(course?.course === "aftershock", `${asset} has a depth of its own`);
      board.advanceTo(timestamp(START + course.at));
      const thinned = board.depth(asset);
      assert.ok(Math.abs(thinned / reported - 1) < 0.2, `${asset}: ${thinned}`);
      board.advanceTo(timestamp(START + course.at + 30 * MINUTE));
      assert.ok(board.depth(asset) > thinned && board.depth(asset) <= 1, asset);
    });
  }

  it("is the same, byte for byte, for the same seed, and another for another", () => {
    const definition = catalogue.named("carry_2024") as ScenarioDefinition;
    const digest = (seed: number): string => {
      const hash = createHash("sha256");
      for (const { path } of play(definition, seed, true).values()) hash.update(path);
      return hash.digest("hex");
    };
    assert.equal(digest(7), digest(7));
    assert.notEqual(digest(7), digest(8));
  });
});
