import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { duration, increment, timestamp } from "@tse/domain";
import { seededRandom } from "@tse/simulation";
import { ModelConditions, REALISTIC_ASSETS, RealisticMarket } from "../../src/index.ts";

const START = Date.UTC(2026, 0, 5) * 1000;
const MINUTE = 60_000_000;

describe("The conditions that a price model gives order flow", () => {
  const market = new RealisticMarket({
    unitOfAccount: "USD",
    assets: REALISTIC_ASSETS,
    step: duration(100_000),
    start: timestamp(START),
    random: seededRandom(7),
  });
  const instrument = { baseAsset: "ETH", quoteAsset: "BTC", tickSize: increment("0.00001") };
  const conditions = new ModelConditions(market, instrument);
  conditions.advanceTo(START + MINUTE);

  it("move the model on, and have the fair price in ticks of the quote asset", () => {
    assert.equal(market.time, START + MINUTE);
    const [base, quote] = [market.fairLogValue("ETH"), market.fairLogValue("BTC")];
    const ticks = Math.exp(base - quote) / 0.000_01;
    assert.ok(Math.abs(conditions.fair() / ticks - 1) < 1e-12);
  });

  it("have the volatility of a second, and more market orders as it rises, but less than by as much", () => {
    const wildness = market.volatility("ETH") / market.usualVolatility("ETH");
    const second = market.volatility("ETH") / Math.sqrt(365 * 86_400);
    assert.ok(Math.abs(conditions.volatility() / second - 1) < 1e-12);
    assert.ok(Math.abs(Math.log(conditions.activity()) / Math.log(wildness) - 0.93) < 1e-9);
  });

  it("are usual where no scenario is", () => {
    assert.deepEqual([conditions.depth(), conditions.spread()], [1, 1]);
  });
});
