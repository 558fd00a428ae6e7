import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DAY_FEATURE_NAMES, dayFeatures, sliceCandles, twoSampleAuc } from "../src/index.ts";
import { MONDAY, walk } from "./market.ts";
import { near } from "./near.ts";
import { gaussian } from "./noise.ts";

const DAY = 1_440;

/** Rows of `width` independent normal numbers, the first of them moved by `shift`. */
function rows(count: number, width: number, shift: number, seed: number): number[][] {
  const noise = gaussian(count * width, seed);
  return Array.from({ length: count }, (_, i) =>
    Array.from({ length: width }, (_, j) => noise[i * width + j]! + (j === 0 ? shift : 0)),
  );
}

describe("twoSampleAuc", () => {
  it("is a half for two samples of one law", () => {
    near(twoSampleAuc(rows(500, 5, 0, 1), rows(500, 5, 0, 2)), 0.5, 0.06);
  });

  it("is Φ(δ / √2) for one feature whose means are δ deviations apart", () => {
    near(twoSampleAuc(rows(2_000, 1, 0, 3), rows(2_000, 1, 1, 4)), 0.7602, 0.02);
    near(twoSampleAuc(rows(1_000, 5, 0, 3), rows(1_000, 5, 2, 4)), 0.9214, 0.02);
  });

  it("is 1 for two that never meet, in whatever unit", () => {
    const far = rows(50, 3, 100, 6).map((row) => row.map((x) => 1e-9 * x));
    const near0 = rows(50, 3, 0, 5).map((row) => row.map((x) => 1e-9 * x));
    assert.equal(twoSampleAuc(near0, far), 1);
    assert.equal(twoSampleAuc(far, near0), 1);
  });

  it("uses what two features say together", () => {
    // Alike one by one; their difference tells them apart.
    const noise = gaussian(400, 7);
    const a = Array.from(noise.subarray(0, 200), (x) => [x, x + 0.5]);
    const b = Array.from(noise.subarray(200), (x) => [x + 0.5, x]);
    assert.ok(twoSampleAuc(a, b)! > 0.55);
  });

  it("is a half where no feature varies", () => {
    const same = Array.from({ length: 20 }, () => [1, 2, 3]);
    assert.equal(twoSampleAuc(same, same), 0.5);
  });

  it("says nothing of fewer than ten days, of ragged rows and of what is not a number", () => {
    const good = rows(20, 3, 0, 8);
    assert.equal(twoSampleAuc(rows(9, 3, 0, 9), good), undefined);
    assert.equal(twoSampleAuc(good, []), undefined);
    assert.equal(twoSampleAuc(good, rows(20, 2, 0, 9)), undefined);
    assert.equal(twoSampleAuc(good, good.with(3, [1, Number.NaN, 2])), undefined);
  });
});

describe("dayFeatures", () => {
  it("gives 23 finite numbers for each whole UTC day", () => {
    const days = dayFeatures(walk({ minutes: 4 * DAY, seed: 1, ts: MONDAY + 60_000 * 90 }));
    assert.equal(days.length, 3);
    assert.equal(DAY_FEATURE_NAMES.length, 23);
    assert.ok(days.every((day) => day.length === 23 && day.every(Number.isFinite)));
  });

  it("describes a day alike, whichever minutes stand before it", () => {
    const candles = walk({ minutes: 3 * DAY, seed: 2 });
    const late = sliceCandles(candles, DAY - 90, 3 * DAY);
    assert.deepEqual(dayFeatures(late), dayFeatures(candles).slice(1));
  });

  it("counts what a still day does not have as 0", () => {
    const still = walk({
      minutes: DAY,
      seed: 3,
      minute: () => ({ deviation: 0, volume: 0 }),
    });
    assert.deepEqual(dayFeatures(still), [new Array<number>(23).fill(0)]);
  });

  it("gives nothing for less than a day", () => {
    assert.deepEqual(dayFeatures(walk({ minutes: DAY - 1, seed: 4 })), []);
    assert.deepEqual(dayFeatures(walk({ minutes: 0, seed: 4 })), []);
  });

  it("lets two walks pass for one another, and not a walk for one with clusters", () => {
    const cluster = (place: number): number => (Math.floor(place / 30) % 3 === 0 ? 0.001 : 0.0003);
    const calm = dayFeatures(walk({ minutes: 30 * DAY, seed: 5, steps: 5 }));
    const other = dayFeatures(walk({ minutes: 30 * DAY, seed: 6, steps: 5 }));
    const clustered = dayFeatures(
      walk({
        minutes: 30 * DAY,
        seed: 7,
        steps: 5,
        minute: (place) => ({ deviation: cluster(place), volume: 10 }),
      }),
    );
    near(twoSampleAuc(calm, other), 0.5, 0.25);
    assert.equal(twoSampleAuc(calm, clustered), 1);
  });
});
