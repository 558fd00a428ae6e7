import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { duration, lots } from "@tse/domain";
import { type FlowShape, OrderFlow } from "@tse/market-model";
import { seededRandom } from "@tse/simulation";

const shape: FlowShape = {
  meanGap: duration(2_000_000),
  longestGap: duration(5_500_000),
  median: lots(1_000),
  deviation: 1,
  smallest: lots(100),
  largest: lots(20_000),
};

const flow = (seed = 42): OrderFlow => new OrderFlow(shape, seededRandom(seed));

describe("OrderFlow", () => {
  it("comes at exponential gaps, none longer than promised", () => {
    const orders = flow();
    const gaps = Array.from({ length: 20_000 }, () => orders.gap());

    assert.ok(gaps.every((gap) => gap >= 1 && gap <= 5_500_000 && Number.isInteger(gap)));
    const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length;
    const expected = 2_000_000 * (1 - Math.exp(-5.5 / 2));
    assert.ok(Math.abs(mean / expected - 1) < 0.03);
  });

  it("draws log-normal sizes inside its limits", () => {
    const orders = flow();
    const sizes = Array.from({ length: 20_001 }, () => orders.wish(0).quantity as number);

    assert.ok(sizes.every((size) => size >= 100 && size <= 20_000 && Number.isInteger(size)));
    const median = sizes.sort((a, b) => a - b)[10_000] as number;
    assert.ok(Math.abs(median / 1_000 - 1) < 0.05);
  });

  it("buys and sells evenly when it leans nowhere, and follows a lean without becoming one-sided", () => {
    const buys = (lean: number) => {
      const orders = flow();
      let count = 0;
      for (let i = 0; i < 10_000; i++) if (orders.wish(lean).side === "buy") count += 1;
      return count / 10_000;
    };
    assert.ok(Math.abs(buys(0) - 0.5) < 0.02);
    assert.ok(Math.abs(buys(0.5) - 0.75) < 0.02);
    assert.ok(Math.abs(buys(7) - 0.95) < 0.01);
    assert.ok(Math.abs(buys(-1) - 0.05) < 0.01);
  });

  it("draws the same gaps and sizes whatever it leans to", () => {
    const [even, leaning] = [flow(), flow()];
    for (let i = 0; i < 100; i++) {
      assert.equal(even.wish(0).quantity, leaning.wish(i % 2 === 0 ? 1 : -1).quantity);
      assert.equal(even.gap(), leaning.gap());
    }
  });
});
