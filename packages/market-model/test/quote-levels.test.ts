import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { lots, ticks } from "@tse/domain";
import { flattened, type QuoteConditions, type QuoteShape, quoteLevels } from "@tse/market-model";

/** Tick 0.01, lot 0.00001: the fixed-spread maker of BTC/USD. */
const shape: QuoteShape = {
  levels: 10,
  halfSpread: 3_333,
  reach: 111_111,
  buy: { nearest: lots(250_000), furthest: lots(2_500_000) },
  sell: { nearest: lots(180_000), furthest: lots(2_200_000) },
};

const calm: QuoteConditions = {
  fair: ticks(4_500_000),
  maxSpread: 100_000,
  spreadMultiplier: 1,
  liquidity: { buy: 1, sell: 1 },
};

describe("quote levels", () => {
  it("quotes BTC/USD at 45 000 as the profile fixed-spread says", () => {
    const { buy, sell } = quoteLevels(shape, calm);

    assert.deepEqual(buy[0], { price: 4_499_850, quantity: 250_000 });
    assert.deepEqual(sell[0], { price: 4_500_150, quantity: 180_000 });
    assert.deepEqual(buy[9], { price: 4_495_000, quantity: 2_500_000 });
    assert.deepEqual(sell[9], { price: 4_505_000, quantity: 2_200_000 });
    assert.equal(buy.length, 10);
    assert.equal(sell.length, 10);
  });

  it("spaces levels and sizes geometrically", () => {
    const { buy } = quoteLevels(shape, calm);
    const distances = buy.map(({ price }) => 4_500_000 - price);
    for (let level = 1; level < 10; level++) {
      const grown = (distances[level] as number) / (distances[level - 1] as number);
      assert.ok(Math.abs(grown - (5000 / 150) ** (1 / 9)) < 0.01);
      const larger = (buy[level]?.quantity as number) / (buy[level - 1]?.quantity as number);
      assert.ok(Math.abs(larger - 10 ** (1 / 9)) < 0.001);
    }
  });

  it("keeps levels a tick apart where ticks are coarse", () => {
    const { buy, sell } = quoteLevels(shape, { ...calm, fair: ticks(5_000) });
    for (const quotes of [buy, sell]) {
      assert.equal(new Set(quotes.map(({ price }) => price)).size, 10);
    }
    assert.deepEqual([buy[0]?.price, buy[1]?.price], [4_999, 4_998]);
    assert.deepEqual([sell[0]?.price, sell[1]?.price], [5_001, 5_002]);
  });

  it("is never wider at the touch than the maximum, unless told to widen", () => {
    const wide = { ...shape, halfSpread: 40_000 };
    const narrowed = quoteLevels(wide, { ...calm, fair: ticks(5_556) });
    assert.deepEqual([narrowed.buy[0]?.price, narrowed.sell[0]?.price], [5_554, 5_559]);

    const doubled = quoteLevels(wide, { ...calm, fair: ticks(5_556), spreadMultiplier: 2 });
    assert.deepEqual([doubled.buy[0]?.price, doubled.sell[0]?.price], [5_551, 5_561]);
  });

  it("quotes a spread of one tick when even that is wider than the maximum", () => {
    const { buy, sell } = quoteLevels(shape, { ...calm, fair: ticks(3) });
    assert.deepEqual([buy[0]?.price, sell[0]?.price], [3, 4]);
    assert.equal(buy.length, 3, "no price below one tick");
  });

  it("scales the sizes of each side and leaves out what is less than a lot", () => {
    const { buy, sell } = quoteLevels(shape, { ...calm, liquidity: { buy: 0.5, sell: 0 } });
    assert.equal(buy[0]?.quantity, 125_000);
    assert.deepEqual(sell, []);
  });
});

describe("flattened", () => {
  it("puts everything on the best level", () => {
    const full = quoteLevels(shape, calm);
    const flat = flattened(full);
    const total = full.buy.reduce((sum, { quantity }) => sum + quantity, 0);
    assert.deepEqual(flat.buy, [{ price: 4_499_850, quantity: total }]);
    assert.equal(flat.sell.length, 1);
  });

  it("leaves an empty side empty", () => {
    assert.deepEqual(flattened({ buy: [], sell: [] }), { buy: [], sell: [] });
  });
});
