import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { duration, timestamp } from "@tse/domain";
import {
  CALM,
  DiffusionMarket,
  OverlaidModel,
  type Overlay,
  ScenarioBoard,
  type ScenarioDefinition,
} from "@tse/market-model";
import { seededRandom } from "@tse/simulation";

const SECOND = 1_000_000;
const STEP = duration(SECOND);
const START = Date.UTC(2026, 0, 5) * 1000;
const at = (second: number) => timestamp(START + second * SECOND);

const FALL: ScenarioDefinition = {
  name: "fall",
  kind: "crash",
  title: "Fall",
  pinned: false,
  phases: [],
  duration: 60 * SECOND,
  release: 0,
  effects: [
    {
      on: "price",
      assets: ["BTC"],
      path: { path: "move", change: Math.log(0.9), after: 0, over: 30 * SECOND, shape: "linear" },
    },
    { on: "volatility", assets: ["BTC"], course: { course: "constant", times: 3 } },
    { on: "volume", assets: ["BTC"], course: { course: "constant", times: 4 } },
    { on: "depth", assets: ["BTC"], course: { course: "constant", times: 0.5 } },
    { on: "spread", assets: ["BTC"], course: { course: "constant", times: 2 } },
  ],
};

const PULL: ScenarioDefinition = {
  ...FALL,
  name: "pull",
  kind: "consolidation",
  effects: [{ on: "pull", assets: ["BTC"], level: 50_000, halfLife: 5 * SECOND }],
};

function board(): ScenarioBoard {
  return new ScenarioBoard({ assets: ["BTC"], time: at(0) });
}

function begin(scenarios: ScenarioBoard, definition: ScenarioDefinition, second: number): void {
  const planned = scenarios.perform({
    kind: "start",
    id: definition.name,
    definition,
    at: at(second),
    random: seededRandom(1),
    logPrice: () => Math.log(45_000),
  });
  assert.equal(planned.status, "accepted");
}

function market(volatility: number): DiffusionMarket {
  return new DiffusionMarket({
    unitOfAccount: "USD",
    assets: [
      {
        asset: "BTC",
        start: 45_000,
        lowest: 1,
        highest: 1e9,
        path: { mode: "gbm", volatility },
        dailyVolume: 1_000,
      },
    ],
    correlation: () => 0,
    step: STEP,
    start: at(0),
    random: seededRandom(3),
  });
}

const over = (overlay: Overlay, volatility = 0.5) =>
  new OverlaidModel({
    model: market(volatility),
    overlay,
    assets: ["BTC"],
    unitOfAccount: "USD",
    step: STEP,
  });

describe("OverlaidModel", () => {
  it("is the model itself without a scenario, bit for bit", () => {
    for (const overlay of [CALM, board()]) {
      const [model, plain] = [over(overlay), market(0.5)];
      for (let second = 1; second <= 50; second++) {
        model.advanceTo(at(second));
        plain.advanceTo(at(second));
        assert.equal(model.logValue("BTC"), plain.logValue("BTC"));
        assert.equal(model.fairLogValue("BTC"), plain.fairLogValue("BTC"));
        assert.equal(model.volume("BTC"), plain.volume("BTC"));
        assert.deepEqual([model.depthFactor("BTC"), model.spreadFactor("BTC")], [1, 1]);
      }
      assert.equal(model.logValue("USD"), 0);
    }
  });

  it("adds moves and multiplies the model's own, volume, depth and spread", () => {
    const scenarios = board();
    const [model, plain] = [over(scenarios), market(0.5)];
    begin(scenarios, FALL, 0);
    for (let second = 1; second <= 30; second++) {
      const [before, own] = [model.logValue("BTC"), plain.logValue("BTC")];
      model.advanceTo(at(second));
      plain.advanceTo(at(second));
      const moved = model.logValue("BTC") - before;
      const expected = 3 * (plain.logValue("BTC") - own) + Math.log(0.9) / 30;
      assert.ok(Math.abs(moved - expected) < 1e-12, `${second}: ${moved}, ${expected}`);
      assert.equal(model.volume("BTC"), 4 * plain.volume("BTC"));
      assert.deepEqual([model.depthFactor("BTC"), model.spreadFactor("BTC")], [0.5, 2]);
      assert.equal(model.volatility("BTC"), 3 * model.usualVolatility("BTC"));
    }
  });

  it("jumps at no end of a scenario: what was added stays", () => {
    const scenarios = board();
    const [model, plain] = [over(scenarios), market(0.5)];
    begin(scenarios, FALL, 0);
    model.advanceTo(at(61));
    plain.advanceTo(at(61));
    const added = model.logValue("BTC") - plain.logValue("BTC");
    assert.ok(Math.abs(added - Math.log(0.9)) < 0.01, `${added}`);
    for (let second = 62; second <= 200; second++) {
      model.advanceTo(at(second));
      plain.advanceTo(at(second));
      assert.ok(Math.abs(model.logValue("BTC") - plain.logValue("BTC") - added) < 1e-12);
    }
    assert.equal(model.volume("BTC"), plain.volume("BTC"));
  });

  it("is pulled to a level from where it stands, and stays there", () => {
    const scenarios = board();
    begin(scenarios, PULL, 0);
    const model = over(scenarios, 0);
    model.advanceTo(at(59));
    const stands = model.logValue("BTC");
    assert.ok(Math.abs(stands - Math.log(50_000)) < 1e-4, `${Math.exp(stands)}`);
    model.advanceTo(at(200));
    assert.ok(Math.abs(model.logValue("BTC") - stands) < 1e-4);
  });

  it("comes to the same in one advance as in many", () => {
    const [one, other] = [FALL, FALL].map((definition) => {
      const scenarios = board();
      begin(scenarios, definition, 0);
      return over(scenarios);
    }) as [OverlaidModel, OverlaidModel];
    one.advanceTo(at(100));
    for (let second = 0.5; second <= 100; second += 0.5) other.advanceTo(at(second));
    assert.equal(one.logValue("BTC"), other.logValue("BTC"));
    assert.equal(one.time, other.time);
  });

  it("begins in the middle of a scenario with the model's price, and makes what is left of it", () => {
    const scenarios = board();
    begin(scenarios, FALL, 0);
    scenarios.advanceTo(at(15));
    const late = market(0);
    late.advanceTo(at(15));
    const model = new OverlaidModel({
      model: late,
      overlay: scenarios,
      assets: ["BTC"],
      unitOfAccount: "USD",
      step: STEP,
    });
    assert.equal(model.logValue("BTC"), Math.log(45_000));
    model.advanceTo(at(100));
    assert.ok(Math.abs(model.logValue("BTC") - Math.log(45_000) - Math.log(0.9) / 2) < 1e-9);
  });
});
