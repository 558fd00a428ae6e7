import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { duration, timestamp } from "@tse/domain";
import { CALM, DiffusionMarket, type Overlay, type TradedAsset } from "@tse/market-model";
import { seededRandom } from "@tse/simulation";

const SECOND = 1_000_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;
/** A Monday. */
const START = timestamp(Date.UTC(2026, 0, 5) * 1000);

const BTC: TradedAsset = {
  asset: "BTC",
  start: 45_000,
  lowest: 1_000,
  highest: 200_000,
  path: { mode: "gbm", volatility: 0.5 },
  dailyVolume: 20_000,
};
const USDT: TradedAsset = {
  asset: "USDT",
  start: 1,
  lowest: 0.9,
  highest: 1.1,
  path: { mode: "reverting", deviation: 0.00013, halfLife: 1.4 * HOUR },
  dailyVolume: 1_000_000,
};

function market(step = 60 * SECOND, overlay?: Overlay): DiffusionMarket {
  return new DiffusionMarket({
    unitOfAccount: "USD",
    assets: [BTC, USDT],
    correlation: () => 0,
    step: duration(step),
    start: START,
    random: seededRandom(7),
    ...(overlay && { overlay }),
  });
}

describe("The market of the mode gbm", () => {
  it("is the same in one advance and in many", () => {
    const once = market();
    once.advanceTo(timestamp(START + DAY));
    const often = market();
    for (let at = START + 7 * SECOND; at < START + DAY; at += 977 * SECOND) {
      often.advanceTo(timestamp(at));
    }
    often.advanceTo(timestamp(START + DAY));
    for (const asset of ["BTC", "USDT"]) {
      assert.equal(often.logValue(asset), once.logValue(asset));
      assert.equal(often.volume(asset), once.volume(asset));
    }
  });

  it("trades its daily volume in an average day, more in the afternoon, less at weekends", () => {
    const prices = market();
    const byDay = new Array<number>(7).fill(0);
    const byHour = new Array<number>(24).fill(0);
    const weeks = 4;
    for (let at = START + 60 * SECOND; at <= START + weeks * 7 * DAY; at += 60 * SECOND) {
      prices.advanceTo(timestamp(at));
      const day = Math.floor((at - START) / DAY) % 7;
      const hour = Math.floor((at % DAY) / HOUR);
      byDay[day] = (byDay[day] as number) + prices.volume("BTC");
      byHour[hour] = (byHour[hour] as number) + prices.volume("BTC");
    }
    const total = byDay.reduce((sum, value) => sum + value, 0);
    assert.ok(Math.abs(total / (weeks * 7 * BTC.dailyVolume) - 1) < 0.05, `${total}`);
    const weekend = ((byDay[5] as number) + (byDay[6] as number)) / 2;
    const weekday = byDay.slice(0, 5).reduce((sum, value) => sum + value, 0) / 5;
    assert.ok(Math.abs(weekend / weekday - 0.7) < 0.05, `${weekend / weekday}`);
    const ratio = (byHour[14] as number) / (byHour[3] as number);
    assert.ok(Math.abs(ratio - 1.3) < 0.1, `${ratio}`);
  });

  it("has the volatility that it is given, and nothing that will be given back", () => {
    const prices = market();
    assert.equal(prices.usualVolatility("BTC"), 0.5);
    assert.equal(prices.volatility("BTC"), 0.5);
    assert.equal(prices.usualVolatility("USD"), 0);
    assert.equal(prices.fairLogValue("BTC"), prices.logValue("BTC"));
    assert.ok(prices.usualVolatility("USDT") > 0);
    assert.deepEqual([prices.depthFactor("BTC"), prices.spreadFactor("BTC")], [1, 1]);
    assert.deepEqual([prices.volume("USD"), prices.logValue("USD")], [0, 0]);
  });

  it("takes a scenario's shift, volatility, volume, depth and spread", () => {
    const crash: Overlay = {
      ...CALM,
      active: true,
      shift: (asset) => (asset === "BTC" ? Math.log(0.9) : 0),
      volatility: () => 3,
      volume: () => 2,
      depth: () => 0.5,
      spread: () => 4,
    };
    const [calm, wild] = [market(), market(60 * SECOND, crash)];
    const before = calm.logValue("BTC");
    for (const each of [calm, wild]) each.advanceTo(timestamp(START + HOUR));
    const moved = calm.logValue("BTC") - before;
    const close = Math.abs(wild.logValue("BTC") - (before + 3 * moved + Math.log(0.9)));
    assert.ok(close < 1e-12, `${close}`);
    assert.equal(wild.volume("BTC"), 2 * calm.volume("BTC"));
    assert.equal(wild.volatility("BTC"), 1.5);
    assert.deepEqual([wild.depthFactor("BTC"), wild.spreadFactor("BTC")], [0.5, 4]);
  });
});
