import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { duration, InvariantViolation, type Timestamp, timestamp } from "@tse/domain";
import {
  CALM,
  type Overlay,
  REALISTIC_ASSETS,
  REALISTIC_SHAPE,
  type RealisticAsset,
  type RealisticCheckpoint,
  RealisticMarket,
} from "@tse/market-model";
import { seededRandom } from "@tse/simulation";

const SECOND = 1_000_000;
const HOUR = 3600 * SECOND;
/** A Monday. */
const START = Date.UTC(2026, 0, 5) * 1000;

interface Variation {
  readonly seed?: number;
  readonly assets?: readonly RealisticAsset[];
  readonly step?: number;
  readonly start?: number;
  readonly overlay?: Overlay;
  readonly checkpoint?: RealisticCheckpoint;
  readonly prices?: ReadonlyMap<string, number>;
}

function market({ seed = 42, assets = REALISTIC_ASSETS, ...rest }: Variation = {}) {
  const { step = SECOND, start = START, ...others } = rest;
  return new RealisticMarket({
    unitOfAccount: "USD",
    assets,
    step: duration(step),
    start: timestamp(start),
    random: seededRandom(seed),
    ...others,
  });
}

const named = (...names: string[]) => REALISTIC_ASSETS.filter(({ asset }) => names.includes(asset));

/** Log prices of an asset at every second for `seconds`. */
function path(model: RealisticMarket, asset: string, seconds: number, step = SECOND): Float64Array {
  const begin = model.time;
  return Float64Array.from({ length: seconds }, (_, i) => {
    model.advanceTo(timestamp(begin + (i + 1) * step));
    return model.logValue(asset);
  });
}

function everything(model: RealisticMarket): unknown {
  return REALISTIC_ASSETS.map(({ asset }) => [
    model.logValue(asset),
    model.fairLogValue(asset),
    model.volatility(asset),
    model.volume(asset),
    model.side(asset),
  ]);
}

describe("RealisticMarket", () => {
  it("makes the same path for one seed, in one step or in many, and another for another", () => {
    const end = timestamp(START + 2 * HOUR);
    const once = market();
    once.advanceTo(end);
    const often = market();
    for (let at = START; at <= end; at += 7 * SECOND) often.advanceTo(timestamp(at));
    often.advanceTo(end);
    assert.deepEqual(everything(once), everything(often));
    const other = market({ seed: 43 });
    other.advanceTo(end);
    assert.notDeepEqual(everything(other), everything(once));
  });

  it("moves no other asset when one is added", () => {
    const few = market({ assets: named("BTC", "ETH") });
    const many = market();
    assert.deepEqual(path(few, "ETH", 4000), path(many, "ETH", 4000));
  });

  it("goes on from a checkpoint as if it had never stopped", () => {
    const model = market({ start: START + 1234 * SECOND });
    model.advanceTo(timestamp(START + 3 * HOUR + 1000 * SECOND));
    const checkpoint = JSON.parse(JSON.stringify(model.checkpoint)) as RealisticCheckpoint;
    assert.equal(checkpoint.time, START + 3 * HOUR);
    const later = market({ checkpoint });
    const end = timestamp(START + 5 * HOUR + 17 * SECOND);
    model.advanceTo(end);
    later.advanceTo(end);
    assert.deepEqual(everything(later), everything(model));
    assert.deepEqual(later.checkpoint, model.checkpoint);
  });

  it("goes on from the checkpoint of a young world too, which is its start", () => {
    const model = market({ start: START + 1234 * SECOND });
    const { checkpoint } = model;
    model.advanceTo(timestamp(START + 2000 * SECOND));
    assert.equal(model.checkpoint, checkpoint);
    const again = market({ checkpoint });
    again.advanceTo(timestamp(START + 2000 * SECOND));
    assert.deepEqual(everything(again), everything(model));
  });

  it("goes on from a checkpoint whatever the step", () => {
    for (const step of [7 * SECOND, SECOND / 5]) {
      const model = market({ step, assets: named("BTC", "USDT") });
      model.advanceTo(timestamp(START + HOUR + 100 * SECOND));
      const later = market({ step, assets: named("BTC", "USDT"), checkpoint: model.checkpoint });
      assert.ok(later.time >= START + HOUR && later.time < START + HOUR + step);
      const end = timestamp(START + HOUR + 1000 * SECOND);
      for (const one of [model, later]) one.advanceTo(end);
      assert.deepEqual(later.logValue("BTC"), model.logValue("BTC"));
      assert.deepEqual(later.volume("USDT"), model.volume("USDT"));
    }
  });

  it("begins where prices are in a world that goes on, inside the bounds", () => {
    const model = market({
      prices: new Map([
        ["BTC", 60_000],
        ["ETH", 1e9],
      ]),
    });
    assert.ok(Math.abs(Math.exp(model.logValue("BTC")) - 60_000) < 1e-6);
    assert.ok(Math.abs(Math.exp(model.logValue("ETH")) - 20_000) < 1e-6);
    assert.throws(() => market({ prices: new Map([["BTC", 0]]) }), InvariantViolation);
  });

  it("stands on the multiples of its step, of a tenth of a second or of ten", () => {
    for (const step of [SECOND / 10, 10 * SECOND]) {
      const model = market({ step, start: START + 5 });
      assert.equal(model.time, START);
      model.advanceTo(timestamp(START + 2 * step - 1));
      assert.equal(model.time, START + step);
    }
    assert.throws(() => market({ step: 1_500_001 }), InvariantViolation);
  });

  it("has about the same volatility whatever the step", () => {
    const deviation = (step: number) => {
      const model = market({ step, assets: named("BTC") });
      const prices = path(model, "BTC", (12 * HOUR) / step, step);
      let squares = 0;
      for (let i = 1; i < prices.length; i++) {
        squares += ((prices[i] as number) - (prices[i - 1] as number)) ** 2;
      }
      return Math.sqrt(squares * 2 * 365);
    };
    const second = deviation(SECOND);
    const tenth = deviation(SECOND / 5);
    assert.ok(tenth > second / 2 && tenth < second * 2, `${tenth} beside ${second}`);
  });

  it("lets a price stand between moves, and open a minute where the last one closed", () => {
    const model = market({ assets: named("BTC") });
    const prices = path(model, "BTC", 7200);
    let still = 0;
    let opening = 0;
    for (let i = 1; i < prices.length; i++) {
      if (prices[i] !== prices[i - 1]) continue;
      still += 1;
      // The first value is that of the first second.
      if ((i + 1) % 60 === 0) opening += 1;
    }
    assert.ok(still > 7200 * 0.6 && still < 7200 * 0.98, `${still}`);
    assert.ok(opening >= 115, `${opening} of 119`);
  });

  it("gives back part of what moved a price: the lasting part moves less", () => {
    const model = market({ assets: named("BTC") });
    let shown = 0;
    let lasting = 0;
    let before = [model.logValue("BTC"), model.fairLogValue("BTC")] as const;
    for (let i = 1; i <= 48 * 60; i++) {
      model.advanceTo(timestamp(START + i * 60 * SECOND));
      const now = [model.logValue("BTC"), model.fairLogValue("BTC")] as const;
      shown += (now[0] - before[0]) ** 2;
      lasting += (now[1] - before[1]) ** 2;
      before = now;
    }
    assert.ok(lasting < 0.95 * shown && lasting > 0.7 * shown, `${lasting / shown}`);
  });

  it("moves assets together, and pegs the stablecoin", () => {
    const model = market();
    const sums = { both: 0, btc: 0, eth: 0 };
    let [btc, eth] = [model.logValue("BTC"), model.logValue("ETH")];
    let farthest = 0;
    for (let i = 1; i <= 24 * 60; i++) {
      model.advanceTo(timestamp(START + i * 60 * SECOND));
      const moves = [model.logValue("BTC") - btc, model.logValue("ETH") - eth] as const;
      [btc, eth] = [model.logValue("BTC"), model.logValue("ETH")];
      sums.both += moves[0] * moves[1];
      sums.btc += moves[0] ** 2;
      sums.eth += moves[1] ** 2;
      farthest = Math.max(farthest, Math.abs(model.logValue("USDT")));
    }
    const correlation = sums.both / Math.sqrt(sums.btc * sums.eth);
    assert.ok(correlation > 0.65 && correlation < 0.92, `${correlation}`);
    assert.ok(farthest > 0.0001 && farthest < 0.0015, `${farthest}`);
  });

  it("trades about a usual day's volume, never less than nothing", () => {
    const model = market({ assets: named("BTC", "USDT") });
    let btc = 0;
    for (let i = 1; i <= 86_400; i++) {
      model.advanceTo(timestamp(START + i * SECOND));
      const volume = model.volume("BTC");
      assert.ok(volume >= 0 && Number.isFinite(volume));
      btc += volume;
    }
    assert.ok(btc > 17_100 / 6 && btc < 17_100 * 6, `${btc}`);
    assert.equal(model.volume("USD"), 0);
  });

  it("reflects prices at their bounds, and counts that", () => {
    const narrow = named("BTC").map((asset) => ({ ...asset, lowest: 44_900, highest: 45_100 }));
    const model = market({ assets: narrow });
    for (const value of path(model, "BTC", 86_400)) {
      const price = Math.exp(value);
      assert.ok(price > 44_899.99 && price < 45_100.01, `${price}`);
    }
    assert.ok(model.reflections > 0);
  });

  it("never explodes: three days of jumps upon jumps stay inside a hundredfold", () => {
    const wild = {
      ...REALISTIC_SHAPE,
      jumps: { ...REALISTIC_SHAPE.jumps, rate: 50, offspring: 0.9 },
    };
    const model = new RealisticMarket({
      unitOfAccount: "USD",
      assets: named("BTC").map((asset) => ({ ...asset, lowest: 1, highest: 1e9 })),
      shape: wild,
      step: duration(60 * SECOND),
      start: timestamp(START),
      random: seededRandom(7),
    });
    for (let day = 1; day <= 3; day++) {
      model.advanceTo(timestamp(START + day * 24 * HOUR));
      const moved = Math.abs(model.logValue("BTC") - Math.log(45_000));
      assert.ok(moved < Math.log(100), `${moved}`);
    }
  });

  it("knows its assets only, and the unit of account", () => {
    const model = market();
    assert.throws(() => model.logValue("DOGE"), InvariantViolation);
    assert.equal(model.logValue("USD"), 0);
    assert.equal(model.volatility("USD"), 0);
    assert.throws(() => market({ assets: [...named("BTC"), ...named("BTC")] }), InvariantViolation);
  });
});

describe("A scenario on a RealisticMarket", () => {
  const overlay = (effects: Partial<Overlay>): Overlay => ({ ...CALM, active: true, ...effects });

  it("that changes nothing changes nothing", () => {
    const calm = path(market({ assets: named("BTC", "ETH") }), "ETH", 4000);
    const neutral = market({ assets: named("BTC", "ETH"), overlay: overlay({}) });
    assert.deepEqual(path(neutral, "ETH", 4000), calm);
  });

  it("shifts a price by exactly what it says, above the same path", () => {
    let time: number = START;
    const shift = (asset: string) => (asset === "BTC" && time >= START + HOUR / 2 ? -0.2 : 0);
    const advanceTo = (at: Timestamp) => {
      time = at;
    };
    const shifted = market({
      assets: named("BTC", "ETH"),
      overlay: overlay({ advanceTo, shift }),
    });
    const calm = market({ assets: named("BTC", "ETH") });
    for (const at of [HOUR / 4, HOUR / 2, HOUR]) {
      calm.advanceTo(timestamp(START + at));
      shifted.advanceTo(timestamp(START + at));
      const by = at < HOUR / 2 ? 0 : -0.2;
      assert.ok(Math.abs(shifted.logValue("BTC") - calm.logValue("BTC") - by) < 1e-12);
      assert.equal(shifted.logValue("ETH"), calm.logValue("ETH"));
    }
  });

  it("multiplies volatility, of pegged assets too, without drawing differently", () => {
    const assets = named("BTC", "USDT");
    const calm = market({ assets });
    const wild = market({ assets, overlay: overlay({ volatility: () => 5 }) });
    const move = (model: RealisticMarket, asset: string) => {
      const values = path(model, asset, 3600);
      return Math.max(...values) - Math.min(...values);
    };
    const ratio = move(wild, "BTC") / move(calm, "BTC");
    assert.ok(ratio > 4 && ratio < 6.5, `${ratio}`);
    assert.ok(move(wild, "USDT") > 3 * move(calm, "USDT"));
  });

  it("turns the correlation of two assets around", () => {
    const assets = named("BTC", "ETH");
    const loading = (asset: string, usual: number) => (asset === "ETH" ? -usual : usual);
    const model = market({ assets, overlay: overlay({ loading }) });
    let both = 0;
    let [btc, eth] = [model.logValue("BTC"), model.logValue("ETH")];
    for (let i = 1; i <= 600; i++) {
      model.advanceTo(timestamp(START + i * 60 * SECOND));
      both += (model.logValue("BTC") - btc) * (model.logValue("ETH") - eth);
      [btc, eth] = [model.logValue("BTC"), model.logValue("ETH")];
    }
    assert.ok(both < 0);
  });

  it("pulls a price to a level, and stands it there", () => {
    const level = Math.log(40_000);
    const pull = (_: string, logValue: number) => 0.01 * (level - logValue);
    const model = market({ assets: named("BTC"), overlay: overlay({ pull, volatility: () => 0 }) });
    model.advanceTo(timestamp(START + HOUR));
    assert.ok(Math.abs(model.logValue("BTC") - level) < 0.01);
  });

  it("multiplies volume, depth and spread", () => {
    const assets = named("BTC");
    const calm = market({ assets });
    const busy = market({
      assets,
      overlay: overlay({ volume: () => 10, depth: () => 0.1, spread: () => 3 }),
    });
    for (const model of [calm, busy]) model.advanceTo(timestamp(START + 61 * SECOND));
    assert.ok(busy.volume("BTC") > 5 * calm.volume("BTC"));
    assert.deepEqual([busy.depthFactor("BTC"), busy.spreadFactor("BTC")], [0.1, 3]);
    assert.deepEqual([calm.depthFactor("BTC"), calm.spreadFactor("BTC")], [1, 1]);
  });
});
