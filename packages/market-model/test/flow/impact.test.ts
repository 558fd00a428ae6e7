import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Impact, type ImpactParameters } from "../../src/flow/impact.ts";

const SECOND = 1_000_000;
const PARAMETERS: ImpactParameters = {
  strength: 0.8,
  dailyVolatility: 0.026,
  dailyVolume: 17_100,
  decaySeconds: [8, 60, 600, 3600],
  weights: [0.42, 0.3, 0.18, 0.1],
  permanentShare: 0,
  ownShare: 1,
  ownKnee: 0.3,
};
const LOTS = 100_000;

const impact = (changes: Partial<ImpactParameters> = {}) =>
  new Impact({ ...PARAMETERS, ...changes }, LOTS, 0);

const near = (value: number, expected: number, share = 1e-9) =>
  assert.ok(Math.abs(value / expected - 1) < share, `${value} instead of ${expected}`);

describe("The impact of others' market orders", () => {
  it("is the square root of what was traded, as a share of a day's volume, in daily volatilities", () => {
    for (const units of [0.5, 8, 171]) {
      const one = impact();
      one.addOutside(0, units * LOTS);
      near(one.value, 0.8 * 0.026 * Math.sqrt(units / 17_100));
    }
  });

  it("has the sign of what was traded, and is undone by the opposite", () => {
    const one = impact();
    one.addOutside(0, -4 * LOTS);
    assert.ok(one.value < 0);
    one.addOutside(0, 4 * LOTS);
    assert.equal(Math.abs(one.value), 0);
  });

  it("passes: a weighted sum of exponentials of what was traded is left", () => {
    const one = impact();
    one.addOutside(0, 32 * LOTS);
    const before = one.value;
    one.decayTo(90 * SECOND);
    const { decaySeconds, weights } = PARAMETERS;
    const left = weights.reduce(
      (sum, weight, k) => sum + weight * Math.exp(-90 / (decaySeconds[k] as number)),
      0,
    );
    near(one.value, before * Math.sqrt(left));
    assert.ok(one.value > 0.5 * before && one.value < 0.7 * before);
    one.decayTo(100_000 * SECOND);
    assert.ok(one.value < 0.001 * before);
  });

  it("stays in the part that is permanent", () => {
    const one = impact({ permanentShare: 0.3 });
    one.addOutside(0, 8 * LOTS);
    const before = one.value;
    one.decayTo(1_000_000 * SECOND);
    near(one.value, 0.3 * before, 1e-6);
  });
});

describe("The impact of the market's own takers", () => {
  it("is linear while small, and adds to that of others", () => {
    const one = impact();
    one.addOwn(0, 0.003 * LOTS);
    const small = one.value;
    const two = impact();
    two.addOwn(0, 0.006 * LOTS);
    near(two.value, 2 * small, 0.02);
    const others = impact();
    others.addOutside(0, 5 * LOTS);
    two.addOutside(0, 5 * LOTS);
    near(two.value, 2 * small + others.value, 0.02);
  });
});
