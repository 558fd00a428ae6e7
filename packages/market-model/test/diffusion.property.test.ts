import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { duration, timestamp } from "@tse/domain";
import { type AssetPath, Diffusion } from "@tse/market-model";
import { seededRandom } from "@tse/simulation";
import fc from "fast-check";

const START = timestamp(Date.UTC(2026, 0, 5) * 1000);

const anyPath: fc.Arbitrary<AssetPath> = fc.oneof(
  fc.record({
    mode: fc.constant("gbm" as const),
    volatility: fc.double({ min: 0, max: 20, noNaN: true }),
    drift: fc.double({ min: -5, max: 5, noNaN: true }),
  }),
  fc.record({
    mode: fc.constant("reverting" as const),
    deviation: fc.double({ min: 0, max: 1, noNaN: true }),
    halfLife: fc.integer({ min: 1, max: 1_000_000_000 }),
  }),
  fc.record({ mode: fc.constant("static" as const) }),
);

const anyWorld = fc.record({
  seed: fc.integer(),
  step: fc.integer({ min: 1, max: 3_600_000_000 }),
  paths: fc.array(anyPath, { minLength: 1, maxLength: 5 }),
  correlation: fc.double({ min: 0, max: 0.95, noNaN: true }),
  /** How the clock moves on, in thousandths of a step. */
  moves: fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 20 }),
});

type World = typeof anyWorld extends fc.Arbitrary<infer W> ? W : never;

function modelOf({ seed, step, paths, correlation }: World): Diffusion {
  return new Diffusion({
    unitOfAccount: "USD",
    assets: paths.map((path, i) => ({
      asset: `A${i}`,
      start: 10 ** i,
      lowest: 10 ** i / 100,
      highest: 10 ** i * 100,
      path,
    })),
    correlation: () => correlation,
    step: duration(step),
    start: START,
    random: seededRandom(seed),
  });
}

const valuesOf = (prices: Diffusion, { paths }: World): number[] =>
  paths.map((_, i) => prices.logValue(`A${i}`));

describe("Diffusion, for every world", () => {
  it("takes the same path in one advance as in many", () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const inMany = modelOf(world);
        let time: number = START;
        for (const move of world.moves) {
          time += Math.floor((move * world.step) / 1000);
          inMany.advanceTo(timestamp(time));
        }

        const inOne = modelOf(world);
        inOne.advanceTo(timestamp(time));
        assert.deepEqual(valuesOf(inOne, world), valuesOf(inMany, world));
        assert.equal(inOne.time, inMany.time);
      }),
    );
  });

  it("takes the same path for the same seed, and stays positive, finite and inside its bounds", () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const [first, second] = [modelOf(world), modelOf(world)];
        for (let i = 1; i <= 50; i++) {
          const time = timestamp(START + i * world.step);
          first.advanceTo(time);
          second.advanceTo(time);
          const values = valuesOf(first, world);
          assert.deepEqual(valuesOf(second, world), values);
          for (const [index, value] of values.entries()) {
            const share = Math.exp(value) / 10 ** index;
            assert.ok(share > 0.0099 && share < 100.01);
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});
