import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { lots, ticks } from "@tse/domain";
import {
  FLOW_PARAMETERS,
  type FlowConditions,
  FlowMarket,
  type FlowParameters,
  type FlowTrade,
  paced,
} from "@tse/market-model";
import { seededRandom } from "@tse/simulation";

const START = 1_767_571_200_000_000;
const SECOND = 1_000_000;
const BTC = FLOW_PARAMETERS.BTC as FlowParameters;

/** A price layer that the test moves by hand, or a random walk of its usual volatility. */
class TestConditions implements FlowConditions {
  logPrice = Math.log(4_500_000);
  activityNow = 1;
  depthNow = 1;
  readonly #walk: ReturnType<typeof seededRandom> | undefined;
  readonly #volatility = 0.5 / Math.sqrt(365 * 86_400);
  #at = START;

  constructor(walk?: ReturnType<typeof seededRandom>) {
    this.#walk = walk;
  }

  advanceTo(timeUs: number): void {
    const passed = (timeUs - this.#at) / SECOND;
    this.#at = timeUs;
    if (this.#walk === undefined || passed <= 0) return;
    this.logPrice += this.#volatility * Math.sqrt(passed) * this.#walk.normal();
  }

  fair(): number {
    return Math.exp(this.logPrice);
  }

  volatility(): number {
    return this.#volatility;
  }

  activity(): number {
    return this.activityNow;
  }

  depth(): number {
    return this.depthNow;
  }

  spread(): number {
    return 1;
  }
}

interface Options {
  readonly seed?: string;
  readonly parameters?: FlowParameters;
  readonly still?: boolean;
}

function market({ seed = "42", parameters = BTC, still = false }: Options = {}) {
  const random = seededRandom(seed);
  const trades: string[] = [];
  const conditions = new TestConditions(still ? undefined : random.fork("walk"));
  const flow = new FlowMarket({
    parameters,
    conditions,
    listener: {
      trade: (trade: FlowTrade) => {
        const { timeUs, price, lots: quantity, sign, bid, ask } = trade;
        trades.push(`${timeUs} ${price} ${quantity} ${sign} ${bid} ${ask}`);
      },
      touch(_, { bid, ask }) {
        assert.ok(bid === 0 || ask === 0 || bid < ask, `never crossed: ${bid} ${ask}`);
      },
    },
    random: random.fork("flow"),
    startUs: START,
    stepUs: 100_000,
  });
  const advance = (seconds: number) => flow.advanceTo(START + seconds * SECOND);
  return { flow, trades, conditions, advance };
}

const buy = (quantity: number) =>
  ({
    side: "buy",
    limit: ticks(0),
    quantity: lots(quantity),
    quoteBudget: 0,
    timeInForce: "ioc",
    postOnly: false,
    selfTradePrevention: "none",
    owner: 1,
    family: 0,
    maxFill: lots(0),
    rests: false,
  }) as const;

/**
 * Basis points by which buying so many units over a minute has moved the fair price at its end: against the same seed
 * without it, so that nothing else moves between the two.
 */
function meanImpact(units: number): number {
  const seeds = ["a", "b", "c", "d", "e", "f"];
  const impacts = seeds.map((seed) => {
    const [quiet, busy] = [market({ seed }), market({ seed })];
    for (let at = 21; at <= 80; at++) {
      quiet.advance(at);
      busy.advance(at);
      busy.flow.submit(buy(Math.round(units / 60 / BTC.lotSize)));
    }
    return (busy.flow.agents.impact - quiet.flow.agents.impact) * 10_000;
  });
  return impacts.reduce((sum, impact) => sum + impact, 0) / impacts.length;
}

describe("FlowMarket", () => {
  it("trades the same for the same seed, in one step or in many, and otherwise for another", () => {
    const once = market();
    once.advance(60);
    const often = market();
    for (let at = 0; at <= 60; at += 0.37) often.advance(at);
    often.advance(60);
    assert.ok(once.trades.length > 300, `${once.trades.length}`);
    assert.deepEqual(often.trades, once.trades);
    const other = market({ seed: "43" });
    other.advance(60);
    assert.notDeepEqual(other.trades.slice(0, 50), once.trades.slice(0, 50));
  });

  it("makes a tight and deep book in the first second, around the fair price", () => {
    const { flow, advance } = market();
    advance(2);
    const { bid, ask } = flow.touch;
    assert.ok(ask - bid <= 3, `${bid} ${ask}`);
    assert.ok(Math.abs(bid - 4_500_000) < 450, `${bid}`);
    let offered = 0;
    flow.book.levels("sell", (price, quantity) => {
      if (price < ask * 1.0005) offered += quantity;
      return true;
    });
    assert.ok(offered * BTC.lotSize > 3, `${offered * BTC.lotSize} BTC within 5 bp`);
  });

  it("comes in bursts whose signs remember, with sizes of a heavy tail", () => {
    const { trades, advance } = market();
    advance(300);
    const orders = new Map<string, { sign: number; lots: number }>();
    for (const line of trades) {
      const [time, , quantity, sign] = line.split(" ").map(Number) as [
        number,
        number,
        number,
        number,
      ];
      const key = `${Math.floor(time / 1000)} ${sign}`;
      const order = orders.get(key) ?? { sign, lots: 0 };
      orders.set(key, { sign, lots: order.lots + quantity });
    }
    const signs = [...orders.values()].map(({ sign }) => sign);
    let same = 0;
    for (let i = 1; i < signs.length; i++) same += signs[i] === signs[i - 1] ? 1 : -1;
    assert.ok(same / signs.length > 0.2 && same / signs.length < 0.6, `${same / signs.length}`);
    const sizes = [...orders.values()].map(({ lots: size }) => size).sort((a, b) => a - b);
    const median = sizes[Math.floor(sizes.length / 2)] as number;
    const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    assert.ok(mean / median > 6, `${mean / median}`);
  });

  it("acts at the same times whatever others do, and their orders change only what becomes of it", () => {
    const [quiet, busy] = [market(), market()];
    for (let at = 1; at <= 60; at++) {
      for (const { advance } of [quiet, busy]) advance(at);
      busy.flow.submit(buy(20_000));
    }
    assert.deepEqual(busy.flow.agents.acts, quiet.flow.agents.acts);
    assert.notDeepEqual(busy.trades, quiet.trades);
  });

  it("is moved by a market order by about the square root of its size", () => {
    const [small, large] = [meanImpact(2), meanImpact(32)];
    const exponent = Math.log(large / small) / Math.log(16);
    assert.ok(exponent > 0.3 && exponent < 0.7, `exponent ${exponent}`);
    assert.ok(large > 2.5 && large < 10, `${large} bp`);
  });

  it("follows a fair price that jumps by a fifth, and a bounded number of orders lives", () => {
    const { flow, conditions, advance } = market({ still: true });
    advance(10);
    conditions.logPrice += Math.log(0.8);
    advance(13);
    const { bid, ask } = flow.touch;
    const middle = (bid + ask) / 2;
    assert.ok(Math.abs(middle / 3_600_000 - 1) < 0.002, `${middle}`);
    advance(60);
    assert.ok(flow.agents.liveOrders < 900, `${flow.agents.liveOrders}`);
  });

  it("survives a drought: a book that is all but empty, and fills again", () => {
    const { flow, conditions, advance } = market({ still: true });
    const offered = () => {
      let sum = 0;
      flow.book.levels("buy", (price, quantity) => {
        if (price > flow.agents.fair * 0.9995) sum += quantity;
        return true;
      });
      return sum;
    };
    advance(20);
    const before = offered();
    conditions.depthNow = 0;
    advance(120);
    assert.ok(offered() < before / 5, `${offered()} of ${before}`);
    conditions.depthNow = 1;
    advance(180);
    assert.ok(offered() > before / 3, `${offered()} of ${before}`);
  });

  it("trades less at a lower pace, in a book as full", () => {
    const [full, slow] = [market(), market({ parameters: paced(BTC, 0.1) })];
    for (const { advance } of [full, slow]) advance(240);
    const ratio = slow.trades.length / full.trades.length;
    assert.ok(ratio > 0.02 && ratio < 0.35, `${ratio}`);
    assert.ok(slow.flow.touch.ask - slow.flow.touch.bid < 400);
  });

  for (const [asset, parameters] of Object.entries(FLOW_PARAMETERS)) {
    it(`makes a market of ${asset}`, () => {
      const { flow, conditions, trades, advance } = market({ parameters, still: true });
      conditions.logPrice = Math.log(20_000);
      advance(60);
      assert.ok(flow.touch.bid > 0 && flow.touch.ask > flow.touch.bid);
      assert.ok(trades.length > 5, `${trades.length}`);
    });
  }
});
