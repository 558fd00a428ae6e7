import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Candles } from "@tse/market-statistics";
import { figure, tickText } from "../src/market/figure.ts";
import { chartMarkup } from "../src/realism/chart.ts";
import {
  dailyVolatility,
  hourlyVolume,
  hourProfile,
  returnDensity,
} from "../src/realism/curves.ts";
import { middle, verdictWord } from "../src/realism/fact-table.ts";
import { scaleOf } from "../src/realism/scale.ts";

const MINUTE_MS = 60_000;
const TWO_DAYS = 2_880;

/** Prices that go up and down by `size`, ten times as far in the hour from 14:00 UTC. */
function zigzag(size: number): Candles {
  const ts = Float64Array.from({ length: TWO_DAYS }, (_, i) => i * MINUTE_MS);
  const factor = (i: number) => (Math.floor(i / 60) % 24 === 14 ? 10 : 1);
  const close = ts.map((_, i) => 100 * Math.exp(i % 2 === 0 ? 0 : size * factor(i)));
  return { ts, open: close, high: close, low: close, close, volume: ts.map(() => 2) };
}

describe("A report's figures", () => {
  it("have some three digits for people, and as few as needed on an axis", () => {
    const figures = [0.0132, 1.239, -0.087, 17_100.4, 0, Number.NaN, undefined].map(figure);
    assert.deepEqual(figures, ["0.0132", "1.24", "−0.0870", "17,100", "0", "–", "–"]);
    assert.deepEqual([4, 0.5, -5, 45_000, 250_000, 3e6].map(tickText), [
      "4",
      "0.5",
      "−5",
      "45,000",
      "250 k",
      "3 M",
    ]);
  });

  it("say what several seeds have in common", () => {
    assert.equal(verdictWord(["in range", "in range"]), "in range");
    assert.equal(verdictWord(["in range", "below", "above"]), "1 of 3");
    assert.equal(verdictWord(["above", "above"]), "above");
    assert.equal(verdictWord(["too_short"]), "too short");
    assert.deepEqual(
      [middle([3, undefined, 1, 2]), middle([1, 2]), middle([])],
      [2, 1.5, undefined],
    );
  });
});

describe("A report's axes", () => {
  it("name round values, powers of ten on a logarithmic one", () => {
    assert.deepEqual(scaleOf({ kind: "linear", low: -12, high: 12 }).ticks, [-10, -5, 0, 5, 10]);
    assert.deepEqual(scaleOf({ kind: "log", low: 0.01, high: 3 }).ticks, [0.01, 0.1, 1]);
    assert.deepEqual(scaleOf({ kind: "log", low: 2, high: 30 }).ticks, [2, 5, 10, 20]);
    const log = scaleOf({ kind: "log", low: 1, high: 100 });
    assert.deepEqual([1, 10, 100].map(log.at), [0, 0.5, 1]);
  });

  it("hold what is beyond them, and text that is no markup", () => {
    const markup = chartMarkup({
      title: "a < b",
      about: "",
      x: { kind: "linear", low: 0, high: 1, label: "x" },
      y: { kind: "log", low: 0.1, high: 1, label: "y" },
      series: [
        {
          name: "s",
          tone: "gbm",
          kind: "line",
          points: [
            [0, -5],
            [1, 0.5],
            [2, 1],
          ],
        },
      ],
    });
    assert.ok(markup.includes("<h3>a &lt; b</h3>"));
    const [, points = ""] = /points="([^"]*)"/.exec(markup) ?? [];
    assert.equal(points.split(" ").length, 2);
    assert.ok(!markup.includes("NaN"));
  });
});

describe("A report's curves", () => {
  it("measure the day's profile, volatility and volume of candles", () => {
    const candles = zigzag(0.001);
    const hours = hourProfile([candles]);
    assert.equal(hours.length, 24);
    const [busy, quiet] = [hours[14]?.[1] ?? 0, hours[3]?.[1] ?? 0];
    assert.ok(Math.abs(busy / quiet - 10) < 0.2, `${busy / quiet}`);
    assert.deepEqual(hourlyVolume(candles).slice(0, 2), [
      [1 / 24, 120],
      [2 / 24, 120],
    ]);
    const days = dailyVolatility(candles);
    const expected = 100 * Math.sqrt(525_600 * 0.001 ** 2 * ((23 + 100) / 24));
    assert.equal(days.length, 2);
    assert.ok(Math.abs((days[0]?.[1] ?? 0) / expected - 1) < 0.02);
  });

  it("integrate to one over the returns", () => {
    const sum = returnDensity([zigzag(0.001)]).reduce(
      (total, [, density]) => total + density * 0.5,
      0,
    );
    assert.ok(Math.abs(sum - 1) < 1e-9);
    assert.deepEqual(returnDensity([zigzag(0)]), []);
  });
});
