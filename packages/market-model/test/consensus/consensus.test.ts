import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { duration, timestamp } from "@tse/domain";
import { Consensus, type ConsensusOptions, type ConsensusResult } from "@tse/market-model";
import fc from "fast-check";

const START = Date.UTC(2026, 0, 5) * 1000;
const SECOND = 1_000_000;
const SOURCES = [
  { name: "coingecko", priority: 1 },
  { name: "coinmarketcap", priority: 2 },
  { name: "binance", priority: 3 },
] as const;
type Name = (typeof SOURCES)[number]["name"];
type Prices = Partial<Record<Name, number>>;

/** A consensus without smoothing, whose sources say something at seconds of its life. */
function given(options: Partial<ConsensusOptions> = {}) {
  const consensus = new Consensus({
    sources: SOURCES,
    lowest: 1,
    highest: 1_000_000,
    haltThreshold: 0.2,
    halfLife: duration(0),
    ...options,
  });
  const at = (second: number) => timestamp(START + Math.round(second * SECOND));
  const say = (second: number, prices: Prices, volumes: Prices = {}) => {
    for (const [source, price] of Object.entries(prices)) {
      const volume = volumes[source as Name];
      const quote = { source, price, at: at(second), ...(volume !== undefined && { volume }) };
      assert.equal(consensus.offer(quote), undefined);
    }
  };
  /** What is agreed at the second after the sources said this. */
  const agreed = (second: number, prices: Prices = {}, volumes: Prices = {}) => {
    say(second, prices, volumes);
    return consensus.evaluate(at(second));
  };
  return { consensus, at, say, agreed };
}

const all = (price: number): Prices => ({ coingecko: price, coinmarketcap: price, binance: price });
const kinds = ({ events }: ConsensusResult) => events.map(({ kind }) => kind);
const near = (value: number | undefined, expected: number) =>
  assert.ok(Math.abs((value ?? Number.NaN) - expected) < 1e-9, `${value} is ${expected}`);

describe("Consensus", () => {
  it("weighs by priority, and is sure of fresh sources that agree", () => {
    const { agreed } = given();
    const result = agreed(0, { coingecko: 100, coinmarketcap: 100.03, binance: 100.06 });
    near(result.price, (6 * 100 + 3 * 100.03 + 2 * 100.06) / 11);
    assert.equal(result.state, "live");
    assert.ok(result.confidence > 0.97 && result.confidence < 1);
    near(agreed(1, all(100)).confidence, 1);
  });

  it("weighs by volume, a missing one as the median of the others", () => {
    const { agreed } = given();
    const prices = { coingecko: 100, coinmarketcap: 100.03, binance: 100.06 };
    near(
      agreed(0, prices, { coingecko: 3, coinmarketcap: 1, binance: 3 }).price,
      100.03 - (0.03 * (3 - 1)) / (3 + 0.5 + 1),
    );
    const { used } = agreed(1, prices, { coinmarketcap: 2, binance: 6 });
    assert.deepEqual(
      used.map(({ weight }) => Number(weight.toFixed(6))),
      [4 / 7, 1 / 7, 2 / 7].map((weight) => Number(weight.toFixed(6))),
    );
    const idle = agreed(2, prices, { coingecko: 0, coinmarketcap: 0, binance: 0 });
    near(idle.used[0]?.weight, 6 / 11);
  });

  it("drops one wrong source of three, and is less sure", () => {
    for (const wrong of SOURCES.map(({ name }) => name)) {
      const { agreed } = given();
      const before = agreed(0, all(100));
      const result = agreed(1, { ...all(100), [wrong]: 103 });
      near(result.price, 100);
      assert.deepEqual(result.dropped, [{ source: wrong, reason: "outlier" }]);
      near(before.confidence - result.confidence, 0.4 / 3);
      assert.equal(result.events[0]?.kind, "source_dropped");
    }
  });

  it("keeps quotes within twice the floor of 5 basis points, and those of two that disagree", () => {
    const { agreed } = given();
    assert.equal(agreed(0, { ...all(100), binance: 100.09 }).used.length, 3);
    assert.equal(agreed(1, { ...all(100), binance: 100.11 }).used.length, 2);
    const two = given().agreed(0, { coingecko: 100, coinmarketcap: 110 });
    assert.equal(two.used.length, 2);
    // Two thirds of the sources, no agreement, fresh.
    near(two.confidence, 0.8 / 3 + 0.2);
  });

  it("leaves out what is older than 30 s, fails over, and comes back", () => {
    const { agreed } = given();
    agreed(0, all(100));
    agreed(15, { coinmarketcap: 100, binance: 100 });
    const last = agreed(30);
    assert.equal(last.used.length, 3);
    const over = agreed(31);
    assert.deepEqual(over.events, [
      { kind: "source_dropped", source: "coingecko", reason: "stale" },
      { kind: "failover", from: "coingecko", to: "coinmarketcap" },
    ]);
    const stale = agreed(46);
    assert.equal(stale.state, "stale");
    assert.equal(stale.price, 100);
    assert.equal(stale.confidence, 0);
    const back = agreed(47, { coingecko: 101 });
    assert.deepEqual(kinds(back), ["source_used", "failover"]);
    assert.equal(back.state, "live");
    near(back.price, 101);
  });

  it("trusts what is older less", () => {
    const { agreed } = given();
    agreed(0, all(100));
    near(agreed(15).confidence, 0.4 + 0.4 + 0.1);
  });

  it("refuses quotes of strangers, out of order and out of range", () => {
    const { consensus, at, say } = given();
    say(5, all(100));
    const quote = { source: "binance", price: 100, at: at(6) };
    assert.equal(consensus.offer({ ...quote, source: "kraken" }), "unknown_source");
    assert.equal(consensus.offer({ ...quote, at: at(5) }), "out_of_order");
    for (const price of [0.99, 1_000_001, Number.NaN, -5, Number.POSITIVE_INFINITY]) {
      assert.equal(consensus.offer({ ...quote, price }), "out_of_range");
    }
    assert.equal(consensus.offer(quote), undefined);
  });

  it("goes half the way to a new price in a half-life, however often it is asked", () => {
    for (const pieces of [1, 4, 10]) {
      const { agreed, say } = given({ halfLife: duration(SECOND) });
      agreed(0, all(100));
      say(0.001, all(104));
      for (let i = 1; i < pieces; i++) agreed(i / pieces);
      near(agreed(1).price, 102);
    }
  });

  it("has no price before a source has one", () => {
    const result = given().agreed(0);
    assert.equal(result.price, undefined);
    assert.equal(result.state, "stale");
    assert.deepEqual(result.events, []);
    assert.equal(result.dropped.length, 3);
  });

  it("depends on nothing but the quotes, in any order of arrival, and is inside them", () => {
    const anyPrices = fc.array(fc.double({ min: 1, max: 1e6, noNaN: true }), {
      minLength: 3,
      maxLength: 3,
    });
    fc.assert(
      fc.property(anyPrices, fc.shuffledSubarray([0, 1, 2], { minLength: 1 }), (prices, order) => {
        const pricesOf = (places: readonly number[]) =>
          Object.fromEntries(places.map((i) => [SOURCES[i]?.name, prices[i]]));
        const result = given().agreed(0, pricesOf(order));
        assert.deepEqual(given().agreed(0, pricesOf([...order].sort())), result);
        const said = order.map((i) => prices[i] as number);
        assert.ok((result.price ?? 0) >= Math.min(...said) * (1 - 1e-12));
        assert.ok((result.price ?? 0) <= Math.max(...said) * (1 + 1e-12));
        assert.ok(result.confidence >= 0 && result.confidence <= 1);
      }),
    );
  });
});

describe("a halt of Consensus", () => {
  it("stops at a move of 25 % within a minute, up or down, and holds the price", () => {
    for (const moved of [125, 75]) {
      const { agreed, consensus } = given();
      agreed(0, all(100));
      const result = agreed(30, all(moved));
      assert.equal(result.state, "halted");
      assert.equal(result.price, 100);
      assert.deepEqual(result.events, [{ kind: "halted", price: moved, last: 100 }]);
      assert.ok(consensus.isHalted);
      assert.equal(agreed(40, all(moved)).price, 100);
    }
  });

  it("lets a move of 20 % and a slower one pass", () => {
    const { agreed } = given();
    agreed(0, all(100));
    assert.equal(agreed(59, all(120)).state, "live");
    const slow = given();
    for (let i = 0; i <= 20; i++) {
      assert.equal(slow.agreed(i * 20, all(100 * 1.06 ** i)).state, "live");
    }
  });

  it("lets pass what is exempt, whenever it is said, and nothing besides", () => {
    const { agreed, consensus, at } = given();
    const say = (second: number, price: number, source: Name, exempt?: number) => {
      const quote = { source, price, at: at(second), ...(exempt !== undefined && { exempt }) };
      assert.equal(consensus.offer(quote), undefined);
      return consensus.evaluate(at(second));
    };
    agreed(0, all(100));
    const half = Math.log(0.5);
    assert.equal(say(1, 50, "binance", half).state, "live");
    assert.equal(say(5, 50, "coinmarketcap", half).price, 50);
    assert.equal(say(20, 50, "coingecko", half).state, "live");
    say(22, 62.5, "binance", half);
    const result = say(22, 62.5, "coinmarketcap", half);
    assert.equal(result.state, "halted");
    assert.deepEqual(result.events.at(-1), { kind: "halted", price: 62.5, last: 50 });
  });

  it("counts from the price that was there before a source said anything", () => {
    for (const [said, state] of [
      [125, "halted"],
      [110, "live"],
    ] as const) {
      const { agreed, consensus, at } = given({ halfLife: duration(SECOND) });
      consensus.begin(100, at(0));
      assert.equal(agreed(0).price, undefined);
      const result = agreed(1, all(said));
      assert.equal(result.state, state);
      near(result.price, said === 125 ? 100 : 105);
    }
  });

  it("adds up what moves in steps within the minute", () => {
    const { agreed } = given();
    const states = [100, 108, 116, 124].map((price, i) => agreed(i * 19, all(price)).state);
    assert.deepEqual(states, ["live", "live", "live", "halted"]);
  });

  it("goes on when the sources were within 5 % of each other for 60 s", () => {
    const { agreed } = given();
    agreed(0, all(100));
    agreed(1, all(125));
    for (let second = 2; second < 62; second++) {
      assert.equal(agreed(second, all(125)).state, "halted");
    }
    const result = agreed(62, all(125));
    assert.equal(result.state, "live");
    near(result.price, 125);
    assert.deepEqual(result.events, [{ kind: "resumed", by: "agreement" }]);
    assert.equal(agreed(63, all(126)).state, "live");
  });

  it("begins to count anew when they disagree, or when only one is left", () => {
    const { agreed } = given();
    agreed(0, all(100));
    agreed(1, all(125));
    agreed(30, { ...all(125), binance: 133 });
    agreed(31, all(125));
    assert.equal(agreed(90, all(125)).state, "halted");
    assert.equal(agreed(91, all(125)).state, "live");

    const lonely = given();
    lonely.agreed(0, all(100));
    lonely.agreed(1, all(125));
    // The others are stale from second 32 on, before a minute of agreement is over.
    for (let second = 2; second < 200; second++) {
      assert.equal(lonely.agreed(second, { binance: 125 }).state, "halted");
    }
    const only = given({ sources: [SOURCES[2]] });
    only.agreed(0, { binance: 100 });
    for (let second = 1; second <= 61; second++) only.agreed(second, { binance: 125 });
    assert.equal(only.agreed(62, { binance: 125 }).state, "live");
  });

  it("goes on by the operator's word, at once", () => {
    const { agreed, consensus } = given({ halfLife: duration(SECOND) });
    consensus.resume();
    agreed(0, all(100));
    agreed(1, all(125));
    consensus.resume();
    const result = agreed(2, all(125));
    assert.equal(result.state, "live");
    near(result.price, 125);
    assert.deepEqual(result.events, [{ kind: "resumed", by: "operator" }]);
  });
});
