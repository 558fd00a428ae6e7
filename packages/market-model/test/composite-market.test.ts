import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { duration, InvariantViolation, timestamp } from "@tse/domain";
import {
  CompositeMarket,
  type MarketModel,
  REALISTIC_ASSETS,
  RealisticMarket,
} from "@tse/market-model";
import { seededRandom } from "@tse/simulation";

const SECOND = 1_000_000;
const START = Date.UTC(2026, 0, 5) * 1000;

function realistic(seed: number, start = START): MarketModel {
  return new RealisticMarket({
    unitOfAccount: "USD",
    assets: REALISTIC_ASSETS,
    step: duration(SECOND),
    start: timestamp(start),
    random: seededRandom(seed),
  });
}

describe("CompositeMarket", () => {
  it("gives each asset what its own model makes", () => {
    const [one, two] = [realistic(1), realistic(2)] as const;
    const market = new CompositeMarket(
      "USD",
      new Map([
        ["BTC", one],
        ["ETH", two],
      ]),
    );
    market.advanceTo(timestamp(START + 600 * SECOND));
    assert.equal(market.time, START + 600 * SECOND);
    for (const [asset, model] of [
      ["BTC", one],
      ["ETH", two],
    ] as const) {
      assert.equal(market.logValue(asset), model.logValue(asset));
      assert.equal(market.fairLogValue(asset), model.fairLogValue(asset));
      assert.equal(market.volume(asset), model.volume(asset));
      assert.equal(market.volatility(asset), model.volatility(asset));
      assert.equal(market.usualVolatility(asset), model.usualVolatility(asset));
      assert.equal(market.side(asset), model.side(asset));
      assert.deepEqual([market.depthFactor(asset), market.spreadFactor(asset)], [1, 1]);
    }
    assert.equal(market.logValue("USD"), 0);
    assert.deepEqual([market.depthFactor("USD"), market.spreadFactor("USD")], [1, 1]);
  });

  it("changes a model without a jump, and makes the new one's moves from there", () => {
    const market = new CompositeMarket("USD", new Map([["BTC", realistic(1)]]));
    const at = (second: number) => timestamp(START + second * SECOND);
    market.advanceTo(at(600));
    const before = market.logValue("BTC");
    const next = realistic(2);
    next.advanceTo(at(600));
    market.follow("BTC", next);
    assert.ok(Math.abs(market.logValue("BTC") - before) < 1e-12);
    const stood = next.logValue("BTC");
    market.advanceTo(at(1200));
    const moved = next.logValue("BTC") - stood;
    assert.notEqual(moved, 0);
    assert.ok(Math.abs(market.logValue("BTC") - before - moved) < 1e-12);
  });

  it("comes to the new model's own price over a half-life, or at once with a jump", () => {
    const at = (second: number) => timestamp(START + second * SECOND);
    const home = realistic(2);
    home.advanceTo(at(600));
    for (const [halfLife, kept] of [
      [100 * SECOND, 0.25],
      [0, 0],
    ] as const) {
      const market = new CompositeMarket("USD", new Map([["BTC", realistic(1)]]));
      market.advanceTo(at(600));
      const away = market.logValue("BTC") - home.logValue("BTC");
      const model = realistic(2);
      model.advanceTo(at(600));
      market.follow("BTC", model, halfLife);
      assert.equal(market.offset("BTC"), halfLife === 0 ? 0 : away);
      market.advanceTo(at(800));
      assert.ok(Math.abs(market.logValue("BTC") - model.logValue("BTC") - kept * away) < 1e-12);
    }
    const shifted = new CompositeMarket(
      "USD",
      new Map([["BTC", realistic(1)]]),
      new Map([["BTC", 1]]),
    );
    assert.equal(shifted.logValue("BTC"), realistic(1).logValue("BTC") + 1);
  });

  it("mirrors a price at a bound that its model doesn't know", () => {
    const [model, own] = [realistic(1), realistic(1)];
    const market = new CompositeMarket("USD", new Map([["BTC", model]]), new Map([["BTC", 1]]));
    const [stands, bound] = [market.logValue("BTC"), market.logValue("BTC") - 0.01];
    assert.equal(market.reflect("BTC", bound - 1, stands), false);
    assert.equal(market.reflect("BTC", bound - 1, bound), true);
    assert.ok(Math.abs(market.logValue("BTC") - (bound - 0.01)) < 1e-12);
    assert.equal(market.reflect("BTC", stands, stands + 1), true);
    assert.ok(Math.abs(market.logValue("BTC") - (stands + 0.02)) < 1e-12);
    const plain = new CompositeMarket("USD", new Map([["BTC", own]]));
    assert.equal(plain.reflect("BTC", 0, 1), false);
  });

  it("takes models of one grid only, and knows its assets only", () => {
    const late = realistic(2, START + SECOND);
    const market = new CompositeMarket("USD", new Map([["BTC", realistic(1)]]));
    assert.throws(() => market.follow("BTC", late), InvariantViolation);
    assert.throws(() => market.logValue("ETH"), InvariantViolation);
    const both = new Map([
      ["BTC", realistic(1)],
      ["ETH", late],
    ]);
    assert.throws(() => new CompositeMarket("USD", both), InvariantViolation);
  });
});
