import { deepEqual, equal } from "node:assert/strict";
import { describe, it } from "node:test";
import { type Lots, lots } from "@tse/domain";
import { Given, money } from "./given.ts";

describe("a market order by quantity", () => {
  it("walks the book and pays each maker's price", () => {
    const given = new Given();
    given.place(1, "sell", 100, 4_500_000);
    given.place(1, "sell", 100, 4_510_000);
    given.tape();

    equal(given.market(2, "buy", 150), undefined);

    deepEqual(given.tape().slice(0, 5), [
      "accepted 3",
      "trade 1: 3<1 100@4500000",
      "closed 1 filled 0",
      "trade 2: 3<2 50@4510000",
      "closed 3 filled 0",
    ]);
    equal(given.balance(2, "USD"), "999932.45+0");
  });

  it("expires and charges nothing when there is nobody, funds or not", () => {
    const given = new Given();
    const poor = given.join();

    equal(given.market(poor, "buy", 150), undefined);
    equal(given.market(poor, "sell", 150), undefined);

    deepEqual(given.tape().slice(1), [
      "accepted 1",
      "closed 1 expired:no_liquidity 150",
      "accepted 2",
      "closed 2 expired:no_liquidity 150",
    ]);
  });

  it("is refused before anything happens without the funds for what it would execute", () => {
    const given = new Given();
    const poor = given.join();
    given.fund(poor, "USD", "67.4");
    given.place(1, "sell", 100, 4_500_000);
    given.place(1, "sell", 50, 4_500_000);
    given.tape();

    equal(given.market(poor, "buy", 150), "insufficient_balance");
    equal(given.market(poor, "sell", 150), undefined, "nobody buys, so it costs nothing");
    equal(given.market(poor, "buy", 149), undefined);
    equal(given.balance(poor, "USD"), "0.35+0");
  });

  it("never executes beyond the price band", () => {
    const given = new Given();
    given.place(1, "sell", 100, 5_400_000);
    given.place(1, "sell", 100, 5_400_001);
    given.tape();

    given.market(2, "buy", 150);

    deepEqual(given.tape().slice(1, 4), [
      "trade 1: 3<1 100@5400000",
      "closed 1 filled 0",
      "closed 3 expired:price_band 50",
    ]);
  });

  it("doesn't pay for the orders of its own family, which it doesn't meet", () => {
    const given = new Given();
    given.place(1, "sell", 100, 4_500_000);
    given.withdraw(1, "USD", "1000000");
    given.tape();

    equal(given.market(1, "buy", 100, { selfTradePrevention: "expire_taker" }), undefined);
    equal(given.tape()[1], "closed 2 expired:self_trade 100");
    equal(given.market(1, "buy", 100, { selfTradePrevention: "none" }), "insufficient_balance");
  });
});

describe("a market order by money", () => {
  const none = 0 as Lots;

  it("buys as many lots as the money buys", () => {
    const given = new Given();
    given.place(1, "sell", 100, 4_500_000);
    given.place(1, "sell", 100, 4_510_000);
    given.tape();

    equal(given.market(2, "buy", none, { quoteQuantity: money("67.8") }), undefined);

    deepEqual(given.tape().slice(1, 5), [
      "trade 1: 3<1 100@4500000",
      "closed 1 filled 0",
      "trade 2: 3<2 50@4510000",
      "closed 3 filled 0",
    ]);
  });

  it("sells as many lots as raise the money", () => {
    const given = new Given();
    given.place(1, "buy", 100, 4_500_000);

    given.market(2, "sell", none, { quoteQuantity: money("10") });

    equal(given.balance(2, "BTC"), "99.99978+0");
    equal(given.balance(2, "USD"), "1000009.8901+0");
  });

  it("is refused without the money", () => {
    const given = new Given();
    const poor = given.join();
    given.fund(poor, "USD", "10");
    given.place(1, "sell", 100, 4_500_000);

    equal(given.market(poor, "buy", none, { quoteQuantity: money("11") }), "insufficient_balance");
    equal(given.market(poor, "buy", none, { quoteQuantity: money("10") }), undefined);
    equal(given.balance(poor, "USD"), "0.1+0");
  });

  it("expires with nothing done when the money doesn't buy a lot or nobody sells", () => {
    const given = new Given({}, { minNotional: money("0.1") });
    given.market(2, "buy", none, { quoteQuantity: money("0.2") });
    given.place(1, "sell", 100, 4_500_000);
    given.tape();

    given.market(2, "buy", none, { quoteQuantity: money("0.2") });

    deepEqual(given.tape(), ["accepted 3", "closed 3 expired:no_liquidity 0"]);
  });

  it("is held to the same limits of money", () => {
    const given = new Given();
    const quote = (text: string) => given.market(2, "buy", none, { quoteQuantity: money(text) });

    equal(quote("4.99999999"), "min_notional");
    equal(quote("10000000.00000001"), "max_notional");
    equal(quote("1000000.0000001"), "max_order_size");
    equal(given.market(2, "buy", 0), "min_size");
    equal(given.market(2, "buy", lots(10), { quoteQuantity: money("10") }), "lot_size");
  });

  it("is refused below what one lot is worth at one tick, whatever the rules allow", () => {
    const given = new Given({}, { minNotional: money("0") });

    equal(given.market(2, "buy", none, { quoteQuantity: money("0.00000009") }), "min_notional");
  });
});

describe("a market order that contradicts itself", () => {
  it("is refused when it has a limit", () => {
    const given = new Given();

    equal(given.place(1, "buy", 100, 4_500_000, { type: "market" }), "price_tick");
  });

  it("never rests, whatever its time in force", () => {
    const given = new Given();
    given.place(1, "sell", 100, 4_500_000);
    given.tape();

    given.market(2, "buy", 150, { timeInForce: "gtc" });

    equal(given.tape()[3], "closed 2 expired:no_liquidity 50");
  });

  it("is refused when it is post-only and would take, else expires", () => {
    const given = new Given();

    equal(given.market(2, "buy", 150, { postOnly: true }), undefined);
    given.place(1, "sell", 100, 4_500_000);
    equal(given.market(2, "buy", 150, { postOnly: true }), "would_take");
  });
});
