import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { duration, InvariantViolation, increment, timestamp } from "@tse/domain";
import { type AssetPath, Diffusion, instrumentPrice, type PricedAsset } from "@tse/market-model";
import { seededRandom } from "@tse/simulation";

const SECOND = duration(1_000_000);
const START = timestamp(Date.UTC(2026, 0, 5) * 1000);
const YEAR = 365 * 86_400 * 1_000_000;

const asset = (name: string, start: number, path: AssetPath): PricedAsset => ({
  asset: name,
  start,
  lowest: start / 1000,
  highest: start * 1000,
  path,
});

interface Variation {
  readonly step?: number;
  readonly between?: number;
  readonly prices?: ReadonlyMap<string, number>;
}

function model(assets: readonly PricedAsset[], options: Variation = {}) {
  return new Diffusion({
    unitOfAccount: "USD",
    assets,
    correlation: () => options.between ?? 0,
    step: duration(options.step ?? SECOND),
    start: START,
    random: seededRandom(42),
    ...(options.prices === undefined ? {} : { prices: options.prices }),
  });
}

const BTC = asset("BTC", 45_000, { mode: "gbm", volatility: 0.5 });
const ETH = asset("ETH", 2_500, { mode: "gbm", volatility: 0.68 });
const USDT = asset("USDT", 1, { mode: "reverting", deviation: 0.00013, halfLife: 5.04e9 });

/** Log returns of one asset over `count` grid points. */
function returns(prices: Diffusion, name: string, count: number, step: number): number[] {
  const moves: number[] = [];
  for (let i = 1; i <= count; i++) {
    const before = prices.logValue(name);
    prices.advanceTo(timestamp(START + i * step));
    moves.push(prices.logValue(name) - before);
  }
  return moves;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

describe("Diffusion", () => {
  it("starts at the start prices", () => {
    const prices = model([BTC, ETH]);

    assert.equal(instrumentPrice(prices, instrument("BTC", "USD", "0.01")), 4_500_000);
    assert.equal(instrumentPrice(prices, instrument("ETH", "BTC", "0.00001")), 5_556);
  });

  it("goes on from given prices, within the bounds", () => {
    const prices = model([BTC, ETH, USDT], {
      prices: new Map([
        ["BTC", 50_000],
        ["ETH", 1],
      ]),
    });

    assert.equal(instrumentPrice(prices, instrument("BTC", "USD", "0.01")), 5_000_000);
    assert.equal(instrumentPrice(prices, instrument("ETH", "USD", "0.01")), 250);
    assert.equal(instrumentPrice(prices, instrument("USDT", "USD", "0.0001")), 10_000);
  });

  it("moves at grid points only, which are aligned to world time", () => {
    const prices = model([BTC]);
    prices.advanceTo(timestamp(START + 999_999));
    assert.equal(prices.time, START);
    assert.equal(prices.logValue("BTC"), Math.log(45_000));

    prices.advanceTo(timestamp(START + 1_000_000));
    assert.equal(prices.time, START + 1_000_000);
    assert.notEqual(prices.logValue("BTC"), Math.log(45_000));
  });

  it("never goes back", () => {
    const prices = model([BTC]);
    prices.advanceTo(timestamp(START + 10 * SECOND));
    const value = prices.logValue("BTC");
    prices.advanceTo(START);
    assert.equal(prices.logValue("BTC"), value);
  });

  it("has the volatility and no more drift than it was given", () => {
    const day = YEAR / 365;
    const moves = returns(model([BTC], { step: day }), "BTC", 20_000, day);

    assert.ok(Math.abs(deviation(moves) / (0.5 / Math.sqrt(365)) - 1) < 0.02);
    const expected = -(0.5 ** 2) / 2 / 365;
    assert.ok(Math.abs(mean(moves) - expected) < (4 * 0.5) / Math.sqrt(365 * 20_000));
  });

  it("correlates the assets as it was told", () => {
    const prices = model([BTC, ETH], { between: 0.845 });
    const moves: [number, number][] = [];
    for (let i = 1; i <= 20_000; i++) {
      const [btc, eth] = [prices.logValue("BTC"), prices.logValue("ETH")];
      prices.advanceTo(timestamp(START + i * SECOND));
      moves.push([prices.logValue("BTC") - btc, prices.logValue("ETH") - eth]);
    }

    const covariance = mean(moves.map(([a, b]) => a * b));
    const spread = deviation(moves.map(([a]) => a)) * deviation(moves.map(([, b]) => b));
    assert.ok(Math.abs(covariance / spread - 0.845) < 0.01);
  });

  it("pulls a reverting asset back to its start, with its deviation and half-life", () => {
    const step = USDT.path.mode === "reverting" ? USDT.path.halfLife : 0;
    const prices = model([USDT], { step });
    const values: number[] = [];
    for (let i = 1; i <= 20_000; i++) {
      prices.advanceTo(timestamp(START + i * step));
      values.push(prices.logValue("USDT"));
    }

    assert.ok(Math.abs(deviation(values) / 0.00013 - 1) < 0.05);
    const products = values.slice(1).map((value, i) => value * (values[i] as number));
    assert.ok(
      Math.abs(mean(products) / 0.00013 ** 2 - 0.5) < 0.05,
      "half is left after a half-life",
    );
  });

  it("keeps a static asset where it is", () => {
    const prices = model([asset("SOL", 100, { mode: "static" })]);
    prices.advanceTo(timestamp(START + 3_600 * SECOND));
    assert.equal(prices.logValue("SOL"), Math.log(100));
  });

  it("reflects a price at its bounds and counts it", () => {
    const narrow = { ...BTC, lowest: 44_999, highest: 45_001 };
    const prices = model([narrow]);
    for (let i = 1; i <= 1_000; i++) {
      prices.advanceTo(timestamp(START + i * SECOND));
      const value = Math.exp(prices.logValue("BTC"));
      assert.ok(value > 44_998.999 && value < 45_001.001);
    }
    assert.ok(prices.reflections > 0);
  });

  it("gives an asset the same path when another is added after it", () => {
    const alone = returns(model([BTC]), "BTC", 50, SECOND);
    const withOther = returns(model([BTC, ETH], { between: 0.8 }), "BTC", 50, SECOND);
    assert.deepEqual(withOther, alone);
  });

  it("refuses correlations that no prices can have", () => {
    const third = asset("SOL", 100, { mode: "static" });
    const contradiction = (a: string, b: string) => (a === "SOL" && b === "ETH" ? -0.9 : 0.9);
    const build = () =>
      new Diffusion({
        unitOfAccount: "USD",
        assets: [BTC, ETH, third],
        correlation: contradiction,
        step: SECOND,
        start: START,
        random: seededRandom(1),
      });
    assert.throws(build, InvariantViolation);
  });

  it("refuses a start price outside its bounds, an asset twice, and the unit of account", () => {
    assert.throws(() => model([{ ...BTC, lowest: 50_000 }]), InvariantViolation);
    assert.throws(() => model([BTC, BTC]), InvariantViolation);
    assert.throws(() => model([asset("USD", 1, { mode: "static" })]), InvariantViolation);
    assert.throws(() => model([BTC]).logValue("DOGE"), InvariantViolation);
  });
});

describe("instrumentPrice", () => {
  it("divides what two assets are worth, so that triangles agree", () => {
    const prices = model([BTC, ETH, USDT]);
    for (let i = 1; i <= 500; i++) {
      prices.advanceTo(timestamp(START + i * 60 * SECOND));
      const inUsd = instrumentPrice(prices, instrument("BTC", "USD", "0.01")) / 100;
      const inUsdt = instrumentPrice(prices, instrument("BTC", "USDT", "0.01")) / 100;
      const usdt = Math.exp(prices.logValue("USDT"));
      assert.ok(Math.abs(inUsdt * usdt - inUsd) < 0.011);
    }
  });

  it("is at least one tick", () => {
    const cheap = model([asset("DOGE", 0.000_001, { mode: "static" })]);
    assert.equal(instrumentPrice(cheap, instrument("DOGE", "USD", "0.01")), 1);
  });

  it("is rounded to the side of the base asset's newest trade, where the model knows one", () => {
    const prices = model([asset("BTC", 45_000.004, { mode: "static" })]);
    const inCents = (side: number) =>
      instrumentPrice(
        {
          ...prices,
          time: prices.time,
          advanceTo() {},
          logValue: (of) => prices.logValue(of),
          side: () => side,
        },
        instrument("BTC", "USD", "0.01"),
      );
    assert.deepEqual([1, -1, 0].map(inCents), [4_500_001, 4_500_000, 4_500_000]);
  });
});

function instrument(baseAsset: string, quoteAsset: string, tick: string) {
  return { baseAsset, quoteAsset, tickSize: increment(tick) };
}
