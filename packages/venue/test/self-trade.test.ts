import { deepEqual, equal } from "node:assert/strict";
import { describe, it } from "node:test";
import type { AccountNumber, SelfTradePrevention } from "@tse/domain";
import { Given } from "./given.ts";

/** A sub-account of account 1, with money. */
function family(): { given: Given; sub: AccountNumber } {
  const given = new Given();
  const sub = given.join({ parent: 1 as AccountNumber, name: "sub" });
  given.fund(sub, "USD", "1000");
  given.fund(sub, "BTC", "1");
  return { given, sub };
}

/** What happens when a sub-account's order of 150 meets 100 of its master's and 100 of a stranger's. */
const modes: Record<SelfTradePrevention, readonly string[]> = {
  none: [
    "trade 1: 3<1 100@4500000",
    "closed 1 filled 0",
    "trade 2: 3<2 50@4500000",
    "closed 3 filled 0",
  ],
  expire_taker: ["closed 3 expired:self_trade 150"],
  expire_maker: [
    "closed 1 expired:self_trade 100",
    "trade 1: 3<2 100@4500000",
    "closed 2 filled 0",
  ],
  expire_both: ["closed 1 expired:self_trade 100", "closed 3 expired:self_trade 150"],
  decrement: [
    "prevented 3<1 100",
    "closed 1 expired:self_trade 0",
    "trade 1: 3<2 50@4500000",
    "closed 3 filled 0",
  ],
};

describe("self-trade prevention within a family", () => {
  for (const [mode, expected] of Object.entries(modes)) {
    it(`does what ${mode} says`, () => {
      const { given, sub } = family();
      given.place(1, "sell", 100, 4_500_000);
      given.place(2, "sell", 100, 4_500_000);
      given.tape();

      given.place(sub, "buy", 150, 4_500_000, { selfTradePrevention: mode as SelfTradePrevention });

      const tape = given.tape().filter((line) => !/^(accepted|level|balance)/.test(line));
      deepEqual(tape, expected);
    });
  }

  it("gives every lock back", () => {
    const { given, sub } = family();
    given.place(1, "sell", 100, 4_500_000);

    given.place(sub, "buy", 30, 4_500_000, { selfTradePrevention: "decrement" });
    equal(given.balance(1, "BTC"), "99.9993+0.0007");
    equal(given.balance(sub, "USD"), "1000+0");

    given.place(sub, "buy", 150, 4_500_000, { selfTradePrevention: "expire_maker" });
    equal(given.balance(1, "BTC"), "100+0");
    equal(given.balance(sub, "USD"), "932.5+67.5");
  });

  it("ends the incoming order when the last of it is taken off", () => {
    const { given, sub } = family();
    given.place(1, "sell", 100, 4_500_000);
    given.tape();

    given.place(sub, "buy", 30, 4_500_000, { selfTradePrevention: "decrement" });

    deepEqual(given.tape().slice(1, 3), ["prevented 2<1 30", "closed 2 expired:self_trade 0"]);
    equal(given.venue.liveOrders(1 as AccountNumber)[0]?.quantity, 70);
  });

  it("takes what was prevented off the quantity of an order that goes on to rest", () => {
    const { given, sub } = family();
    given.place(1, "sell", 100, 4_500_000);

    given.place(sub, "buy", 130, 4_500_000, { selfTradePrevention: "decrement" });

    const [order] = given.venue.liveOrders(sub);
    deepEqual([order?.quantity, order?.open], [30, 30]);
  });

  it("isn't for strangers", () => {
    const given = new Given();
    given.place(1, "sell", 100, 4_500_000);
    given.tape();

    given.place(2, "buy", 100, 4_500_000, { selfTradePrevention: "expire_both" });

    equal(given.tape()[1], "trade 1: 2<1 100@4500000");
  });

  it("lets an account that wants to trade with itself do so, at the price of two fees", () => {
    const given = new Given();
    given.place(1, "sell", 100, 4_500_000);

    given.place(1, "buy", 100, 4_500_000, { selfTradePrevention: "none" });

    equal(given.balance(1, "BTC"), "99.999999+0");
    equal(given.balance(1, "USD"), "999999.955+0");
  });
});
