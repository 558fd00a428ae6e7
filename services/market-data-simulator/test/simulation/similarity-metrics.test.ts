import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { PricePoint } from "../../src/simulation/price-point.ts";
import {
  type SimilarityMetrics,
  similarityMetrics,
} from "../../src/simulation/similarity-metrics.ts";
import { historyOf, marketHistory } from "./histories.ts";

const all = (value: number): SimilarityMetrics => ({
  correlationCoefficient: value,
  volatilitySimilarity: value,
  returnDistributionSimilarity: value,
  trendSimilarity: value,
  confidenceScore: value,
  volumeCorrelation: value,
});

describe("similarityMetrics", () => {
  it("is 1 in all for a series of 30 points and itself, flat and without volume too", () => {
    const series = marketHistory(30, 1);
    assert.deepEqual(similarityMetrics(series, series), all(1));
    assert.deepEqual(similarityMetrics(series, structuredClone(series)), all(1));
    const flat = historyOf(new Array(30).fill(7), 0);
    assert.deepEqual(similarityMetrics(flat, flat), all(1));
  });

  it("trusts a shorter series less, by its length", () => {
    const series = marketHistory(15, 1);
    assert.deepEqual(similarityMetrics(series, series), { ...all(1), confidenceScore: 0.5 });
  });

  it("is 0 in all when either is empty", () => {
    const series = marketHistory(50, 1);
    assert.deepEqual(similarityMetrics([], series), all(0));
    assert.deepEqual(similarityMetrics(series, []), all(0));
    assert.deepEqual(similarityMetrics([], []), all(0));
  });

  it("finds independent series unrelated but alike in law", () => {
    const metrics = similarityMetrics(marketHistory(5000, "a"), marketHistory(5000, "b"));
    assert.ok(Math.abs(metrics.correlationCoefficient) < 0.05);
    assert.ok(Math.abs(metrics.volumeCorrelation) < 0.15);
    assert.ok(metrics.volatilitySimilarity > 0.85);
    assert.ok(metrics.returnDistributionSimilarity > 0.9);
  });

  it("follows its formulas", () => {
    // Returns ln 2, -ln 2, ln 2 against their negatives: two windows, the sums of the first are both 0.
    const up = historyOf([1, 2, 1, 2]);
    const down = historyOf([2, 1, 2, 1]);
    const metrics = similarityMetrics(up, down);
    assert.ok(Math.abs(metrics.correlationCoefficient + 1) < 1e-12);
    assert.equal(metrics.volatilitySimilarity, 1);
    assert.ok(Math.abs(metrics.returnDistributionSimilarity - 2 / 3) < 1e-12);
    assert.equal(metrics.trendSimilarity, 0.5);
    assert.ok(Math.abs(metrics.confidenceScore - ((0 + 1 + 2 / 3 + 0.5) / 4) * (4 / 30)) < 1e-12);
  });

  it("compares a series that moves with one that doesn't", () => {
    const metrics = similarityMetrics(marketHistory(60, 1), historyOf(new Array(60).fill(3)));
    assert.equal(metrics.correlationCoefficient, 0);
    assert.equal(metrics.volatilitySimilarity, 0);
    assert.equal(metrics.volumeCorrelation, 0);
  });

  it("stays inside its ranges and is symmetric, for every pair of series", () => {
    const price = fc.double({ min: 1e-8, max: 1e12, noNaN: true });
    const volume = fc.double({ min: 0, max: 1e12, noNaN: true });
    const point = fc.tuple(price, volume);
    const series = fc.array(point, { maxLength: 80 }).map((values): PricePoint[] =>
      historyOf(values.map(([close]) => close)).map((one, i) => ({
        ...one,
        volume: values[i]?.[1] ?? 0,
      })),
    );
    fc.assert(
      fc.property(series, series, (a, b) => {
        const metrics = similarityMetrics(a, b);
        for (const [name, value] of Object.entries(metrics)) {
          const low = name.endsWith("orrelation") || name.startsWith("correlation") ? -1 : 0;
          assert.ok(value >= low && value <= 1, `${name} ${value}`);
        }
        for (const [name, value] of Object.entries(similarityMetrics(b, a))) {
          assert.ok(Math.abs(value - metrics[name as keyof SimilarityMetrics]) < 1e-9, name);
        }
      }),
    );
  });
});
