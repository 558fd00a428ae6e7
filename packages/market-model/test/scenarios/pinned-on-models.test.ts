import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { duration } from "@tse/domain";
import {
  DiffusionMarket,
  type MarketModel,
  OverlaidModel,
  REALISTIC_ASSETS,
  RealisticMarket,
  type ScenarioBoard,
  type ScenarioDefinition,
} from "@tse/market-model";
import { seededRandom } from "@tse/simulation";
import { after, definition, recorded, SECOND, START, starting } from "./worlds.ts";

const BTC = "BTC";

const COMMON = {
  unitOfAccount: "USD",
  step: duration(SECOND),
  start: START,
  random: seededRandom(3),
} as const;

const diffusion = (overlay?: ScenarioBoard): MarketModel =>
  new DiffusionMarket({
    ...COMMON,
    assets: [
      {
        asset: BTC,
        start: 45_000,
        lowest: 1,
        highest: 1e9,
        path: { mode: "gbm", volatility: 0.8 },
        dailyVolume: 1_000,
      },
    ],
    correlation: () => 0,
    ...(overlay && { overlay }),
  });

const MODELS: Readonly<Record<string, (overlay: ScenarioBoard) => MarketModel>> = {
  realistic: (overlay) =>
    new RealisticMarket({
      ...COMMON,
      assets: REALISTIC_ASSETS.filter(({ asset }) => asset === BTC),
      overlay,
    }),
  gbm: diffusion,
  "of something else": (overlay) =>
    new OverlaidModel({
      model: diffusion(),
      overlay,
      assets: [BTC],
      unitOfAccount: "USD",
      step: COMMON.step,
    }),
};

/** Steep, so that a step too late is seen. */
const STEEP: ScenarioDefinition = definition(
  [
    {
      on: "price",
      assets: [BTC],
      path: {
        path: "keyframes",
        curve: "linear",
        points: [
          [0, 0],
          [20 * SECOND, Math.log(0.8)],
          [40 * SECOND, Math.log(0.9)],
        ],
      },
    },
  ],
  { duration: 60 * SECOND, release: 0, pinned: true },
);

const FALL: ScenarioDefinition = definition(
  [
    {
      on: "price",
      assets: [BTC],
      path: { path: "move", change: Math.log(0.85), after: 0, over: SECOND, shape: "linear" },
    },
  ],
  { name: "fall", duration: 60 * SECOND, release: 0 },
);

for (const [name, make] of Object.entries(MODELS)) {
  describe(`A pinned scenario on a market ${name}`, () => {
    const begun = () => {
      const { board, perform } = recorded();
      const model = make(board);
      const price = () => model.logValue(BTC);
      const start = (scenario: ScenarioDefinition, second: number) =>
        perform(
          starting(scenario, { id: scenario.name, at: after(second * SECOND), logPrice: price }),
        );
      return { model, price, start };
    };

    it("meets its path at each keyframe and at its end", () => {
      const { model, price, start } = begun();
      model.advanceTo(after(10 * SECOND));
      const before = price();
      assert.equal(start(STEEP, 10).status, "accepted");
      for (const [second, share] of [
        [30, 0.8],
        [50, 0.9],
        [70, 0.9],
      ] as const) {
        model.advanceTo(after(second * SECOND));
        const change = price() - before;
        assert.ok(Math.abs(change - Math.log(share)) < 1e-9, `${second}: ${Math.exp(change)}`);
      }
    });

    it("adds up with a fall that begins in the next step", () => {
      const { model, price, start } = begun();
      model.advanceTo(after(10 * SECOND));
      const before = price();
      assert.equal(start(STEEP, 10).status, "accepted");
      model.advanceTo(after(10.4 * SECOND));
      assert.equal(start(FALL, 10.4).status, "accepted");
      model.advanceTo(after(30 * SECOND));
      const change = price() - before;
      const expected = Math.log(0.8) + Math.log(0.85);
      assert.ok(Math.abs(change - expected) < 1e-9, `${Math.exp(change)}`);
    });
  });
}
