import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Effect, ScenarioBoard } from "@tse/market-model";
import { seededRandom } from "@tse/simulation";
import fc from "fast-check";
import { anyEffects, decimals, KINDS } from "./any-effects.ts";
import {
  ASSETS,
  after,
  definition,
  HOUR,
  NEUTRAL,
  readingOf,
  recorded,
  starting,
} from "./worlds.ts";

const LENGTH = 4 * HOUR;
const RUNS = { numRuns: 100 };

const anyMoments = fc.array(fc.integer({ min: 0, max: LENGTH + HOUR }), { maxLength: 12 });

const scenario = (effects: readonly Effect[], pinned = false) =>
  definition(effects, {
    duration: LENGTH,
    pinned,
    phases: [
      { name: "one", at: 0 },
      { name: "two", at: HOUR },
    ],
  });

const started = (effects: readonly Effect[], intensity: number, pinned = false) => {
  const { board, perform } = recorded();
  const planned = perform(starting(scenario(effects, pinned), { intensity }));
  assert.equal(planned.status, "accepted", JSON.stringify(planned));
  return board;
};

/** Everything that a board says, of all assets. */
const readings = (board: ScenarioBoard) => ({
  ...Object.fromEntries(ASSETS.map((asset) => [asset, readingOf(board, asset)])),
  faults: board.feedFaults(),
});

/** How far each value is from neutral, with its sign; multipliers as logarithms. */
const effectsOf = (board: ScenarioBoard) => (asset: string) => {
  const [shift, pull, loading, ...multipliers] = readingOf(board, asset) as [
    number,
    number,
    number,
    ...number[],
  ];
  return [shift, pull, loading - (NEUTRAL[2] as number), ...multipliers.map(Math.log)];
};

/** The side of 0 that the effect's values are on; 0 where they may be on either. */
function directionOf(effect: Effect): number {
  switch (effect.on) {
    case "price":
      return effect.path.path === "move" ? Math.sign(lowOf(effect.path.change)) : 0;
    case "pull":
      // The price stands above its home.
      return -1;
    case "loading":
      return effect.rule === "multiple" ? -1 : 0;
    case "feed":
      return 0;
    default: {
      const { course } = effect;
      if (course.course === "constant") return Math.sign(lowOf(course.times) - 1);
      return Math.sign(lowOf(course.course === "ramp" ? course.to : course.peak) - 1);
    }
  }
}

const lowOf = (span: number | readonly [number, number]) => [span].flat()[0] as number;

/** Each value is as far from 0 as before or farther, on the same side. */
function grows(less: readonly number[], more: readonly number[]): void {
  assert.equal(more.length, less.length);
  for (const [index, small] of less.entries()) {
    const large = more[index] as number;
    assert.ok(small * large > -1e-15, `one direction: ${small} ${large}`);
    assert.ok(Math.abs(large) >= Math.abs(small) - 1e-12, `${small} to ${large}`);
  }
}

/** Microseconds of faults and their sizes, so far as an intensity may change them. */
const weightOf = (board: ScenarioBoard): number[] =>
  board
    .running()
    .flatMap(({ start }) => start.scenario.faults.flatMap(({ lasts, size }) => [lasts, size]));

const anyStep = fc.record({
  at: fc.integer({ min: 0, max: 2 * HOUR }),
  kind: fc.constantFrom("start", "start", "replace", "stop", "clear"),
  id: fc.constantFrom("a", "b", "c"),
  effects: anyEffects,
  intensity: decimals(0, 2),
  seed: fc.integer(),
});
const anyLife = fc.array(anyStep, { maxLength: 8 });

type Step = typeof anyStep extends fc.Arbitrary<infer Each> ? Each : never;

/** A board on which all this was asked for; what it refused included. */
function lived(life: readonly Step[]) {
  const live = recorded();
  for (const { at, kind, id, effects, intensity, seed } of life.toSorted((a, b) => a.at - b.at)) {
    if (kind === "clear") live.perform({ kind, at: after(at) });
    else if (kind === "stop") live.perform({ kind, id, at: after(at) });
    else {
      const more = { id, intensity, at: after(at), random: seededRandom(seed) };
      live.perform({ ...starting(scenario(effects), more), kind });
    }
  }
  return live;
}

describe("A scenario, whatever its effects are,", () => {
  it("changes nothing at intensity 0", () => {
    fc.assert(
      fc.property(anyEffects, fc.boolean(), anyMoments, (effects, pinned, moments) => {
        const board = started(effects, 0, pinned);
        for (const at of moments.sort((a, b) => a - b)) {
          board.advanceTo(after(at));
          assert.equal(board.active, false);
          for (const asset of ASSETS) assert.deepEqual(readingOf(board, asset), NEUTRAL);
          assert.deepEqual(board.feedFaults(), []);
        }
      }),
      RUNS,
    );
  });

  for (const [on, kind] of Object.entries(KINDS)) {
    it(`does more with more intensity, never the other way: ${on}`, () => {
      const anyTwo = fc.tuple(decimals(0.05, 3), decimals(0.05, 3));
      fc.assert(
        fc.property(kind, anyTwo, anyMoments, (effect, two, moments) => {
          const less = started([effect], Math.min(...two));
          const more = started([effect], Math.max(...two));
          grows(weightOf(less), weightOf(more));
          for (const at of moments.sort((a, b) => a - b)) {
            for (const board of [less, more]) board.advanceTo(after(Math.min(at, LENGTH)));
            const effects = ASSETS.flatMap(effectsOf(more));
            grows(ASSETS.flatMap(effectsOf(less)), effects);
            assert.ok(effects.every((each) => each * directionOf(effect) >= 0));
          }
        }),
        RUNS,
      );
    });
  }

  it("comes to the same in one advance as in many", () => {
    fc.assert(
      fc.property(anyEffects, fc.boolean(), anyMoments, (effects, pinned, moments) => {
        const [once, often] = [started(effects, 1, pinned), started(effects, 1, pinned)];
        const last = Math.max(0, ...moments);
        for (const at of moments.sort((a, b) => a - b)) often.advanceTo(after(at));
        once.advanceTo(after(last));
        assert.deepEqual(readings(once), readings(often));
      }),
      RUNS,
    );
  });

  it("is the same when its commands are read from JSON and given again", () => {
    fc.assert(
      fc.property(anyLife, anyMoments, (life, moments) => {
        const live = lived(life);
        const again = recorded();
        for (const command of JSON.parse(JSON.stringify(live.commands))) again.board.apply(command);
        again.board.advanceTo(live.board.time);
        for (const at of moments.sort((a, b) => a - b)) {
          for (const { board } of [live, again]) board.advanceTo(after(2 * HOUR + at));
          assert.deepEqual(readings(again.board), readings(live.board));
        }
        assert.deepEqual(again.events, live.events);
      }),
      RUNS,
    );
  });
});
