import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type AccountNumber,
  amount,
  duration,
  lots,
  type OrderFault,
  type PlaceOrder,
  RATE_ONE,
  ticks,
} from "@tse/domain";
import { seededRandom } from "@tse/simulation";
import { Chaos, type ChaosOutcome } from "../../src/chaos/chaos.ts";
import type { ChaosRule } from "../../src/chaos/rule.ts";
import { startExchange, TEST_ORIGIN, type TestExchange } from "../support/exchange.ts";

const seconds = (count: number) => duration(count * 1_000_000);

async function startChaos(options: { readonly seed?: number; readonly enabled?: boolean } = {}) {
  const world = await startExchange();
  const chaos = new Chaos({
    clock: world.clock,
    names: world.venue,
    random: seededRandom(options.seed ?? 42).fork("chaos"),
    enabled: options.enabled ?? true,
    defaultLength: seconds(300),
  });
  return { ...world, chaos };
}

function started(outcome: ChaosOutcome): ChaosRule {
  assert(outcome.status === "done", `the action is taken, not ${JSON.stringify(outcome)}`);
  return outcome.rule;
}

function issuesOf(outcome: ChaosOutcome): readonly string[] {
  assert(outcome.status === "invalid", `the action is invalid, not ${outcome.status}`);
  return outcome.issues.map(({ path, message }) => `${path.join(".")} ${message}`);
}

function buy(world: TestExchange, account: number, symbol = "BTC/USD"): PlaceOrder {
  return {
    kind: "place_order",
    account: account as AccountNumber,
    instrument: world.instrument(symbol).id,
    side: "buy",
    type: "limit",
    limit: ticks(4_400_000),
    quantity: lots(100_000),
    quoteQuantity: amount(0n),
    timeInForce: "gtc",
    postOnly: false,
    selfTradePrevention: "expire_maker",
    clientOrderId: "",
    fault: undefined,
  };
}

/** What chaos makes of an order that comes in now. */
function faultOf(
  world: TestExchange & { readonly chaos: Chaos },
  symbol = "BTC/USD",
): OrderFault | undefined {
  const { command } = world.chaos.interfere(buy(world, 1, symbol), TEST_ORIGIN);
  return command.kind === "place_order" ? command.fault : undefined;
}

describe("A chaos rule", () => {
  it("ends by itself on the world's clock, not before its time", async () => {
    const { chaos, advance } = await startChaos();
    const rule = started(chaos.act("simulate-downtime", { duration_s: 30 }));
    assert.equal(rule.expiresAt - rule.startedAt, seconds(30));
    await advance(duration(29_999_999));
    assert.deepEqual(chaos.downtime(), { message: "exchange_maintenance" });
    await advance(duration(1));

    assert.equal(chaos.downtime(), undefined);
    assert.deepEqual(chaos.active, []);
    assert.deepEqual(
      chaos.record.newest(10).map((entry) => [entry.kind, entry.at - rule.startedAt]),
      [
        ["started", 0],
        ["ended", seconds(30)],
      ],
    );
  });

  it("is over at once when it has no length, though the clock stands still", async () => {
    const { chaos } = await startChaos();
    started(chaos.act("downtime", { intensity: 0 }));

    assert.deepEqual([chaos.downtime(), chaos.active], [undefined, []]);
  });

  it("takes its length from duration_s, from a duration's text, or from the default", async () => {
    const { chaos } = await startChaos();
    const lengthOf = (parameters: Record<string, unknown>) => {
      const { startedAt, expiresAt } = started(chaos.act("simulate_downtime", parameters));
      return (expiresAt - startedAt) / 1_000_000;
    };

    assert.deepEqual(
      [lengthOf({ duration_s: 1.5 }), lengthOf({ duration: "5m" }), lengthOf({})],
      [1.5, 300, 300],
    );
  });

  it("has a seed of its own that follows from the world's, unless it is given one", async () => {
    const seedsOf = async (seed: number) => {
      const { chaos } = await startChaos({ seed });
      const rules = [{}, {}, { seed: 7 }].map((parameters) =>
        chaos.act("reject_orders", parameters),
      );
      return rules.map((outcome) => started(outcome).seed);
    };
    const [first, second, given] = await seedsOf(42);

    assert.notEqual(first, second);
    assert.equal(given, 7);
    assert.deepEqual(await seedsOf(42), [first, second, 7]);
    assert.notDeepEqual(await seedsOf(43), [first, second, 7]);
  });

  it("hits the same requests again in a rerun, whatever other rules there are", async () => {
    const hits = async (others: number) => {
      const world = await startChaos();
      for (let i = 0; i < others; i++) {
        world.chaos.act("reject_orders", { rejection_rate: 0, seed: i });
      }
      started(world.chaos.act("reject_orders", { rejection_rate: 0.3, seed: 99 }));
      return Array.from({ length: 200 }, () => faultOf(world) !== undefined);
    };
    const alone = await hits(0);

    assert.deepEqual(await hits(3), alone);
    const share = alone.filter(Boolean).length / alone.length;
    assert(share > 0.2 && share < 0.4, `about three in ten are hit, not ${share}`);
  });

  it("is recorded at every application, sampled above ten a second, and always counted", async () => {
    const world = await startChaos();
    const { chaos, advance } = world;
    started(chaos.act("partial_fills", { max_fill_ratio: 0.5 }));
    const applyTimes = (count: number) => {
      for (let i = 0; i < count; i++) chaos.interfere(buy(world, 1), TEST_ORIGIN);
    };
    applyTimes(50);
    await advance(seconds(1));
    applyTimes(3);

    assert.equal(chaos.active[0]?.applied, 53);
    const applied = chaos.record.newest(100).filter(({ kind }) => kind === "applied");
    assert.equal(applied.length, 13);
    const [first] = applied;
    assert(first?.kind === "applied");
    assert.deepEqual([first.target, first.correlationId], ["place_order", "test-correlation"]);
  });
});

describe("Each fault", () => {
  it("inject-latency holds the named operations of the named accounts, by delay and jitter", async () => {
    const world = await startChaos();
    const account = await world.open();
    const affected_accounts = [account.id];
    const parameters = {
      operation: "place_order",
      affected_accounts,
      delay_ms: 100,
      jitter_ms: 50,
    };
    started(world.chaos.act("inject-latency", parameters));
    const delays = Array.from(
      { length: 50 },
      () => world.chaos.interfere(buy(world, account.number), TEST_ORIGIN).delay / 1_000,
    );

    assert(delays.every((delay) => delay >= 100 && delay <= 150));
    assert(new Set(delays).size > 10, "the jitter differs");
    assert.equal(world.chaos.interfere(buy(world, account.number + 1), TEST_ORIGIN).delay, 0);
    const cancel = {
      kind: "cancel_all_orders",
      account: account.number,
      instrument: undefined,
    } as const;
    assert.equal(world.chaos.interfere(cancel, TEST_ORIGIN).delay, 0);
  });

  it("inject-latency adds up over rules", async () => {
    const world = await startChaos();
    for (const delay_ms of [100, 200]) world.chaos.act("inject_latency", { delay_ms });

    assert.equal(world.chaos.interfere(buy(world, 1), TEST_ORIGIN).delay, 300_000);
  });

  it("reject-orders refuses the named symbols with the named reason", async () => {
    const world = await startChaos();
    const symbols = ["BTC-USD", "ETHUSD"];
    started(
      world.chaos.act("reject-orders", { rejection_rate: 1, reason: "price_range", symbols }),
    );

    assert.deepEqual(faultOf(world, "BTC/USD"), { kind: "reject", code: "price_range" });
    assert.deepEqual(faultOf(world, "ETH/USD"), { kind: "reject", code: "price_range" });
    assert.equal(faultOf(world, "SOL/USD"), undefined);
  });

  it("partial-fills caps what an order takes, and yields to a rejection", async () => {
    const world = await startChaos();
    started(world.chaos.act("partial-fills", { max_fill_ratio: 0.25 }));
    assert.deepEqual(faultOf(world), { kind: "max_fill", ratio: RATE_ONE / 4 });
    started(world.chaos.act("reject-orders", { rejection_rate: 1 }));

    assert.deepEqual(faultOf(world), { kind: "reject", code: "insufficient_liquidity" });
  });

  it("manipulate-spreads multiplies, symbol by symbol", async () => {
    const { chaos } = await startChaos();
    started(chaos.act("manipulate-spreads", { multiplier: 3 }));
    started(chaos.act("manipulate-spreads", { multiplier: 2, symbols: ["BTC/USD"] }));

    assert.deepEqual(
      ["BTC/USD", "ETH/USD", "NO/SUCH"].map((symbol) => chaos.spreadMultiplier(symbol)),
      [6, 3, 1],
    );
  });

  it("reduce-liquidity takes a share away until restore-liquidity gives it back", async () => {
    const { chaos } = await startChaos();
    const symbols = ["BTC/USD", "ETH/USD"];
    const rule = started(chaos.act("reduce-liquidity", { symbols, reduction_factor: 0.75 }));
    const factors = () => [...symbols, "SOL/USD"].map((symbol) => chaos.liquidityFactor(symbol));
    assert.deepEqual(factors(), [0.25, 0.25, 1]);

    chaos.act("restore-liquidity", { symbols: ["BTC/USD"] });
    assert.deepEqual(factors(), [1, 0.25, 1]);
    const restored = chaos.act("restore-liquidity", {});
    assert.deepEqual(factors(), [1, 1, 1]);
    assert(restored.status === "done");
    assert.deepEqual(
      restored.ended.map(({ id }) => id),
      [rule.id],
    );
  });

  it("restore-liquidity takes symbols out of a reduction of everything", async () => {
    const { chaos } = await startChaos();
    started(chaos.act("reduce-liquidity", {}));
    chaos.act("restore-liquidity", { symbols: ["BTC/USD"] });

    assert.deepEqual(
      [chaos.liquidityFactor("BTC/USD"), chaos.liquidityFactor("ETH/USD")],
      [1, 0.5],
    );
  });

  it("clear_chaos ends one rule and clear_all_chaos every one", async () => {
    const { chaos } = await startChaos();
    const first = started(chaos.act("simulate_downtime", {}));
    started(chaos.act("reduce_liquidity", {}));
    started(chaos.act("manipulate_spreads", {}));

    started(chaos.act("clear_chaos", { chaos_id: first.id }));
    assert.deepEqual([chaos.active.length, chaos.downtime()], [2, undefined]);
    assert.equal(chaos.act("clear_chaos", { chaos_id: first.id }).status, "unknown_rule");
    started(chaos.act("clear-all-chaos", {}));
    assert.deepEqual(chaos.active, []);
  });

  it("comes as a template, too, by its intensity", async () => {
    const { chaos } = await startChaos();
    const parametersOf = (action: string, intensity: number) => {
      const {
        action: taken,
        parameters,
        startedAt,
        expiresAt,
      } = started(chaos.act(action, { intensity }));
      return [taken, parameters, (expiresAt - startedAt) / 1_000_000];
    };

    assert.deepEqual(parametersOf("latency", 0.5), [
      "inject_latency",
      { delay_ms: 1000, jitter_ms: 0 },
      300,
    ]);
    assert.deepEqual(parametersOf("downtime", 0.5), [
      "simulate_downtime",
      { error_message: "exchange_maintenance" },
      30,
    ]);
    assert.deepEqual(parametersOf("order_rejection", 0.4), [
      "reject_orders",
      { rejection_rate: 0.4, reason: "insufficient_liquidity" },
      300,
    ]);
    assert.deepEqual(parametersOf("partial_fills", 1), [
      "partial_fills",
      { max_fill_ratio: 0.1 },
      300,
    ]);
  });
});

describe("A chaos action out of bounds", () => {
  const CASES: readonly (readonly [string, Record<string, unknown>, string])[] = [
    ["inject_latency", { delay_ms: 60_001 }, "delay_ms must be from 0 to 60000"],
    ["inject_latency", { jitter_ms: -1 }, "jitter_ms must be from 0 to 60000"],
    ["inject_latency", { affected_accounts: ["nobody"] }, "affected_accounts.0 names no account"],
    ["reject_orders", { rejection_rate: 1.01 }, "rejection_rate must be from 0 to 1"],
    ["reject_orders", { symbols: ["BTC/USD", "X/Y"] }, "symbols.1 names no instrument"],
    ["manipulate_spreads", { multiplier: 0.09 }, "multiplier must be from 0.1 to 100"],
    ["manipulate_spreads", { multiplier: 101 }, "multiplier must be from 0.1 to 100"],
    ["reduce_liquidity", { reduction_factor: 2 }, "reduction_factor must be from 0 to 1"],
    ["partial_fills", { max_fill_ratio: -0.1 }, "max_fill_ratio must be from 0 to 1"],
    ["simulate_downtime", { duration_s: 86_401 }, "duration_s must be from 0 to 86400"],
    [
      "simulate_downtime",
      { duration: "25h" },
      "duration must be a duration such as 30s or 5m, at most 24h",
    ],
    ["simulate_downtime", { duration: "5m", duration_s: 300 }, "duration excludes duration_s"],
    ["simulate_downtime", { seed: 2 ** 32 }, "seed must be from 0 to 4294967295"],
    ["latency", { intensity: "much" }, "intensity Invalid input: expected number, received string"],
    ["latency", { intensity: 1.1 }, "intensity must be from 0 to 1"],
    [
      "latency",
      { intensity: 1, delay_ms: 5 },
      "delay_ms follows from intensity: give one of the two",
    ],
  ];

  it("starts nothing and names the field and the bound", async () => {
    const { chaos } = await startChaos();
    for (const [action, parameters, expected] of CASES) {
      assert.deepEqual(issuesOf(chaos.act(action, parameters)), [expected]);
    }
    assert.deepEqual([chaos.active, chaos.record.newest(10)], [[], []]);
  });

  it("is one that nobody knows, or any when chaos is disabled", async () => {
    const { chaos } = await startChaos();
    assert.equal(chaos.act("set-fire", {}).status, "unknown_action");
    const disabled = (await startChaos({ enabled: false })).chaos;

    assert.equal(disabled.act("simulate_downtime", {}).status, "disabled");
    assert.equal(disabled.act("clear_all_chaos", {}).status, "disabled");
  });
});
