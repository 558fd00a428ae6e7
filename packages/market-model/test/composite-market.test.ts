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
    const shifted = new CompositeMarket("USD", new Map([["BTC", realistic(1)]]), {
      offsets: new Map([["BTC", 1]]),
    });
    assert.equal(shifted.logValue("BTC"), realistic(1).logValue("BTC") + 1);
  });

  /** Bitcoin at 1 in logs above what its model makes of it, with a bound `below` that. */
  const bounded = (above: number, highest: number, lowest = highest - 1) => {
    const own = realistic(1).logValue("BTC");
    const bounds = new Map([["BTC", { lowest: own + lowest, highest: own + highest }]]);
    const offsets = new Map(above === 0 ? [] : [["BTC", above] as const]);
    const market = new CompositeMarket("USD", new Map([["BTC", realistic(1)]]), {
      offsets,
      bounds,
    });
    return { market, stands: () => market.logValue("BTC") - own };
  };
  const near = (value: number, expected: number) =>
    assert.ok(Math.abs(value - expected) < 1e-12, `${value}, ${expected}`);

  it("mirrors a price at a bound that its model doesn't know", () => {
    const inside = bounded(1, 1);
    assert.equal(inside.market.reflect("BTC"), false);
    const above = bounded(1, 0.99);
    assert.equal(above.market.reflect("BTC"), true);
    near(above.stands(), 0.98);
    const below = bounded(-1, 0, -0.98);
    assert.equal(below.market.reflect("BTC"), true);
    near(below.stands(), -0.96);
    assert.equal(bounded(0, -0.1).market.reflect("BTC"), false);
  });

  it("shows no price outside of its bounds, and brings one that is far outside close to the bound", () => {
    const far = bounded(9, 0.5);
    near(far.stands(), 0.5);
    assert.equal(far.market.reflect("BTC"), true);
    near(far.stands(), 0.45);
    const replayed = bounded(0, -0.1);
    near(replayed.stands(), -0.1);
    near(replayed.market.fairLogValue("BTC"), replayed.market.logValue("BTC"));
    // Whoever goes on from there goes on from what was shown.
    const other = realistic(2);
    replayed.market.follow("BTC", other);
    near(replayed.stands(), -0.1);
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
