import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type Candles,
  crossFacts,
  HOURLY_PROFILE,
  STYLISED_FACTS,
  stylisedFacts,
} from "../src/index.ts";
import { candlesOfReturns, MONDAY, walk } from "./market.ts";
import { near } from "./near.ts";
import { autoregressive, fractional, gaussian, pareto } from "./noise.ts";

const DAY = 1_440;
const WEEK = 7 * DAY;

/** Standard deviation of a minute's return at one half a year. */
const HALF_A_YEAR = 0.5 / Math.sqrt(525_600);

const brownian = walk({
  minutes: 28 * DAY,
  seed: 1,
  steps: 60,
  minute: () => ({ deviation: HALF_A_YEAR, volume: 10 }),
});

describe("stylisedFacts of a Brownian walk of sixty steps a minute", () => {
  const facts = stylisedFacts(brownian);

  it("tell its volatility, and no heavy tail at any horizon", () => {
    near(facts.volatility, 0.5, 0.01);
    for (const id of ["kurtosis1m", "kurtosis15m", "kurtosis1h"] as const) near(facts[id], 0, 0.4);
    near(facts.tailRatio, 2.44, 0.08);
    assert.ok(facts.tailIndex! > 7);
  });

  it("find no correlation, no memory, no cluster, no season", () => {
    near(facts.returnAcf1, 0, 0.02);
    near(facts.varianceRatio60m, 1, 0.1);
    for (const id of ["sizeAcf1", "sizeAcf10", "sizeAcf60", "sizeAcf240", "sizeAcf1d"] as const) {
      near(facts[id], 0, 0.03);
    }
    near(facts.fluctuation, 0.5, 0.05);
    near(facts.fluctuationLong, 0.5, 0.08);
    near(facts.fullHour, 1, 0.1);
    near(facts.quarterHour, 1, 0.1);
    near(facts.weekend, 1, 0.05);
    near(facts.leverage, 0, 0.01);
  });

  it("find no jump, and the chi-squared spread of realised variance", () => {
    near(facts.jumps, 0, 0.2);
    near(facts.jumpShare, 0, 0.02);
    near(facts.varianceSpread1h, Math.sqrt(2 / 60), 0.02);
    near(facts.varianceSpread1d, Math.sqrt(2 / DAY), 0.015);
    near(facts.multifractality, 0, 0.02);
  });

  it("know the inside of its candles: range over body 1.82", () => {
    near(facts.rangeBody, 1.82, 0.02);
    near(facts.rangeVolatility, 0.917, 0.01);
    assert.equal(facts.openGap, 0);
    near(facts.zeroReturns, 0, 1e-6);
  });

  it("leave out what needs a year", () => {
    assert.equal(facts.kurtosis1d, undefined);
  });

  it("do not depend on the units of price and volume", () => {
    const scale = (column: Float64Array, by: number): Float64Array => column.map((x) => by * x);
    const noise = gaussian(WEEK, 5);
    const week = { ...walk({ minutes: WEEK, seed: 2 }), volume: noise.map(Math.exp) };
    const other: Candles = {
      ts: week.ts,
      open: scale(week.open, 1 / 64),
      high: scale(week.high, 1 / 64),
      low: scale(week.low, 1 / 64),
      close: scale(week.close, 1 / 64),
      volume: scale(week.volume, 1_000),
    };
    const [a, b] = [stylisedFacts(week), stylisedFacts(other)];
    for (const id of Object.keys(STYLISED_FACTS) as (keyof typeof STYLISED_FACTS)[]) {
      if (a[id] === undefined) assert.equal(b[id], undefined);
      else near(b[id], a[id], 1e-6 * (1 + Math.abs(a[id])));
    }
  });
});

describe("stylisedFacts of a series that was made with one property", () => {
  it("find a power law's tail", () => {
    const facts = stylisedFacts(candlesOfReturns(pareto(WEEK, 3, 3).map((x) => 1e-4 * x)));
    near(facts.tailIndex, 3, 0.9);
    near(facts.tailRatio, 50 ** (1 / 3), 0.4);
  });

  it("find an AR(1) in returns", () => {
    const returns = autoregressive(28 * DAY, -0.3, 4).map((x) => 5e-4 * x);
    const facts = stylisedFacts(candlesOfReturns(returns));
    near(facts.returnAcf1, -0.3, 0.02);
    near(facts.returnAcfMax, 0.09, 0.02);
    near(facts.varianceRatio60m, 1 - (2 * 0.3) / 1.3 + 0.012, 0.05);
  });

  it("find long memory in volatility, and how it decays", () => {
    const memory = fractional(WEEK, 0.4, 5, 1_500);
    const noise = gaussian(WEEK, 6);
    const returns = noise.map((x, i) => 5e-4 * Math.exp(0.4 * memory[i]!) * x);
    const facts = stylisedFacts(candlesOfReturns(returns));
    assert.ok(facts.fluctuation! > 0.65);
    assert.ok(facts.sizeAcf1! > facts.sizeAcf10! && facts.sizeAcf10! > facts.sizeAcf60!);
    assert.ok(facts.sizeAcfDecay! > 0.1 && facts.sizeAcfDecay! < 0.6);
  });

  it("find the clock and the calendar", () => {
    const season = (place: number): number => {
      const hour = Math.floor(place / 60) % 24;
      const first = place % 60 === 0 ? 1.4 : place % 15 === 0 ? 1.2 : 1;
      const weekend = Math.floor(place / DAY) % 7 >= 5 ? 0.5 : 1;
      return 3e-4 * HOURLY_PROFILE[hour]! * first * weekend;
    };
    const facts = stylisedFacts(
      walk({ minutes: 28 * DAY, seed: 7, minute: (i) => ({ deviation: season(i), volume: 1 }) }),
    );
    near(facts.hourContrast, 1.34 / 0.73, 0.25);
    near(facts.fullHour, 1.4, 0.1);
    near(facts.quarterHour, 1.2, 0.06);
    near(facts.weekend, 0.5, 0.02);
    near(facts.hourProfile, 0.97, 0.03);
    assert.ok(facts.sizeAcf1d! > 0.02);
  });

  it("find leverage where a fall raises what follows", () => {
    const noise = gaussian(WEEK, 8);
    let fear = 0;
    const returns = noise.map((x) => {
      const r = 4e-4 * Math.exp(fear) * x;
      fear = 0.95 * fear - 0.1 * x;
      return r;
    });
    const { leverage } = stylisedFacts(candlesOfReturns(returns));
    assert.ok(leverage! < -0.05, `${leverage}`);
  });

  it("find volume tied to volatility by a power, and volume's own law", () => {
    const logs = autoregressive(WEEK, 0.9, 9);
    const signs = gaussian(WEEK, 10).map(Math.sign);
    const returns = logs.map((x, i) => 4e-4 * Math.exp(0.5 * x) * signs[i]!);
    const facts = stylisedFacts(candlesOfReturns(returns, logs.map(Math.exp)));
    near(facts.volumeSize, 1, 1e-3);
    near(facts.volumeImpact, 0.5, 0.02);
    near(facts.volumeSpread, 1, 0.1);
    near(facts.volumeTail, Math.exp(2.326), 2);
    near(facts.volumeAcf1, 0.9, 0.02);
    near(facts.volumeAcf60, 0, 0.1);
  });

  it("find jumps: one in a thousand minutes, a third of the variance", () => {
    const noise = gaussian(WEEK, 11);
    const returns = noise.map((x, i) => (i % 1_000 === 500 ? 0.01 : 4.5e-4 * x));
    const facts = stylisedFacts(candlesOfReturns(returns));
    near(facts.jumps, 1.44, 0.15);
    near(facts.jumpShare, 0.33, 0.05);
  });

  it("count minutes that did not move, and openings away from the close before", () => {
    const noise = gaussian(WEEK, 12);
    const candles = candlesOfReturns(noise.map((x, i) => (i % 4 === 0 ? 0 : 5e-4 * x)));
    near(stylisedFacts(candles).zeroReturns, 0.25, 0.001);
    const open = candles.open.map((x, i) => x * (i % 2 === 0 ? 1.0001 : 0.9999));
    const expected = 1e-4 / (5e-4 * 0.75 * Math.sqrt(2 / Math.PI));
    near(stylisedFacts({ ...candles, open }).openGap, expected, 0.01);
  });

  it("see time run backwards: the Zumbach asymmetry changes its sign", () => {
    const noise = gaussian(28 * DAY, 13);
    let trend = 0;
    const returns = noise.map((x) => {
      const r = 3e-4 * Math.min(4, 0.6 + 0.08 * trend * trend) * x;
      trend = 0.995 * trend + 0.1 * x;
      return r;
    });
    const sample = (values: Float64Array) => STYLISED_FACTS.zumbach.measure(sampleOf(values));
    const forward = sample(returns)!;
    assert.ok(forward > 0.01, `${forward}`);
    near(sample(returns.toReversed()), -forward, 1e-9);
  });
});

describe("crossFacts", () => {
  const shared = gaussian(WEEK + DAY, 14);
  const own = gaussian(WEEK + DAY, 15);
  const first = candlesOfReturns(shared.map((x) => 4e-4 * x));

  it("find the correlation at every horizon, without Epps effect or lead", () => {
    const second = candlesOfReturns(own.map((x, i) => 4e-4 * (0.8 * shared[i]! + 0.6 * x)));
    const facts = crossFacts(first, second);
    near(facts.correlation1m, 0.8, 0.01);
    near(facts.correlation15m, 0.8, 0.05);
    near(facts.correlation1h, 0.8, 0.1);
    near(facts.epps, 0, 0.1);
    near(facts.leadLag, 0, 0.03);
    near(facts.jointTail, 0.3, 0.1);
  });

  it("find who leads, and an Epps effect where one follows by a minute", () => {
    const second = candlesOfReturns(
      own.map((x, i) => 4e-4 * (0.8 * (shared[i - 1] ?? 0) + 0.6 * x)),
    );
    const facts = crossFacts(first, second);
    near(facts.leadLag, 0.8, 0.04);
    assert.ok(facts.epps! > 0.5);
  });

  it("compare the minutes that both cover, and nothing where there are none", () => {
    const late: Candles = { ...first, ts: first.ts.map((ts) => ts + DAY * 60_000) };
    assert.notEqual(crossFacts(first, late).correlation1m, undefined);
    near(crossFacts(first, first).correlation1m, 1, 1e-9);
    const away: Candles = { ...first, ts: first.ts.map((ts) => ts + 100 * DAY * 60_000) };
    assert.equal(crossFacts(first, away).correlation1m, undefined);
  });
});

function sampleOf(returns: Float64Array): Parameters<typeof STYLISED_FACTS.zumbach.measure>[0] {
  const candles = candlesOfReturns(returns);
  const volumes = candles.volume.subarray(1);
  return {
    candles,
    returns,
    sizes: returns.map(Math.abs),
    volumes,
    logVolumes: volumes.map(Math.log),
    minutes: candles.ts.subarray(1).map((ts) => (ts - MONDAY) / 60_000),
  };
}
