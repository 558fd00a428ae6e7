import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { duration, timestamp } from "@tse/domain";
import {
  type CandleSeries,
  type ReplayedPoint,
  ReplayModel,
  type ReplayOptions,
  seriesOfCandles,
} from "@tse/market-model";
import { MINUTE, MONDAY, marketCandles } from "./candles.ts";

const SECOND = 1_000_000;
const START = MONDAY + 30 * 86_400 * SECOND;
const OLD = MONDAY;

/** Points at these seconds of the series with these prices; each has its place as its volume. */
const seriesAt = (seconds: readonly number[], prices: readonly number[]) => ({
  time: Float64Array.from(seconds, (second) => OLD + second * SECOND),
  price: Float64Array.from(prices),
  volume: Float64Array.from(prices.keys()),
});

const SERIES = seriesAt([0, 10, 20, 60], [100, 110, 99, 120]);

function replay(options: Partial<ReplayOptions> = {}) {
  const points: ReplayedPoint[] = [];
  const model = new ReplayModel({
    asset: "BTC",
    unitOfAccount: "USD",
    series: SERIES,
    align: "absolute",
    step: duration(SECOND),
    start: timestamp(START),
    onPoint: (point) => points.push(point),
    ...options,
  });
  const after = (seconds: number) => {
    model.advanceTo(timestamp(START + seconds * SECOND));
    return Number(Math.exp(model.logValue("BTC")).toFixed(6));
  };
  return { model, points, after };
}

const old = (seconds: number) => timestamp(OLD + seconds * SECOND);
const summary = ({ ordinal, at, logValue, volume }: ReplayedPoint) =>
  `${ordinal} ${(at - OLD) / SECOND}s ${Math.exp(logValue).toFixed(3)} ${volume}`;

describe("ReplayModel", () => {
  it("has the series' prices at their times, as the world's time passes", () => {
    const { model, points, after } = replay();
    assert.equal(after(0), 100);
    assert.equal(after(9.9), 100);
    assert.equal(after(10), 110);
    assert.equal(after(59), 99);
    assert.equal(model.state, "playing");
    assert.equal(after(61), 120);
    assert.deepEqual(points.map(summary), [
      "0 0s 100.000 0",
      "1 10s 110.000 1",
      "2 20s 99.000 2",
      "3 60s 120.000 3",
    ]);
    assert.equal(model.logValue("USD"), 0);
    assert.throws(() => model.logValue("ETH"), /the model knows the asset/);
  });

  it("ends at the last point, and hands its value over", () => {
    const { model, after } = replay();
    after(59);
    assert.equal(model.handOver, undefined);
    after(3600);
    assert.equal(model.state, "ended");
    const handOver = { time: timestamp(START + 60 * SECOND), logValue: Math.log(120) };
    assert.deepEqual(model.handOver, handOver);
    assert.equal(model.position, old(60));
    assert.equal(after(7200), 120);
  });

  it("scales the series to a price when it is rebased", () => {
    const { after } = replay({ align: { rebaseTo: 50_000 } });
    assert.deepEqual([after(0), after(10), after(20), after(60)], [50_000, 55_000, 49_500, 60_000]);
  });

  it("counts the volume of the points that are due at a grid point", () => {
    const { model, after } = replay({ speed: 10 });
    after(0);
    after(1);
    assert.equal(model.volume("BTC"), 1);
    after(1.5);
    assert.equal(model.volume("BTC"), 1);
    after(5);
    assert.equal(model.volume("BTC"), 0);
    after(6);
    assert.equal(model.volume("BTC"), 3);
    assert.equal(replay({ speed: 1000 }).after(1), 120);
  });

  it("begins again with a loop: absolute where it was, rebased where it is", () => {
    // Three steps of 20 s on average: the second lap begins 80 s after the first.
    const absolute = replay({ loop: true });
    assert.deepEqual([79, 80, 90, 160].map(absolute.after), [120, 100, 110, 100]);
    assert.equal(absolute.model.state, "playing");
    assert.equal(absolute.model.position, old(0));

    const rebased = replay({ loop: true, align: { rebaseTo: 1 } });
    assert.deepEqual([79, 80, 90, 140, 160].map(rebased.after), [1.2, 1.2, 1.32, 1.44, 1.44]);
    assert.deepEqual(
      rebased.points.map(({ ordinal }) => ordinal),
      [0, 1, 2, 3, 4, 5, 6, 7, 8],
    );
  });

  it("begins where it is told to, and asserts that this is inside", () => {
    const { points, after } = replay({ from: old(15) });
    assert.deepEqual([after(0), after(4), after(5)], [110, 110, 99]);
    assert.deepEqual(points.map(summary), ["2 20s 99.000 2"]);
    const exactly = replay({ from: old(20) });
    exactly.after(0);
    assert.deepEqual(exactly.points.map(summary), ["2 20s 99.000 2"]);
    assert.throws(() => replay({ from: old(61) }), /inside its series/);
  });

  it("pauses and plays on", () => {
    const { model, after } = replay();
    after(5);
    model.pause();
    model.pause();
    assert.equal(after(1000), 100);
    assert.equal(model.state, "paused");
    assert.equal(model.position, old(5));
    model.resume();
    model.resume();
    assert.deepEqual([after(1004), after(1005)], [100, 110]);
  });

  it("seeks: absolute jumps to the series, rebased keeps its value", () => {
    const absolute = replay();
    absolute.after(3);
    assert.ok(absolute.model.seek(old(30)));
    assert.deepEqual([absolute.after(3), absolute.after(32), absolute.after(33)], [99, 99, 120]);
    assert.equal(absolute.model.state, "ended");
    assert.ok(absolute.model.seek(old(0)));
    assert.equal(absolute.model.state, "playing");
    assert.equal(absolute.model.handOver, undefined);
    assert.equal(absolute.after(43), 110);
    assert.equal(absolute.model.seek(old(61)), false);
    assert.equal(absolute.model.seek(timestamp(OLD - 1)), false);

    const rebased = replay({ align: { rebaseTo: 1 } });
    rebased.after(10);
    assert.ok(rebased.model.seek(old(20)));
    assert.deepEqual([rebased.after(11), rebased.after(50)], [1.1, 1.333333]);

    const paused = replay();
    paused.model.pause();
    assert.ok(paused.model.seek(old(20)));
    assert.equal(paused.after(100), 99);
    paused.model.resume();
    assert.equal(paused.after(140), 120);
  });

  it("stops for good where it is", () => {
    const { model, after } = replay();
    after(12);
    model.stop();
    const handOver = { time: timestamp(START + 12 * SECOND), logValue: Math.log(110) };
    assert.deepEqual(model.handOver, handOver);
    model.resume();
    assert.equal(model.seek(old(0)), false);
    assert.equal(after(100), 110);
    assert.equal(model.state, "stopped");
  });

  it("gives the same series at 0.1, 1 and 1000 times", () => {
    const candles = marketCandles(["BTC"], 500).get("BTC") as CandleSeries;
    const series = seriesOfCandles(candles, duration(MINUTE));
    const seen = [0.1, 1, 7, 1000].map((speed) => {
      const { points, after } = replay({ series, speed });
      after(Math.ceil((500 * 60) / speed));
      return points.map(({ due, ...point }) => point);
    });
    assert.equal(seen[0]?.length, 2000);
    for (const points of seen) assert.deepEqual(points, seen[0]);
  });

  it("says how much the series moves, in the world's time", () => {
    const minutes = Array.from({ length: 2000 }, (_, i) => i * 60);
    const prices = minutes.map((_, i) => (i % 2 === 0 ? 100 : 100.1));
    const { model, after } = replay({ series: seriesAt(minutes, prices) });
    const yearly = Math.log(1.001) * Math.sqrt(525_600);
    assert.ok(Math.abs(model.usualVolatility("BTC") / yearly - 1) < 1e-9);
    after(60_000);
    assert.ok(Math.abs(model.volatility("BTC") / yearly - 1) < 1e-6);
    const fast = replay({ series: seriesAt(minutes, prices), speed: 4 });
    assert.ok(Math.abs(fast.model.usualVolatility("BTC") / yearly - 2) < 1e-9);
    assert.equal(replay({ series: seriesAt([0], [5]) }).model.usualVolatility("BTC"), 0);
  });

  it("refuses series that are none", () => {
    for (const [seconds, prices] of [
      [[], []],
      [
        [1, 1],
        [5, 5],
      ],
      [
        [2, 1],
        [5, 5],
      ],
      [
        [1, 2],
        [5, 0],
      ],
      [[1], [Number.NaN]],
    ] as const) {
      assert.throws(() => replay({ series: seriesAt(seconds, prices) }), /series/);
    }
    assert.throws(() => replay({ speed: 0.01 }), /speed/);
    assert.throws(() => replay({ speed: 1001 }), /speed/);
  });
});

describe("seriesOfCandles", () => {
  it("goes through open, low, high, close of a rise and open, high, low, close of a fall", () => {
    const one = (value: number, other: number) => Float64Array.of(value, other);
    const series = seriesOfCandles(
      {
        time: one(OLD, OLD + MINUTE),
        open: one(10, 12),
        high: one(13, 14),
        low: one(9, 8),
        close: one(12, 11),
        volume: one(4, 8),
      },
      duration(MINUTE),
    );
    assert.deepEqual([...series.price], [10, 9, 13, 12, 12, 14, 8, 11]);
    assert.deepEqual([...series.volume], [1, 1, 1, 1, 2, 2, 2, 2]);
    const seconds = [...series.time].map((time) => (time - OLD) / SECOND);
    assert.deepEqual(seconds, [0, 20, 40, 59, 60, 80, 100, 119]);
  });
});
