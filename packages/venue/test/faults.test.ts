import { deepEqual, equal } from "node:assert/strict";
import { describe, it } from "node:test";
import { type Lots, type OrderFault, RATE_ONE } from "@tse/domain";
import { Given, money } from "./given.ts";

const half: OrderFault = { kind: "max_fill", ratio: RATE_ONE / 2 };

function given(): Given {
  const given = new Given();
  given.place(1, "sell", 100, 4_500_000);
  given.place(1, "sell", 100, 4_510_000);
  given.tape();
  return given;
}

const orderLines = (tape: string[]) => tape.filter((line) => !/^(level|balance)/.test(line));

describe("a chaos fault that came with an order", () => {
  it("has it refused after all checks, with a row and nothing reserved", () => {
    const venue = given();

    equal(
      venue.place(2, "buy", 100, 4_400_000, {
        fault: { kind: "reject", code: "insufficient_liquidity" },
      }),
      "insufficient_liquidity",
    );

    deepEqual(venue.tape(), ["rejected 3 insufficient_liquidity"]);
    equal(venue.balance(2, "USD"), "1000000+0");
  });

  it("caps what it takes on arrival: what would still cross expires", () => {
    const venue = given();

    venue.place(2, "buy", 120, 4_500_000, { fault: half });

    deepEqual(orderLines(venue.tape()), [
      "accepted 3",
      "trade 1: 3<1 60@4500000",
      "closed 3 expired:partial_fill_fault 60",
    ]);
    equal(venue.balance(2, "USD"), "999973+0");
  });

  it("caps what it takes on arrival: what doesn't cross rests", () => {
    const venue = given();

    venue.place(2, "buy", 200, 4_500_000, { fault: half });

    deepEqual(orderLines(venue.tape()), [
      "accepted 3",
      "trade 1: 3<1 100@4500000",
      "closed 1 filled 0",
    ]);
    deepEqual(venue.depth("buy"), ["100@4500000"]);
  });

  it("caps a market order by quantity and by money alike", () => {
    const venue = given();

    venue.market(2, "buy", 100, { fault: half });
    venue.market(2, "buy", 0 as Lots, { quoteQuantity: money("18"), fault: half });

    deepEqual(orderLines(venue.tape()), [
      "accepted 3",
      "trade 1: 3<1 50@4500000",
      "closed 3 expired:partial_fill_fault 50",
      "accepted 4",
      "trade 2: 4<1 20@4500000",
      "closed 4 expired:partial_fill_fault 0",
    ]);
  });

  it("lets at least one lot and at most all through, whatever its ratio", () => {
    const venue = given();
    const sell = (ratio: number) => {
      venue.place(2, "buy", 50, 4_500_000, {
        timeInForce: "ioc",
        fault: { kind: "max_fill", ratio },
      });
      return orderLines(venue.tape())[1]?.split(" ")[3];
    };

    equal(sell(0), "1@4500000");
    equal(sell(-5), "1@4500000");
    equal(sell(9 * RATE_ONE), "50@4500000");
  });

  it("lets a fok order expire whole when it caps it", () => {
    const venue = given();

    venue.place(2, "buy", 100, 4_500_000, { timeInForce: "fok", fault: half });

    equal(venue.tape()[1], "closed 3 expired:fok_unfilled 100");
  });
});
