import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  CURVE_TYPES,
  type CurveParameters,
  curveFault,
  type ScenarioPathOptions,
  scenarioPath,
} from "@tse/market-model";
import { seededRandom } from "@tse/simulation";

const options: ScenarioPathOptions = {
  type: "rally",
  intensity: 1,
  durationFactor: 1,
  recoveryFactor: 0,
  gradual: false,
  start: 100,
  volatility: 0.0005,
  steps: 400,
  random: seededRandom(1),
};

const pathOf = (more: Partial<ScenarioPathOptions>, seed = 1) => [
  ...scenarioPath({ ...options, random: seededRandom(seed), ...more }),
];

const pricesOf = (more: Partial<ScenarioPathOptions>, seed = 1) =>
  pathOf(more, seed).map(({ price }) => price);

/** Deviation of the path's log returns from the usual one, as a multiple. */
function roughness(more: Partial<ScenarioPathOptions>): number {
  const prices = pricesOf(more);
  const squares = prices.slice(1).map((price, i) => Math.log(price / (prices[i] as number)) ** 2);
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length) / 0.0005;
}

const near = (observed: number | undefined, expected: number, within = 0.005) =>
  assert.ok(Math.abs((observed as number) - expected) <= within, `${observed} is not ${expected}`);

describe("scenarioPath", () => {
  it("rallies by the square root: the values of the specification", () => {
    const prices = pricesOf({ intensity: 1.5 });
    near(prices[50], 117.68);
    near(prices[200], 135.36);
    near(prices[400], 150);
    assert.equal(prices.length, 401);
    assert.equal(prices[0], 100);
  });

  it("crashes to half the price at intensity 2", () => {
    near(pricesOf({ type: "crash", intensity: 2 })[400], 50);
  });

  it("diverges by 5 % at intensity 1, and gives back its share", () => {
    const path = pathOf({ type: "divergence", recoveryFactor: 0.6 });
    const spread = (index: number) => {
      const { price, baseline } = path[index] as { price: number; baseline: number };
      return price / baseline - 1;
    };
    near(spread(120), 0.05, 1e-12);
    near(spread(279), 0.05, 1e-12);
    near(spread(400), 0.02, 1e-12);
  });

  it("swings and comes back when it reverts", () => {
    const prices = pricesOf({ type: "mean_reverting", intensity: 2 });
    near(prices[50], 100 + 20 * Math.sin(Math.PI / 4) * Math.exp(-0.375));
    near(prices[400], 100);
  });

  it("multiplies volatility by 5·I in a spike, and divides it by 4·I in a consolidation", () => {
    near(roughness({ type: "volatility_spike", intensity: 2 }), 10, 0.8);
    near(roughness({ type: "volatility_spike", intensity: 1 }), 5, 0.4);
    near(roughness({ type: "consolidation", intensity: 1 }), 0.25, 0.02);
    near(roughness({ type: "consolidation", intensity: 2 }), 0.125, 0.01);
  });

  it("stays in the band of a consolidation, whatever the volatility", () => {
    for (const price of pricesOf({ type: "consolidation", volatility: 0.1 })) {
      assert.ok(Math.abs(price / 100 - 1) <= 0.005 + 1e-12);
    }
  });

  it("moves in the direction of its name at every intensity, and more with more", () => {
    const at = (type: CurveParameters["type"], intensity: number) => pricesOf({ type, intensity });
    const measures = {
      rally: (i: number) => at("rally", i)[400] as number,
      crash: (i: number) => -(at("crash", i)[400] as number),
      divergence: (i: number) => at("divergence", i)[250] as number,
      mean_reverting: (i: number) => at("mean_reverting", i)[50] as number,
      volatility_spike: (i: number) => roughness({ type: "volatility_spike", intensity: i }),
      consolidation: (i: number) => -roughness({ type: "consolidation", intensity: i }),
    };
    const calm = { rally: 100, crash: -100, divergence: 100, mean_reverting: 100 };
    for (const type of CURVE_TYPES) {
      const [small, middle, large] = [0.1, 1, 2].map(measures[type]) as [number, number, number];
      assert.ok(small < middle && middle < large, type);
      const still =
        type in calm ? calm[type as keyof typeof calm] : type === "consolidation" ? -1 : 1;
      assert.ok(small > still, `${type} at 0.1`);
    }
  });

  it("gives back its share in a leg of the same length", () => {
    const prices = pricesOf({ type: "crash", intensity: 2, recoveryFactor: 0.6 });
    assert.equal(prices.length, 801);
    near(prices[400], 50);
    near(prices[800], 80);
  });

  it("is stretched by its duration factor, and eased in and out when gradual", () => {
    assert.equal(pricesOf({ durationFactor: 2.5 }).length, 1001);
    const prices = pricesOf({ type: "crash", intensity: 2, gradual: true, volatility: 0 });
    near(prices[200], 75);
    assert.ok((prices[4] as number) > 99.9);
  });

  it("is the same for the same seed, another for another", () => {
    for (const type of CURVE_TYPES) {
      assert.deepEqual(pricesOf({ type }), pricesOf({ type }));
      assert.notDeepEqual(pricesOf({ type }), pricesOf({ type }, 2));
    }
  });

  it("names the parameter that is out of range", () => {
    const field = (more: Partial<CurveParameters>) => curveFault({ ...options, ...more })?.field;
    assert.equal(field({}), undefined);
    assert.equal(field({ intensity: 0.09 }), "intensity");
    assert.equal(field({ intensity: 2.1 }), "intensity");
    assert.equal(field({ intensity: Number.NaN }), "intensity");
    assert.equal(field({ durationFactor: 0 }), "durationFactor");
    assert.equal(field({ recoveryFactor: 1.1 }), "recoveryFactor");
  });
});
