import { deepEqual, equal } from "node:assert/strict";
import { describe, it } from "node:test";
import { OFF_GRID, type OrderSeq } from "@tse/domain";
import { Given } from "./given.ts";

describe("amending an order", () => {
  it("to a smaller quantity keeps its place", () => {
    const given = new Given();
    given.place(1, "buy", 100, 4_400_000);
    given.place(2, "buy", 100, 4_400_000);
    given.tape();

    equal(given.amend(1, 1, { quantity: 60 }), undefined);

    deepEqual(given.tape(), [
      "reduced 1 to 60",
      "level buy 160@4400000 #3",
      "balance 1/0 999973.6+26.4",
    ]);
    given.place(3, "sell", 60, 4_400_000);
    equal(given.tape()[1], "trade 1: 3<1 60@4400000");
  });

  it("counts what is filled", () => {
    const given = new Given();
    given.place(1, "buy", 100, 4_400_000);
    given.place(2, "sell", 40, 4_400_000);
    given.tape();

    equal(given.amend(1, 1, { quantity: 40 }), "min_size");
    equal(given.amend(1, 1, { quantity: 41 }), undefined);

    equal(given.tape()[0], "reduced 1 to 41");
    deepEqual(given.depth("buy"), ["1@4400000"]);
  });

  it("in any other way cancels it and places another, which goes to the end of the queue", () => {
    const given = new Given();
    given.place(1, "buy", 100, 4_400_000, { clientOrderId: "mine" });
    given.place(2, "buy", 100, 4_400_000);
    given.tape();

    equal(given.amend(1, 1, { quantity: 120 }), undefined);

    deepEqual(given.tape(), [
      "accepted 3 for 1",
      "closed 1 cancelled:replaced 100",
      "level buy 220@4400000 #3",
      "balance 1/0 999947.2+52.8",
    ]);
    equal(given.venue.liveOrder(3 as OrderSeq)?.clientOrderId, "mine");
    given.place(3, "sell", 60, 4_400_000);
    equal(given.tape()[1], "trade 1: 4<2 60@4400000");
  });

  it("keeps what is filled out of the new order", () => {
    const given = new Given();
    given.place(1, "buy", 100, 4_400_000);
    given.place(2, "sell", 40, 4_400_000);

    given.amend(1, 1, { limit: 4_390_000 });
    deepEqual(given.depth("buy"), ["60@4390000"]);
    given.amend(1, 3, { limit: 4_380_000, quantity: 50 });
    deepEqual(given.depth("buy"), ["50@4380000"]);
  });

  it("to a price that crosses trades at the makers' prices", () => {
    const given = new Given();
    given.place(1, "buy", 100, 4_400_000);
    given.place(2, "sell", 100, 4_450_000);
    given.tape();

    given.amend(1, 1, { limit: 4_500_000 });

    deepEqual(given.tape().slice(0, 6), [
      "accepted 3 for 1",
      "closed 1 cancelled:replaced 100",
      "trade 1: 3<2 100@4450000",
      "closed 2 filled 0",
      "closed 3 filled 0",
      "level buy 0@4400000 #3",
    ]);
  });

  it("may use the money that the old order locks, and no more", () => {
    const given = new Given();
    const poor = given.join();
    given.fund(poor, "USD", "44");
    given.place(poor, "buy", 100, 4_400_000);

    equal(given.amend(poor, 1, { limit: 4_400_001 }), "insufficient_balance");
    equal(given.amend(poor, 1, { limit: 4_390_000 }), undefined);
    equal(given.balance(poor, "USD"), "0.1+43.9");
    equal(given.amend(poor, 2, { limit: 4_400_000 }), undefined);
  });

  it("that is refused leaves the old order as it is", () => {
    const given = new Given();
    given.place(1, "buy", 100, 4_400_000, { postOnly: true });
    given.place(2, "sell", 100, 4_450_000);
    given.tape();
    const before = given.venue.liveOrder(1 as OrderSeq);

    equal(given.amend(1, 1, { limit: OFF_GRID }), "price_tick");
    equal(given.amend(1, 1, { limit: -5 }), "price_tick");
    equal(given.amend(1, 1, { quantity: OFF_GRID }), "lot_size");
    equal(given.amend(1, 1, { quantity: 0.5 }), "lot_size");
    equal(given.amend(1, 1, { quantity: 9 }), "min_size");
    equal(given.amend(1, 1, { quantity: 11, limit: 1_000_000 }), "min_notional");
    equal(given.amend(1, 1, { quantity: 10_000_001 }), "max_size");
    equal(given.amend(1, 1, { limit: 1 }), "min_notional");
    equal(given.amend(1, 1, { limit: 23_000_000 }), "price_range");
    equal(given.amend(1, 1, { limit: 4_450_000 }), "would_take");

    deepEqual(given.tape(), []);
    deepEqual(given.venue.liveOrder(1 as OrderSeq), before);
  });

  it("needs a live order of the account's own", () => {
    const given = new Given();
    given.place(1, "buy", 100, 4_400_000);

    equal(given.amend(2, 1, { quantity: 50 }), "order_not_found");
    equal(given.amend(1, 7, { quantity: 50 }), "order_not_found");
    equal(given.amend(99, 1, { quantity: 50 }), "account_not_found");
    given.cancel(1, 1);
    equal(given.amend(1, 1, { quantity: 50 }), "order_not_open");
  });

  it("doesn't need room for one order more", () => {
    const given = new Given({}, { maxOpenOrders: 1 });
    given.place(1, "buy", 100, 4_400_000);

    equal(given.amend(1, 1, { quantity: 120 }), undefined);
    equal(given.place(1, "buy", 100, 4_400_000), "max_open_orders");
  });

  it("counts as an order against the rate limit", () => {
    const given = new Given({ orderRate: { perSecond: 1, burst: 2 } });
    given.place(1, "buy", 100, 4_400_000);

    equal(given.amend(1, 1, { quantity: 90 }), undefined);
    equal(given.amend(1, 1, { quantity: 80 }), "rate_limited");
  });

  it("to less may go wherever the market went since", () => {
    const given = new Given();
    given.place(1, "buy", 100, 4_400_000);
    given.reference(50_000_000);

    equal(given.amend(1, 1, { limit: 4_400_001 }), "price_range");
    equal(given.amend(1, 1, { quantity: 90 }), undefined);
  });
});
