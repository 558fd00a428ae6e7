import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Side } from "@tse/domain";
import fc from "fast-check";
import {
  ExpiryCause,
  MatchEvents,
  MatchKind,
  type NewOrder,
  OrderBook,
  OrderPool,
} from "../src/index.ts";
import { Chance } from "./chance.ts";
import { CLIMATES, type Climate, CommandSource } from "./command-source.ts";
import { limit, market, marketByBudget, type TestCommand } from "./commands.ts";
import { ComparedMarket } from "./compared-market.ts";
import { type Failure, randomRun, run, shrink } from "./random-run.ts";

const RUNS = 100;
const COMMANDS_A_RUN = 2000;

const side = fc.constantFrom<Side>("buy", "sell");
const price = fc.integer({ min: 1, max: 12 });
const quantity = fc.integer({ min: 1, max: 9 });
const details = fc.record({
  owner: fc.nat(3),
  family: fc.nat(2),
  maxFill: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, quantity),
  selfTradePrevention: fc.constantFrom(
    "none" as const,
    "expire_taker" as const,
    "expire_maker" as const,
    "expire_both" as const,
    "decrement" as const,
  ),
});

const limitOrder = fc
  .tuple(side, quantity, price, details, fc.constantFrom("gtc", "gtc", "ioc", "fok"), fc.boolean())
  .map(([which, lots, at, more, timeInForce, postOnly]) =>
    limit(which, lots, at, { ...more, timeInForce, postOnly }),
  );
const marketOrder = fc
  .tuple(side, quantity, fc.nat(12), details)
  .map(([which, lots, bound, more]) => market(which, lots, bound, more));
const budgetOrder = fc
  .tuple(side, fc.integer({ min: 1, max: 150 }), fc.nat(12), details)
  .map(([which, budget, bound, more]) => marketByBudget(which, budget, bound, more));
const anyOrder: fc.Arbitrary<NewOrder> = fc.oneof(
  { weight: 4, arbitrary: limitOrder },
  marketOrder,
  budgetOrder,
);

const book = fc.nat(1);
const target = fc.integer({ min: 1, max: 40 });
const anyCommand: fc.Arbitrary<TestCommand> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("place" as const),
      id: fc.constant(0),
      book,
      order: anyOrder,
    }),
  },
  fc.record({ kind: fc.constant("cancel" as const), book, target }),
  fc.record({ kind: fc.constant("cancel_all" as const), book, owner: fc.nat(3) }),
  fc.record({ kind: fc.constant("reduce" as const), book, target, open: fc.nat(9) }),
  fc.record({
    kind: fc.constant("replace" as const),
    id: fc.constant(0),
    book,
    target,
    order: anyOrder,
  }),
);

/** Commands numbered by their place, which is what targets refer to. */
const anyCommands = fc
  .array(anyCommand, { maxLength: 60 })
  .map((commands) => commands.map((command, at) => numbered(command, at + 1)));

function numbered(command: TestCommand, id: number): TestCommand {
  return "id" in command ? { ...command, id } : command;
}

describe("order book, beside the naive book", () => {
  it("gives the same events and the same books for 200,000 random commands", () => {
    for (let seed = 1; seed <= RUNS; seed++) {
      const failure = randomRun(seed, COMMANDS_A_RUN);
      if (failure !== undefined) assert.fail(report(seed, shrink(failure)));
    }
  });

  it("meets every kind of event and every cause in those commands", () => {
    const seen = new Set<string>();
    for (const [i, climate] of Object.values(CLIMATES).entries()) {
      const market = new ComparedMarket(climate.books, climate.owners);
      const source = new CommandSource(new Chance(i), climate, market.naive);
      for (let n = 0; n < COMMANDS_A_RUN; n++) market.apply(source.next());
      for (const name of market.seen) seen.add(name);
    }
    const all = [...Object.keys(MatchKind), ...Object.keys(ExpiryCause)];
    assert.deepEqual([...seen].sort(), all.sort());
  });

  it("gives the same events and the same books for every short sequence of commands", () => {
    const climate: Climate = { ...(CLIMATES.crowded as Climate), books: 2, owners: 4 };
    fc.assert(
      fc.property(anyCommands, (commands) => {
        const failure = run(climate, commands);
        if (failure !== undefined) throw failure.error;
      }),
      { numRuns: 500 },
    );
  });
});

describe("order book, for every sequence of orders", () => {
  it("conserves lots: what is ordered is traded, rests, or ends, and nothing else", () => {
    fc.assert(
      fc.property(fc.array(limitOrder, { maxLength: 80 }), (orders) => {
        const events = new MatchEvents();
        const fast = new OrderBook(new OrderPool(), events);
        let ordered = 0;
        for (const order of orders) {
          fast.place(order);
          ordered += order.quantity;
        }
        assert.equal(ordered, accounted(events) + restingIn(fast));
      }),
    );
  });

  it("is never crossed", () => {
    fc.assert(
      fc.property(fc.array(anyOrder, { maxLength: 80 }), (orders) => {
        const fast = new OrderBook(new OrderPool(), new MatchEvents());
        for (const order of orders) {
          fast.place(order);
          assert.ok(fast.bestBid === 0 || fast.bestAsk === 0 || fast.bestBid < fast.bestAsk);
        }
      }),
    );
  });
});

/** Lots that left orders, by the events: both sides of a fill, and of a decrement. */
function accounted(events: MatchEvents): number {
  let sum = 0;
  for (let i = 0; i < events.length; i++) {
    const kind = events.kind(i);
    if (kind === MatchKind.fill || kind === MatchKind.decremented) sum += 2 * events.quantity(i);
    else if (kind !== MatchKind.rested) sum += events.quantity(i);
  }
  return sum;
}

function restingIn(fast: OrderBook): number {
  let sum = 0;
  for (const which of ["buy", "sell"] as const) {
    fast.orders(which, (_ref, _price, open) => {
      sum += open;
      return true;
    });
  }
  return sum;
}

function report(seed: number, { error, commands }: Failure): string {
  const lines = commands.map((command) => JSON.stringify(command));
  return `${error}\nseed ${seed}, shrunk to:\n${lines.join("\n")}`;
}
