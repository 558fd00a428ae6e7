import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  autocorrelation,
  correlationMatrix,
  detrendedFluctuation,
  hill,
  kolmogorovSmirnov,
  kurtosis,
  logReturns,
  mean,
  median,
  pearson,
  quantile,
  spearman,
  standardDeviation,
} from "../src/index.ts";
import { near } from "./near.ts";
import { autoregressive, fractional, gaussian, pareto } from "./noise.ts";

const noise = gaussian(50_000, 1);

describe("logReturns", () => {
  it("takes the logarithm of the ratio of neighbours, or of every step-th price", () => {
    const prices = Array.from({ length: 8 }, (_, i) => Math.exp(0.01 * i * i));
    near(logReturns(prices)[2], 0.05, 1e-12);
    assert.equal(logReturns(prices, 3).length, 2);
    near(logReturns(prices, 3)[1], 0.27, 1e-12);
  });

  it("gives nothing for fewer than two prices, and no number around a price that is not positive", () => {
    assert.equal(logReturns([100]).length, 0);
    assert.equal(logReturns([]).length, 0);
    assert.equal(mean(logReturns([100, 0, 100, 101])), undefined);
    assert.equal(kurtosis(logReturns([100, -1, 100, 101, 102, 103])), undefined);
  });
});

describe("moments", () => {
  it("are those of small samples by hand", () => {
    assert.equal(mean([1, 2, 6]), 3);
    near(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9]), 2, 1e-12);
    near(kurtosis([-1, -1, 1, 1]), -2, 1e-12);
  });

  it("give no excess for a normal law, 3 for a Laplace law, and -1.2 for an even one", () => {
    near(kurtosis(noise), 0, 0.1);
    const exponentials = pareto(200_000, 1, 2).map((x) => Math.sign(x) * Math.log(Math.abs(x)));
    near(kurtosis(exponentials), 3, 0.3);
    near(kurtosis(Array.from({ length: 1001 }, (_, i) => i)), -1.2, 0.01);
  });
});

describe("quantile", () => {
  it("is linear between neighbours", () => {
    assert.equal(quantile([40, 10, 30, 20], 0.5), 25);
    assert.equal(quantile([40, 10, 30, 20], 0), 10);
    assert.equal(quantile([40, 10, 30, 20], 1), 40);
    assert.equal(median([3, 1, 2]), 2);
  });

  it("does not change its input", () => {
    const values = [3, 1, 2];
    median(values);
    assert.deepEqual(values, [3, 1, 2]);
  });
});

describe("correlation", () => {
  it("is 1 along a line, and by rank along any rising curve", () => {
    const x = Array.from({ length: 50 }, (_, i) => i);
    near(
      pearson(
        x,
        x.map((i) => 5 - 2 * i),
      ),
      -1,
      1e-12,
    );
    near(
      spearman(
        x,
        x.map((i) => Math.exp(i / 5)),
      ),
      1,
      1e-12,
    );
  });

  it("finds the correlation that two series were made with", () => {
    const other = gaussian(50_000, 2);
    const mixed = noise.map((x, i) => 0.8 * x + 0.6 * other[i]!);
    near(pearson(noise, mixed), 0.8, 0.01);
    near(spearman(noise, mixed), (6 / Math.PI) * Math.asin(0.4), 0.01);
    const matrix = correlationMatrix([noise, mixed, other])!;
    near(matrix[0]![1], 0.8, 0.01);
    near(matrix[2]![1], 0.6, 0.01);
    near(matrix[0]![2], 0, 0.02);
    assert.equal(matrix[1]![1], 1);
    assert.equal(matrix[1]![2], matrix[2]![1]);
  });

  it("gives equal values the mean of their ranks", () => {
    // Ranks 1.5 1.5 3 4 against 1 2 3 4.
    near(spearman([1, 1, 2, 3], [1, 2, 3, 4]), 4.5 / Math.sqrt(4.5 * 5), 1e-12);
  });
});

describe("autocorrelation", () => {
  it("falls geometrically for an AR(1)", () => {
    const series = autoregressive(100_000, 0.8, 3);
    near(autocorrelation(series, 1), 0.8, 0.02);
    near(autocorrelation(series, 3), 0.512, 0.02);
    assert.equal(autocorrelation(series, 0), 1);
  });

  it("follows a season round", () => {
    const sine = Array.from({ length: 2_400 }, (_, i) => Math.sin((2 * Math.PI * i) / 24));
    near(autocorrelation(sine, 24), 1, 0.01);
    near(autocorrelation(sine, 12), -1, 0.01);
    near(autocorrelation(sine, 6), 0, 0.01);
  });
});

describe("kolmogorovSmirnov", () => {
  it("is the largest gap of the two distribution functions", () => {
    assert.equal(kolmogorovSmirnov([1, 2, 3, 4], [3, 4, 5, 6])?.distance, 0.5);
    assert.equal(kolmogorovSmirnov([1, 1, 1], [1, 1])?.distance, 0);
    assert.equal(kolmogorovSmirnov([1, 2], [3])?.distance, 1);
  });

  it("lets two samples of one law pass, and not two of different ones", () => {
    const same = kolmogorovSmirnov(gaussian(2_000, 4), gaussian(3_000, 5))!;
    assert.ok(same.pValue > 0.05, `${same.pValue}`);
    const wider = gaussian(3_000, 5).map((x) => 1.2 * x);
    assert.ok(kolmogorovSmirnov(gaussian(2_000, 4), wider)!.pValue < 0.01);
  });

  it("knows the five-percent point: 1.358 deviations for large samples", () => {
    // Two even grids of 10,000, one shifted by the distance of that point.
    const grid = Array.from({ length: 10_000 }, (_, i) => i);
    const shifted = grid.map((x) => x + 192.05);
    near(kolmogorovSmirnov(grid, shifted)?.pValue, 0.05, 0.003);
  });
});

describe("hill", () => {
  it("finds the index of a power law, on both sides of zero", () => {
    near(hill(pareto(50_000, 3, 6), 0.05), 3, 0.2);
    near(hill(pareto(50_000, 1.5, 7), 0.05), 1.5, 0.1);
  });

  it("is large for a thin tail", () => {
    assert.ok(hill(noise, 0.005)! > 7);
  });
});

describe("detrendedFluctuation", () => {
  const scales = { shortest: 10, longest: 1_000 };

  it("is a half without memory, and H for fractional noise", () => {
    near(detrendedFluctuation(noise, scales), 0.5, 0.04);
    near(detrendedFluctuation(fractional(10_000, 0.3, 8, 2_000), scales), 0.8, 0.06);
    near(detrendedFluctuation(fractional(10_000, -0.2, 9, 2_000), scales), 0.3, 0.06);
  });

  it("is 1.5 for a random walk, whatever its level", () => {
    let sum = 1e6;
    const walk = noise.map((x) => {
      sum += x;
      return sum;
    });
    near(detrendedFluctuation(walk, scales), 1.5, 0.08);
  });
});

describe("of degenerate input, every estimator", () => {
  const scales = { shortest: 4, longest: 8 };
  const estimators: Record<string, (values: number[]) => unknown> = {
    mean,
    standardDeviation,
    kurtosis,
    median,
    pearson: (values) => pearson(values, values),
    spearman: (values) => spearman(values, values),
    correlationMatrix: (values) => correlationMatrix([values, values]),
    autocorrelation: (values) => autocorrelation(values, 1),
    kolmogorovSmirnov: (values) => kolmogorovSmirnov(values, [1, 2, 3]),
    hill: (values) => hill(values, 0.2),
    detrendedFluctuation: (values) => detrendedFluctuation(values, scales),
  };

  for (const [name, estimate] of Object.entries(estimators)) {
    it(`${name} says undefined of nothing, and where a value is not a number`, () => {
      assert.equal(estimate([]), undefined);
      const broken = Array.from({ length: 100 }, (_, i) => (i === 50 ? Number.NaN : i));
      assert.equal(estimate(broken), undefined);
    });
  }

  it("that needs spread says undefined of a constant, also of one that rounds", () => {
    for (const constant of [0, 0.1, 12_345.678]) {
      const values = new Array<number>(100).fill(constant);
      for (const name of ["kurtosis", "pearson", "spearman", "autocorrelation"]) {
        assert.equal(estimators[name]!(values), undefined, name);
      }
      assert.equal(hill(values, 0.2), undefined);
      assert.equal(detrendedFluctuation(values, scales), undefined);
      near(standardDeviation(values), 0, 1e-9);
    }
  });

  it("says undefined of series of different lengths", () => {
    assert.equal(pearson([1, 2, 3], [1, 2, 3, 4]), undefined);
    assert.equal(spearman([1, 2, 3], [1, 2, 3, 4]), undefined);
  });
});
