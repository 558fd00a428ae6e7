import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { duration, timestamp } from "@tse/domain";
import {
  type Calibration,
  calibrate,
  type MinuteCandles,
  type MovingAsset,
  REALISTIC_ASSETS,
  REALISTIC_SHAPE,
  RealisticMarket,
  type RealisticShape,
} from "@tse/market-model";
import { seededRandom } from "@tse/simulation";

const START = Date.UTC(2026, 0, 5);
const BTC = REALISTIC_ASSETS[0] as MovingAsset;

function simulated(asset: MovingAsset, shape: RealisticShape, days: number): MinuteCandles {
  const model = new RealisticMarket({
    unitOfAccount: "USD",
    assets: [asset],
    shape,
    step: duration(1_000_000),
    start: timestamp(START * 1000),
    random: seededRandom(11),
  });
  const count = days * 1440;
  const column = () => new Float64Array(count);
  const candles = {
    ts: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
  };
  for (let i = 0; i < count; i++) {
    let [open, high, low, close, volume] = [0, 0, Number.POSITIVE_INFINITY, 0, 0];
    for (let second = 0; second < 60; second++) {
      model.advanceTo(timestamp((START + i * 60_000 + second * 1000) * 1000));
      close = Math.exp(model.logValue(asset.asset));
      if (second === 0) open = close;
      high = Math.max(high, close);
      low = Math.min(low, close);
      volume += model.volume(asset.asset);
    }
    for (const [name, value] of Object.entries({
      ts: START + i * 60_000,
      open,
      high,
      low,
      close,
      volume,
    })) {
      candles[name as keyof typeof candles][i] = value;
    }
  }
  return candles;
}

function calibrated(candles: MinuteCandles): Calibration {
  const outcome = calibrate(candles, BTC, REALISTIC_SHAPE);
  assert.ok("asset" in outcome, JSON.stringify(outcome));
  return outcome;
}

describe("calibrate", () => {
  const truth: RealisticShape = {
    ...REALISTIC_SHAPE,
    season: { ...REALISTIC_SHAPE.season, weekend: 0.4, fullHour: 1.5 },
  };
  const candles = simulated({ ...BTC, volatility: 0.9 }, truth, 42);
  const found = calibrated(candles);

  it("finds the level of volatility that made the candles, to a third", () => {
    // Six weeks are short for factors of months: what these candles had is the true level times their luck.
    assert.ok(
      found.asset.volatility > 0.6 && found.asset.volatility < 1.35,
      `${found.asset.volatility}`,
    );
  });

  it("finds the season: the quiet weekend, the full hour, the American morning", () => {
    const { hours, weekend, fullHour } = found.shape.season;
    assert.ok(weekend > 0.3 && weekend < 0.52, `${weekend}`);
    assert.ok(fullHour > 1.25 && fullHour < 1.75, `${fullHour}`);
    assert.equal(hours.length, 24);
    assert.ok(Math.max(...hours.slice(13, 17)) > 1.2 && Math.min(...hours.slice(3, 8)) < 0.9);
  });

  it("finds the variance of fast, middle and slow factors together", () => {
    const sum = (from: number, to: number, { factors }: RealisticShape) =>
      factors.slice(from, to).reduce((total, { variance }) => total + variance, 0);
    for (const [from, to] of [
      [1, 3],
      [3, 6],
    ] as const) {
      const ratio = sum(from, to, found.shape) / sum(from, to, truth);
      assert.ok(ratio > 0.5 && ratio < 2, `${from} to ${to}: ${ratio}`);
    }
    // Longer than a quarter of what was seen: not to be told from here.
    assert.equal(found.shape.factors.at(-1)?.variance, REALISTIC_SHAPE.factors.at(-1)?.variance);
    for (const { lag, measured, fitted } of found.memory.filter(({ lag }) => lag <= 60)) {
      assert.ok(Math.abs(measured - fitted) < 0.05, `${lag} min: ${measured} beside ${fitted}`);
    }
  });

  it("finds how often prices move, how they jump, and how much is traded", () => {
    assert.ok(found.shape.activity.rate > 0.05 && found.shape.activity.rate < 0.25);
    const { rate } = found.shape.jumps;
    assert.ok(rate > 0.8 && rate < 6, `${rate}`);
    const { pace, noise, burst } = found.shape.volume;
    assert.ok(pace > 0.6 && pace < 1.4, `${pace}`);
    assert.ok(noise > 0.15 && noise < 0.6, `${noise}`);
    assert.ok(burst > 0.02 && burst < 0.15, `${burst}`);
    assert.ok(
      found.asset.dayVolume > BTC.dayVolume / 4 && found.asset.dayVolume < BTC.dayVolume * 6,
    );
  });

  it("gives what a model runs with, and numbers that survive JSON", () => {
    const { asset, shape } = JSON.parse(JSON.stringify(found)) as Calibration;
    assert.equal(asset.start, candles.close.at(-1));
    assert.ok(
      simulated(asset, shape, 1).close.every((price) => price > 0 && Number.isFinite(price)),
    );
  });

  it("says what can't be calibrated on", () => {
    const cut = (days: number): MinuteCandles => {
      const part = Object.entries(candles).map(([name, column]) => [
        name,
        column.slice(0, days * 1440 + 1),
      ]);
      return Object.fromEntries(part) as MinuteCandles;
    };
    const week = cut(7);
    assert.deepEqual(calibrate(cut(6), BTC, truth), { code: "too_few_days", days: 6 });
    assert.deepEqual(calibrate({ ...week, close: week.close.map(() => 5) }, BTC, truth), {
      code: "never_moves",
      days: 7,
    });
    assert.deepEqual(calibrate({ ...week, volume: week.volume.map(() => 0) }, BTC, truth), {
      code: "never_trades",
      days: 7,
    });
  });
});
