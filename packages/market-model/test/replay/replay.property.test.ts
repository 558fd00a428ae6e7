import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { duration, timestamp } from "@tse/domain";
import {
  BootstrapModel,
  type MinuteHistory,
  minuteHistory,
  type ReplayedPoint,
  ReplayModel,
} from "@tse/market-model";
import { seededRandom } from "@tse/simulation";
import fc from "fast-check";
import { MinutePath } from "../../src/replay/minute-path.ts";
import { MONDAY, marketCandles } from "./candles.ts";

const START = MONDAY + 7 * 86_400_000_000 + 12_345_678;
const HISTORY = minuteHistory(marketCandles(["BTC", "ETH"], 2 * 1440)) as MinuteHistory;

const anySeries = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 90_000_000 }), fc.double({ min: 0.01, max: 1e6 })), {
    minLength: 1,
    maxLength: 40,
  })
  .filter((points) => points.every(([, price]) => price > 0))
  .map((points) => {
    let time = MONDAY;
    return {
      time: Float64Array.from(points, ([gap]) => (time += gap)),
      price: Float64Array.from(points, ([, price]) => price),
      volume: Float64Array.from(points.keys()),
    };
  });

const anyReplay = fc.record({
  series: anySeries,
  speed: fc.constantFrom(0.1, 0.3, 1, 2.5, 60, 1000),
  loop: fc.boolean(),
  align: fc.constantFrom("absolute" as const, { rebaseTo: 45_000 }),
  step: fc.integer({ min: 200_000, max: 5_000_000 }).map(duration),
});

/** How far the clock moves on at a time, in microseconds, and what is done with the replay then. */
const anyMoves = fc.array(
  fc.tuple(
    fc.integer({ min: 0, max: 10_000_000 }),
    fc.constantFrom("nothing" as const, "pause" as const, "resume" as const, "seek" as const),
  ),
  { minLength: 1, maxLength: 8 },
);

type Options = typeof anyReplay extends fc.Arbitrary<infer T> ? T : never;
type Moves = typeof anyMoves extends fc.Arbitrary<infer T> ? T : never;

function replayOf(options: Options): { model: ReplayModel; points: ReplayedPoint[] } {
  const points: ReplayedPoint[] = [];
  const model = new ReplayModel({
    ...options,
    asset: "BTC",
    unitOfAccount: "USD",
    start: timestamp(START),
    onPoint: (point) => points.push(point),
  });
  return { model, points };
}

/** What is seen of a replay whose time goes on by each move in so many pieces, with a command after it. */
function seenOf(options: Options, moves: Moves, pieces: number): unknown {
  const { model, points } = replayOf(options);
  const commands = {
    nothing() {},
    pause: () => model.pause(),
    resume: () => model.resume(),
    seek: () => model.seek(timestamp(options.series.time[0] as number)),
  };
  const states: unknown[] = [];
  let time = START;
  for (const [move, command] of moves) {
    for (let i = 1; i <= pieces; i++) {
      model.advanceTo(timestamp(time + Math.floor((move * i) / pieces)));
    }
    time += move;
    states.push(model.logValue("BTC"), model.volume("BTC"), model.position, model.state);
    commands[command]();
  }
  return { points, states, handOver: model.handOver };
}

describe("ReplayModel, for every series and speed", () => {
  it("passes the same points in one advance as in many, between the same commands", () => {
    fc.assert(
      fc.property(anyReplay, anyMoves, (options, moves) => {
        assert.deepEqual(seenOf(options, moves, 7), seenOf(options, moves, 1));
      }),
      { numRuns: 100 },
    );
  });

  it("passes each point once, in order, never before it is due", () => {
    fc.assert(
      fc.property(anyReplay, fc.integer({ min: 0, max: 20_000_000 }), (options, length) => {
        const { model, points } = replayOf(options);
        model.advanceTo(timestamp(START + length));
        for (const [i, { ordinal, due }] of points.entries()) {
          assert.equal(ordinal, i);
          assert.ok(due <= model.time && due % options.step === 0);
          assert.ok(i === 0 || due >= (points[i - 1]?.due ?? 0));
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe("BootstrapModel, for every seed and grid", () => {
  it("takes the same path in one advance as in many", () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 50_000, max: 200_000_000 }),
        fc.integer({ min: 1, max: 100 }),
        fc.array(fc.integer({ min: 0, max: 300_000_000 }), { minLength: 1, maxLength: 10 }),
        (seed, step, blockMinutes, moves) => {
          const modelOf = () =>
            new BootstrapModel({
              unitOfAccount: "USD",
              assets: ["ETH", "BTC"].map((asset) => ({
                asset,
                start: 100,
                lowest: 99,
                highest: 101,
              })),
              history: HISTORY,
              blockMinutes,
              step: duration(step),
              start: timestamp(START),
              random: seededRandom(seed),
            });
          const [inMany, inOne] = [modelOf(), modelOf()];
          let time = START;
          for (const move of moves) {
            time += move;
            inMany.advanceTo(timestamp(time));
          }
          inOne.advanceTo(timestamp(time));

          const stateOf = (model: BootstrapModel) =>
            ["BTC", "ETH"].map((asset) => [
              model.time,
              model.logValue(asset),
              model.volatility(asset),
              model.volume(asset),
              model.reflections,
            ]);
          const [one, many] = [stateOf(inOne), stateOf(inMany)];
          assert.deepEqual(one, many);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("MinutePath, for every candle", () => {
  it("stands at open, high, low and close exactly, and never outside", () => {
    const log = fc.double({ min: -0.2, max: 0.2, noNaN: true });
    const anyMinute = fc.tuple(log, log, log, log, fc.double({ min: 0, max: 1e9, noNaN: true }));
    fc.assert(
      fc.property(fc.integer(), anyMinute, (seed, [a, b, c, d, volume]) => {
        const [open, close] = [a, b];
        const high = Math.max(a, b, c, d);
        const low = Math.min(a, b, c, d);
        const path = new MinutePath(seededRandom(seed));
        path.draw({ open, high, low, close, volume });
        const logs = Array.from({ length: 60 }, (_, second) => path.log(second));
        assert.equal(logs[0], open);
        assert.equal(logs[59], close);
        assert.equal(Math.max(...logs), high);
        assert.equal(Math.min(...logs), low);
        assert.equal(path.traded(59), volume);
        for (let second = 1; second < 60; second++) {
          assert.ok(path.traded(second) >= path.traded(second - 1));
        }
      }),
    );
  });
});
