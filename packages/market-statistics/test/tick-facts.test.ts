import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { seededRandom } from "@tse/simulation";
import { sliceTape, TICK_FACTS, type TickFactId, tickFacts, tickSample } from "../src/index.ts";
import { near } from "./near.ts";
import { autoregressive, gaussian, pareto } from "./noise.ts";
import { type MadeOrder, randomTape, tapeOf } from "./tapes.ts";

/** An order every `every` milliseconds. */
function regular(
  count: number,
  every: number,
  order: (i: number) => Omit<MadeOrder, "at" | "sign"> & { readonly sign?: number },
): MadeOrder[] {
  return Array.from({ length: count }, (_, i) => ({ at: i * every, sign: 1, ...order(i) }));
}

/** Signs of which each is that of the one before with chance `same`. */
function signsOf(count: number, same: number, seed: number): number[] {
  const random = seededRandom(seed);
  let sign = 1;
  return Array.from({ length: count }, () => {
    sign *= random.next() < same ? 1 : -1;
    return sign;
  });
}

describe("tickSample", () => {
  const tape = tapeOf([
    { at: 0.2, sign: 1, fills: [1, 2], middle: 100.015, spread: 0.03 },
    { at: 0.9, sign: 1, fills: [4] },
    { at: 0.9, sign: -1, fills: [8] },
    { at: 1, sign: -1, fills: [16] },
  ]);

  it("takes trades of one millisecond and side for one order, with the quote of the first", () => {
    const { trades, orders } = tickSample(tape);
    assert.equal(trades, 5);
    assert.deepEqual([...orders.sizes], [7, 8, 16]);
    assert.deepEqual([...orders.signs], [1, -1, -1]);
    assert.deepEqual([orders.bids[0], orders.asks[0]], [100, 100.03]);
  });

  it("finds the tick, however far apart prices are", () => {
    near(tickSample(tape).tick, 0.01, 1e-9);
    assert.equal(tickSample(sliceTape(tape, 0, 0)).tick, undefined);
  });

  it("sets orders that met a side without orders apart from what is measured of quotes", () => {
    const empty = { ...tape, bid: tape.bid.with(3, Number.NaN) };
    assert.equal(tickSample(empty).orders.sizes.length, 3);
    assert.deepEqual([...tickSample(empty).quoted.sizes], [7, 16]);
  });
});

describe("tickFacts of random orders around a random walk", () => {
  const facts = tickFacts(randomTape(1200, 1));

  it("find neither clusters nor memory", () => {
    near(facts.tradeRate, 10, 0.3);
    near(facts.arrivalSpread, 1, 0.03);
    near(facts.branching, 0, 0.1);
    near(facts.signAcf1, 0, 0.03);
    near(facts.signAcf10, 0, 0.03);
  });

  it("find sizes without a tail, and quotes that foretell nothing", () => {
    near(facts.sizeRatio, 1 / Math.LN2, 0.1);
    assert.ok(facts.sizeTail! > 3);
    near(facts.oneTickSpread, 0.25, 0.03);
    near(facts.imbalance, 0, 0.03);
    near(facts.impactCorrelation, 0, 0.06);
    near(facts.impactExponent, 0, 0.1);
  });

  it("find a walk: the same volatility at each scale, returns without correlation", () => {
    near(facts.signature, 1, 0.15);
    near(facts.returnAcf, 0, 0.03);
  });
});

describe("tickFacts of a tape that was made with one property", () => {
  it("count trades a second and a market order", () => {
    const facts = tickFacts(tapeOf(regular(1001, 100, () => ({ fills: [1, 1, 1] }))));
    near(facts.tradeRate, 30, 0.03);
    near(facts.fillsPerOrder, 3, 1e-12);
  });

  it("see batches of four at random: the variance of counts is four times their mean", () => {
    const random = seededRandom(2);
    const orders: MadeOrder[] = [];
    for (let at = 0; orders.length < 20_000; at += 10 - 400 * Math.log(1 - random.next())) {
      for (let i = 0; i < 4; i++) orders.push({ at: Math.floor(at) + 2 * i, sign: 1 });
    }
    const facts = tickFacts(tapeOf(orders));
    near(facts.branching, 0.5, 0.06);
    near(facts.arrivalSpread, Math.sqrt(7), 0.1);
    const even = tickFacts(tapeOf(regular(2000, 100, () => ({}))));
    assert.ok(even.branching === undefined || even.branching < -1);
    near(even.arrivalSpread, 0, 1e-12);
  });

  it("find the spread and the tail of sizes", () => {
    const tails = pareto(20_000, 1.2, 3).map(Math.abs);
    near(
      tickFacts(tapeOf(regular(20_000, 10, (i) => ({ fills: [tails[i]!] })))).sizeTail,
      1.2,
      0.1,
    );
    const logs = gaussian(20_000, 4);
    const facts = tickFacts(tapeOf(regular(20_000, 10, (i) => ({ fills: [Math.exp(logs[i]!)] }))));
    near(facts.sizeSpread, 1, 0.02);
    near(facts.sizeRatio, Math.exp(0.5), 0.05);
  });

  it("find the memory of sides", () => {
    const signs = signsOf(20_000, 0.9, 5);
    const facts = tickFacts(tapeOf(regular(20_000, 10, (i) => ({ sign: signs[i]! }))));
    near(facts.signAcf1, 0.8, 0.02);
    near(facts.signAcf10, 0.8 ** 10, 0.03);
  });

  it("measure quotes: spreads, quantities, moves", () => {
    const orders = regular(1000, 100, (i) => ({
      middle: 10_000 + (i % 3 === 0 ? 1 : 0),
      spread: i % 4 === 0 ? 0.04 : 0.02,
      bidSize: 2,
      askSize: 5,
    }));
    const narrow = { at: 200_000, sign: 1, middle: 10_000.005, bidSize: 2, askSize: 5 };
    const facts = tickFacts(tapeOf([...orders, narrow]));
    near(facts.oneTickSpread, 1 / 1001, 1e-9);
    near(facts.meanSpread, 0.025, 0.001);
    near(facts.touchSize, 3.5, 1e-9);
    near(facts.jump, 1, 1e-3);
    near(facts.returnAcf, -0.5, 0.01);
    near(facts.signature, Math.sqrt(0.1), 0.01);
  });

  it("find returns that go on", () => {
    const returns = autoregressive(20_000, 0.6, 6);
    let middle = 60_000;
    const facts = tickFacts(
      tapeOf(
        regular(20_000, 100, (i) => {
          middle += returns[i]!;
          return { middle };
        }),
      ),
    );
    near(facts.returnAcf, 0.6, 0.03);
    assert.ok(facts.signature! > 1.02);
  });

  it("find an imbalance that foretells the next move three times in four", () => {
    const random = seededRandom(7);
    let middle = 60_000;
    const orders = regular(20_000, 100, () => {
      const leans = random.next() < 0.5 ? -1 : 1;
      const order = { middle, bidSize: 2 + leans, askSize: 2 - leans };
      middle += random.next() < 0.75 ? leans : -leans;
      return order;
    });
    near(tickFacts(tapeOf(orders)).imbalance, 0.5, 0.02);
  });

  it("find an impact of the root of what is traded", () => {
    const sizes = gaussian(3000, 8).map((x) => Math.exp(1.5 * x));
    const signs = signsOf(3000, 0.5, 9);
    let middle = 60_000;
    const orders = regular(3000, 5000, (i) => {
      const order = { middle, sign: signs[i]!, fills: [sizes[i]!] };
      middle += 10 * signs[i]! * Math.sqrt(sizes[i]!);
      return order;
    });
    const facts = tickFacts(tapeOf(orders));
    near(facts.impactExponent, 0.5, 0.03);
    assert.ok(facts.impactCorrelation! > 0.9, `${facts.impactCorrelation}`);
    near(facts.response, 1, 0.1);
  });

  it("find a response that grows where sides remember", () => {
    const signs = signsOf(20_000, 0.9, 10);
    let middle = 60_000;
    const orders = regular(20_000, 100, (i) => {
      const order = { middle, sign: signs[i]! };
      middle += 0.1 * signs[i]!;
      return order;
    });
    // Σ 0.8^k for k = 0 to 9.
    near(tickFacts(tapeOf(orders)).response, (1 - 0.8 ** 10) / 0.2, 0.25);
  });
});

describe("tickFacts of little or nothing", () => {
  it("have no number, and never one that is not finite", () => {
    for (const count of [0, 1, 2, 20]) {
      const facts = tickFacts(tapeOf(regular(count, 100, () => ({}))));
      for (const id of Object.keys(TICK_FACTS) as TickFactId[]) {
        const value = facts[id];
        assert.ok(value === undefined || Number.isFinite(value), `${id} ${value}`);
      }
      assert.equal(facts.signAcf1, undefined);
      assert.equal(facts.impactCorrelation, undefined);
    }
  });
});
