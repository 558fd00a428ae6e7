import { deepEqual, equal } from "node:assert/strict";
import { describe, it } from "node:test";
import type { AccountNumber, InstrumentId, OrderSeq } from "@tse/domain";
import { Given } from "./given.ts";

describe("a limit order", () => {
  it("rests and locks what it may cost", () => {
    const given = new Given();

    equal(given.place(1, "buy", 100, 4_400_000), undefined);

    deepEqual(given.tape(), ["accepted 1", "level buy 100@4400000 #1", "balance 1/0 999956+44"]);
    deepEqual(given.depth("buy"), ["100@4400000"]);
  });

  it("trades at the maker's price and keeps what it saved", () => {
    const given = new Given();
    given.place(1, "sell", 100, 4_500_000);
    given.tape();

    given.place(2, "buy", 150, 4_600_000);

    deepEqual(given.tape(), [
      "accepted 2",
      "trade 1: 2<1 100@4500000",
      "closed 1 filled 0",
      "level sell 0@4500000 #2",
      "level buy 50@4600000 #3",
      "balance 1/1 99.999+0",
      "balance 1/0 1000044.955+0",
      "balance 0/1 0.000001+0",
      "balance 0/0 0.045+0",
      "balance 2/0 999932+23",
      "balance 2/1 100.000999+0",
    ]);
  });

  it("takes the best price first and the oldest first within a price", () => {
    const given = new Given();
    given.place(1, "sell", 100, 4_500_100);
    given.place(2, "sell", 100, 4_500_000);
    given.place(1, "sell", 100, 4_500_000);
    given.tape();

    given.place(3, "buy", 250, 4_500_100);

    deepEqual(given.tape().slice(0, 9), [
      "accepted 4",
      "trade 1: 4<2 100@4500000",
      "closed 2 filled 0",
      "trade 2: 4<3 100@4500000",
      "closed 3 filled 0",
      "trade 3: 4<1 50@4500100",
      "closed 4 filled 0",
      "level sell 0@4500000 #4",
      "level sell 50@4500100 #5",
    ]);
  });

  it("gives its lock back when it is cancelled", () => {
    const given = new Given();
    given.place(1, "sell", 100, 4_500_000);
    given.tape();

    equal(given.cancel(1, 1), undefined);

    deepEqual(given.tape(), [
      "closed 1 cancelled:client 100",
      "level sell 0@4500000 #2",
      "balance 1/1 100+0",
    ]);
  });

  it("gives back what is left of its lock when it is cancelled partly filled", () => {
    const given = new Given();
    given.place(1, "buy", 100, 4_500_000);
    given.place(2, "sell", 40, 4_500_000);
    equal(given.balance(1, "USD"), "999955+27");

    given.cancel(1, 1);

    equal(given.balance(1, "USD"), "999982+0");
    equal(given.tape().at(-3), "closed 1 cancelled:client 60");
  });

  it("tells how far it is filled while it lives", () => {
    const given = new Given();
    given.place(1, "buy", 100, 4_500_000, { clientOrderId: "mine", postOnly: true });
    given.place(2, "sell", 40, 4_500_000);

    const order = given.venue.liveOrder(1 as OrderSeq);

    deepEqual(order, {
      orderSeq: 1,
      account: 1,
      instrument: 0,
      side: "buy",
      limit: 4_500_000,
      quantity: 100,
      open: 60,
      filledQuote: 1_800_000_000n,
      postOnly: true,
      clientOrderId: "mine",
      createdAt: given.now,
    });
    deepEqual(given.venue.liveOrders(1 as AccountNumber), [order]);
    deepEqual(given.venue.queue(0 as InstrumentId, "buy"), [order]);
    equal(given.venue.liveOrder(2 as OrderSeq), undefined);
  });

  it("expires with what it can't fill at once when it is ioc", () => {
    const given = new Given();
    given.place(1, "sell", 100, 4_500_000);
    given.tape();

    given.place(2, "buy", 150, 4_500_000, { timeInForce: "ioc" });

    equal(given.tape()[3], "closed 2 expired:ioc_remainder 50");
    equal(given.balance(2, "USD"), "999955+0");
  });

  it("expires whole, without a trade, when it is fok and there isn't enough", () => {
    const given = new Given();
    given.place(1, "sell", 100, 4_500_000);
    given.tape();

    given.place(2, "buy", 101, 4_500_000, { timeInForce: "fok" });
    deepEqual(given.tape(), ["accepted 2", "closed 2 expired:fok_unfilled 101"]);

    given.place(2, "buy", 100, 4_500_000, { timeInForce: "fok" });
    equal(given.tape()[1], "trade 1: 3<1 100@4500000");
  });

  it("rests when it is post-only and meets nobody", () => {
    const given = new Given();
    given.place(1, "sell", 100, 4_500_000);

    equal(given.place(2, "buy", 100, 4_500_000, { postOnly: true }), "would_take");
    equal(given.place(2, "buy", 100, 4_499_999, { postOnly: true }), undefined);
  });

  it("may use the clientOrderId of an order that ended", () => {
    const given = new Given();
    const mine = { clientOrderId: "mine" };
    given.place(1, "buy", 100, 4_400_000, mine);

    equal(given.place(1, "buy", 100, 4_400_000, mine), "duplicate_client_order_id");
    equal(given.place(2, "buy", 100, 4_400_000, mine), undefined);
    given.cancel(1, 1);
    equal(given.place(1, "buy", 100, 4_400_000, mine), undefined);
  });
});

describe("cancelling", () => {
  const mine = { clientOrderId: "mine" };

  it("names an order by number or by clientOrderId", () => {
    const given = new Given();
    given.place(1, "buy", 100, 4_400_000, mine);
    const command = {
      kind: "cancel_order",
      account: 1 as AccountNumber,
      orderSeq: 0 as OrderSeq,
    } as const;

    equal(given.apply({ ...command, clientOrderId: "other" }), "order_not_found");
    equal(given.apply({ ...command, clientOrderId: "" }), "order_not_found");
    equal(given.apply({ ...command, clientOrderId: "mine" }), undefined);
    equal(given.apply({ ...command, clientOrderId: "mine" }), "order_not_found");
  });

  it("tells an order that ended from one that never was or is another's", () => {
    const given = new Given();
    given.place(1, "buy", 100, 4_400_000);

    equal(given.cancel(2, 1), "order_not_found");
    equal(given.cancel(1, 2), "order_not_found");
    equal(given.cancel(1, -1), "order_not_found");
    equal(given.cancel(99, 1), "account_not_found");
    given.cancel(1, 1);
    equal(given.cancel(1, 1), "order_not_open");
  });

  it("all of an account goes oldest first and reports each level and balance once", () => {
    const given = new Given();
    given.list("BTC", "USDT");
    given.fund(1, "USDT", "1000");
    for (const limit of [4_400_000, 4_300_000, 4_400_000]) given.place(1, "buy", 100, limit);
    given.place(1, "buy", 100, 4_400_000, { instrument: 1 as InstrumentId });
    given.place(2, "buy", 100, 4_400_000);
    given.tape();

    given.apply({ kind: "cancel_all_orders", account: 1 as AccountNumber, instrument: undefined });

    deepEqual(given.tape(), [
      "closed 1 cancelled:client 100",
      "closed 2 cancelled:client 100",
      "closed 3 cancelled:client 100",
      "closed 4 cancelled:client 100",
      "level buy 100@4400000 #5",
      "level buy 0@4300000 #6",
      "level buy 0@4400000 #2",
      "balance 1/0 1000000+0",
      "balance 1/2 1000+0",
    ]);
  });

  it("all of one instrument leaves the others", () => {
    const given = new Given();
    given.list("BTC", "USDT");
    given.fund(1, "USDT", "1000");
    given.place(1, "buy", 100, 4_400_000);
    given.place(1, "buy", 100, 4_400_000, { instrument: 1 as InstrumentId });

    const all = { kind: "cancel_all_orders", account: 1 as AccountNumber } as const;
    equal(given.apply({ ...all, instrument: 1 as InstrumentId }), undefined);

    deepEqual(given.depth("buy"), ["100@4400000"]);
    equal(given.apply({ ...all, instrument: 7 as InstrumentId }), "symbol_not_found");
    equal(
      given.apply({ ...all, account: 99 as AccountNumber, instrument: undefined }),
      "account_not_found",
    );
  });
});

describe("a halted instrument", () => {
  for (const status of ["halted", "cancel_only"] as const) {
    it(`lets orders be cancelled and nothing else when it is ${status}`, () => {
      const given = new Given();
      given.place(1, "buy", 100, 4_400_000);
      given.place(1, "buy", 100, 4_400_000);
      given.change({ status });

      equal(given.place(1, "buy", 100, 4_400_000), "instrument_halted");
      equal(given.amend(1, 1, { quantity: 50 }), "instrument_halted");
      equal(given.cancel(1, 1), undefined);
      given.change({ status: "trading" });
      equal(given.amend(1, 2, { quantity: 50 }), undefined);
    });
  }
});
