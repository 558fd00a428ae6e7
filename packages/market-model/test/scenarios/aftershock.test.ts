import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { duration } from "@tse/domain";
import { DiffusionMarket } from "@tse/market-model";
import { seededRandom } from "@tse/simulation";
import { after, definition, HOUR, MINUTE, recorded, SECOND, START, starting } from "./worlds.ts";

describe("An aftershock", () => {
  it("dies away in the returns of a market with the exponent that was asked for", () => {
    for (const exponent of [0.26, 0.49, 0.62]) {
      const observed = observedExponent(exponent);
      assert.ok(Math.abs(observed - exponent) < 0.1, `${observed}, not ${exponent}`);
    }
  });
});

/** Slope of what volatility has above normal against 1 + t/scale, both as logarithms: by returns, in bins of time. */
function observedExponent(exponent: number): number {
  const [scale, peak, volatility, hours, width] = [5 * MINUTE, 12, 0.5, 3, 0.4];
  const { board, perform } = recorded();
  const prices = new DiffusionMarket({
    unitOfAccount: "USD",
    assets: [
      {
        asset: "BTC",
        start: 100,
        lowest: 1e-9,
        highest: 1e9,
        path: { mode: "gbm", volatility },
        dailyVolume: 1,
      },
    ],
    correlation: () => 0,
    step: duration(SECOND),
    start: START,
    random: seededRandom(3),
    overlay: board,
  });
  const course = { course: "aftershock", peak, at: 0, rise: 0, scale, exponent } as const;
  perform(
    starting(
      definition([{ on: "volatility", assets: ["BTC"], course }], { duration: hours * HOUR }),
    ),
  );
  const bins: { squares: number; count: number }[] = [];
  let before = prices.logValue("BTC");
  for (let at = SECOND; at <= hours * HOUR; at += SECOND) {
    prices.advanceTo(after(at));
    const moved = prices.logValue("BTC") - before;
    before += moved;
    const index = Math.floor(Math.log(1 + at / scale) / width);
    const { squares, count } = bins[index] ?? { squares: 0, count: 0 };
    bins[index] = { squares: squares + moved ** 2, count: count + 1 };
  }
  const usual = volatility * Math.sqrt(SECOND / (365 * 24 * HOUR));
  const points = bins.map(({ squares, count }, index) => ({
    x: (index + 0.5) * width,
    y: Math.log(Math.sqrt(squares / count) / usual - 1),
  }));
  const mean = (of: "x" | "y") => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [x, y] = [mean("x"), mean("y")];
  const rise = points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0);
  return -rise / points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
}
