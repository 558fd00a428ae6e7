import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { autocorrelation, logReturns, mean, standardDeviation } from "@tse/market-statistics";
import { seededRandom } from "@tse/simulation";
import { generateSimulation } from "../../src/simulation/generate-simulation.ts";
import type { PricePoint } from "../../src/simulation/price-point.ts";
import { similarityMetrics } from "../../src/simulation/similarity-metrics.ts";
import {
  SIMULATION_DEFAULTS,
  SIMULATION_TYPES,
  type SimulationParameters,
  type SimulationType,
} from "../../src/simulation/simulation-parameters.ts";
import { historyOf, marketHistory } from "./histories.ts";

function simulated(
  history: readonly PricePoint[],
  type: SimulationType,
  parameters: Partial<SimulationParameters> = {},
  seed: number | string = 1,
): readonly PricePoint[] {
  const all = { ...SIMULATION_DEFAULTS, ...parameters };
  const outcome = generateSimulation(history, type, all, seededRandom(seed));
  assert.equal(outcome.status, "simulated");
  return outcome.status === "simulated" ? outcome.points : [];
}

function refusalOf(history: readonly PricePoint[], parameters: Partial<SimulationParameters> = {}) {
  const all = { ...SIMULATION_DEFAULTS, ...parameters };
  const outcome = generateSimulation(history, "MONTE_CARLO", all, seededRandom(1));
  assert.equal(outcome.status, "refused");
  return outcome.status === "refused" ? outcome.refusal : undefined;
}

const closesOf = (points: readonly PricePoint[]) => points.map(({ close }) => close);
const returnsOf = (points: readonly PricePoint[]) => logReturns(closesOf(points));

const timeOf = ({ at }: PricePoint) => at;

function assertShape({ open, high, low, close }: PricePoint): void {
  assert.ok(low > 0 && low <= Math.min(open, close));
  assert.ok(Number.isFinite(high) && high >= Math.max(open, close));
}

function assertClose(value: number | undefined, expected: number): void {
  assert.ok(Math.abs((value ?? 0) / expected - 1) < 1e-9, `${value} is ${expected}`);
}

describe("generateSimulation", () => {
  for (const type of SIMULATION_TYPES) {
    describe(type, () => {
      const history = marketHistory(400, "history");

      it("starts at the first close, opens where it closed, and spans its own prices", () => {
        const points = simulated(history, type);

        assert.equal(points.length, history.length);
        assert.equal(points[0]?.close, history[0]?.close);
        assert.deepEqual(points.map(timeOf), history.map(timeOf));
        for (const point of points) assertShape(point);
        for (const [i, { close }] of points.slice(0, -1).entries()) {
          assertClose(points[i + 1]?.open, close);
        }
        const wider = points.filter(
          ({ open, high, low, close }) => high - low > Math.abs(close - open),
        );
        assert.ok(wider.length > 0.9 * points.length);
      });

      it("takes its volumes from the history", () => {
        const volumes = new Set(history.map(({ volume }) => volume));
        assert.ok(simulated(history, type).every(({ volume }) => volumes.has(volume)));
      });

      it("gives the same points for the same seed, and others for another", () => {
        const points = simulated(history, type, {}, 7);
        assert.deepEqual(simulated(history, type, {}, 7), points);
        assert.notDeepEqual(simulated(history, type, {}, 8), points);
      });

      it("makes as many points as asked, going on beyond the history's time", () => {
        assert.equal(simulated(history, type, { dataPoints: 2 }).length, 2);
        const points = simulated(history, type, { dataPoints: 1000 });
        assert.equal(points.length, 1000);
        const times = points.map(({ at }) => at);
        assert.ok(times.every((at, i) => i === 0 || at > (times[i - 1] ?? 0)));
      });

      it("moves twice as much with twice the volatility", () => {
        const one = standardDeviation(returnsOf(simulated(history, type))) ?? 0;
        const parameters = { volatilityFactor: 2 };
        const two = standardDeviation(returnsOf(simulated(history, type, parameters))) ?? 0;
        assert.ok(Math.abs(two / one - 2) < 0.1, `${two / one}`);
      });

      it("stays flat for a history that never moves, and positive at the extremes", () => {
        const flat = historyOf(new Array(30).fill(5));
        const prices = simulated(flat, type).flatMap(({ high, low }) => [high, low]);
        for (const price of prices) assertClose(price, 5);
        const wild = historyOf(Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? 1e-8 : 1e10)));
        const parameters = { volatilityFactor: 10, trendFactor: -10, dataPoints: 2000 };
        for (const point of simulated(wild, type, parameters)) assertShape(point);
      });
    });
  }

  it("repeats the history with STATISTICAL_SIMILARITY without noise", () => {
    const history = marketHistory(100, 3);
    const points = simulated(history, "STATISTICAL_SIMILARITY", { includeNoise: false });
    for (const [i, { close, volume }] of points.entries()) {
      assert.ok(Math.abs(close / (history[i]?.close ?? 0) - 1) < 1e-9);
      assert.equal(volume, history[i]?.volume);
    }
  });

  it("adds the trend that the factor asks for", () => {
    const rising = historyOf(Array.from({ length: 500 }, (_, i) => 100 * 1.001 ** i));
    const drifts = SIMULATION_TYPES.map((type) => {
      const drift = mean(returnsOf(simulated(rising, type, { trendFactor: -2 }))) ?? 0;
      return Number((drift / Math.log(1.001)).toFixed(2));
    });
    // One has no trend; one adds φ = 0.1 of what the previous return had beyond the history's mean.
    assert.deepEqual(drifts, [-2, -2, -2, drifts[3], -2.33]);
  });

  it("draws MONTE_CARLO's residuals in blocks of the root of their number", () => {
    const history = marketHistory(401, 5);
    const source = Array.from(returnsOf(history));
    const places = Array.from(returnsOf(simulated(history, "MONTE_CARLO")), (value) =>
      source.findIndex((one) => Math.abs(one - value) < 1e-11),
    );
    assert.ok(places.every((place) => place >= 0));
    const breaks = places.filter((place, i) => i > 0 && place !== ((places[i - 1] ?? 0) + 1) % 400);
    assert.ok(breaks.length <= 19, `${breaks.length} breaks between 20 blocks of 20`);
  });

  it("comes back to the history's mean with MEAN_REVERSION, and follows with TREND_FOLLOWING", () => {
    const wave = Array.from({ length: 600 }, (_, i) => 100 * Math.exp(0.05 * Math.sin(i / 5)));
    const reverted = simulated(historyOf(wave), "MEAN_REVERSION", { dataPoints: 20_000 });
    const level = mean(closesOf(reverted).map(Math.log)) ?? 0;
    assert.ok(Math.abs(level - Math.log(100)) < 0.03, `${level}`);

    const followed = simulated(marketHistory(600, 2), "TREND_FOLLOWING", { dataPoints: 20_000 });
    const momentum = autocorrelation(returnsOf(followed), 1) ?? 0;
    assert.ok(momentum > 0.07 && momentum < 0.2, `${momentum}`);
  });

  it("refuses a short history, and parameters out of range by their name", () => {
    const history = marketHistory(30, 1);
    assert.equal(refusalOf(history.slice(1))?.code, "insufficient_history");
    assert.equal(refusalOf([])?.code, "insufficient_history");

    const bad: readonly [Partial<SimulationParameters>, string][] = [
      [{ volatilityFactor: -0.1 }, "volatility_factor"],
      [{ volatilityFactor: Number.NaN }, "volatility_factor"],
      [{ trendFactor: 11 }, "trend_factor"],
      [{ noiseLevel: 1.01 }, "noise_level"],
      [{ dataPoints: 1 }, "data_points"],
      [{ dataPoints: -5 }, "data_points"],
      [{ dataPoints: 2.5 }, "data_points"],
      [{ dataPoints: 100_001 }, "data_points"],
    ];
    for (const [parameters, field] of bad) {
      const refusal = refusalOf(history, parameters);
      assert.equal(refusal?.field, field);
      assert.equal(refusal?.code, "invalid_argument");
      // What was asked for is checked before there is any history.
      assert.equal(refusalOf([], parameters)?.field, field);
    }
  });
});

describe("STATISTICAL_SIMILARITY with defaults", () => {
  for (const n of [60, 100, 250, 1000]) {
    it(`reaches its targets in at least 95 of 100 seeds for ${n} points`, () => {
      let reached = 0;
      for (let seed = 0; seed < 100; seed++) {
        const history = marketHistory(n, `history ${seed}`);
        const points = simulated(history, "STATISTICAL_SIMILARITY", {}, `simulation ${seed}`);
        const metrics = similarityMetrics(history, points);
        const good =
          metrics.correlationCoefficient > 0.8 &&
          metrics.volatilitySimilarity > 0.75 &&
          metrics.trendSimilarity > 0.7 &&
          metrics.confidenceScore > 0.8;
        if (good) reached += 1;
      }
      assert.ok(reached >= 95, `${reached} of 100`);
    });
  }

  it("is the only type that goes with its history", () => {
    const history = marketHistory(1000, "one");
    for (const type of SIMULATION_TYPES) {
      const metrics = similarityMetrics(history, simulated(history, type));
      const { correlationCoefficient, volumeCorrelation } = metrics;
      if (type === "STATISTICAL_SIMILARITY") {
        assert.ok(correlationCoefficient > 0.8 && volumeCorrelation > 0.8);
      } else {
        assert.ok(Math.abs(correlationCoefficient) < 0.15, `${type}: ${correlationCoefficient}`);
      }
    }
  });
});
