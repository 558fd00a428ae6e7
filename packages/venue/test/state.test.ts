import { deepEqual, equal, throws } from "node:assert/strict";
import { describe, it } from "node:test";
import { amount, type InstrumentId, lots, type OrderSeq, ticks } from "@tse/domain";
import { Venue, VenueStateRefused } from "../src/index.ts";
import { Given, money, options } from "./given.ts";

const wide = 1 as InstrumentId;

/** The same situation twice: in the venue itself, and in one restored from its state. */
function twice(arrange: (given: Given) => void): [Given, Given] {
  const made = new Given({
    orderRate: { perSecond: 10, burst: 50 },
    maxOrderNotional: money("1000000000"),
  });
  arrange(made);
  made.tape();
  const { venue } = made;
  const restored = new Given();
  restored.wait(made.now - restored.now);
  Object.assign(restored, { venue: Venue.restore(options, structuredClone(venue.save())) });
  return [made, restored];
}

/** What `act` does to the venue itself, when the restored one does the same. */
function sameTape([made, restored]: [Given, Given], act: (given: Given) => void): string[] {
  act(made);
  act(restored);
  const tape = made.tape();
  deepEqual(restored.tape(), tape);
  equal(restored.venue.stateHash(), made.venue.stateHash());
  return tape;
}

describe("A venue restored from its state", () => {
  it("fills in the order of arrival: after reductions, replacements and trades", () => {
    const pair = twice((given) => {
      given.place(1, "sell", 100, 4_500_000);
      given.place(2, "sell", 100, 4_500_000);
      given.place(1, "sell", 100, 4_500_000);
      given.amend(1, 1, { quantity: 60 });
      given.amend(2, 2, { quantity: 200 });
      given.place(3, "buy", 20, 4_500_000);
    });

    const tape = sameTape(pair, (given) => given.place(3, "buy", 400, 4_500_000));

    const trades = tape.filter((line) => line.startsWith("trade"));
    deepEqual(
      trades.map((line) => line.split(" ")[2]),
      ["6<1", "6<3", "6<4"],
    );
  });

  it("cancels an account's orders oldest first, over all books", () => {
    const pair = twice((given) => {
      given.list("ETH", "USD");
      given.place(1, "buy", 100, 4_400_000);
      given.place(1, "buy", 100, 4_300_000, { instrument: 1 as InstrumentId });
      given.place(1, "buy", 100, 4_200_000);
    });

    const tape = sameTape(pair, (given) =>
      given.apply({
        kind: "cancel_all_orders",
        account: 1 as never,
        instrument: undefined,
      }),
    );

    const closed = tape.filter((line) => line.startsWith("closed"));
    deepEqual(
      closed.map((line) => line.split(" ")[1]),
      ["1", "2", "3"],
    );
  });

  it("knows clientOrderIds, self-trade modes and what orders filled", () => {
    const pair = twice((given) => {
      given.place(1, "sell", 100, 4_500_000, {
        clientOrderId: "mine",
        postOnly: true,
        selfTradePrevention: "decrement",
      });
      given.place(2, "buy", 30, 4_500_000);
    });
    const orders = pair.map(({ venue }) => venue.liveOrder(1 as OrderSeq));
    deepEqual(orders[1], orders[0]);
    equal(orders[1]?.clientOrderId, "mine");

    const [made, restored] = pair;
    for (const given of [made, restored]) {
      const again = given.place(1, "sell", 100, 4_600_000, { clientOrderId: "mine" });
      equal(again, "duplicate_client_order_id");
    }
    sameTape(pair, (given) => given.amend(1, 1, { quantity: 200 }));
    sameTape(pair, (given) => given.place(1, "buy", 300, 4_500_000, { clientOrderId: "other" }));
  });

  it("counts the open orders of each account in each market", () => {
    const pair = twice((given) => {
      given.change({ maxOpenOrders: 2 });
      given.place(1, "buy", 100, 4_400_000);
      given.place(1, "buy", 100, 4_300_000);
    });

    const refused = sameTape(pair, (given) => given.place(1, "buy", 100, 4_200_000));
    deepEqual(refused, ["rejected 3 max_open_orders"]);
    sameTape(pair, (given) => given.cancel(1, 1));
    const taken = sameTape(pair, (given) => given.place(1, "buy", 100, 4_200_000));
    equal(taken[0], "accepted 4");
  });

  it("answers a repeated externalId, refuses beyond the order rate, numbers on", () => {
    const deposit = (given: Given) =>
      given.apply({
        kind: "deposit",
        account: 1 as never,
        asset: given.asset("USD"),
        amount: 500n as never,
        externalId: "once",
        reason: "",
      });
    const pair = twice((given) => {
      deposit(given);
      for (let n = 0; n < 45; n++) given.place(1, "buy", 1, 4_400_000);
      given.setFees("default", undefined, 50_000, 70_000);
    });

    deepEqual(sameTape(pair, deposit), ["transfer_completed"]);
    const tape = sameTape(pair, (given) => {
      for (let n = 0; n < 20; n++) given.place(1, "buy", 1, 4_400_000);
      given.fund(1, "USD", "1");
      given.place(1, "buy", 100, 4_500_000);
      given.place(2, "sell", 100, 4_500_000);
    });
    equal(tape.filter((line) => line.includes("min_size")).length, 5);
  });

  it("keeps delisted instruments, the feed and its absence, and who is worth what", () => {
    const pair = twice((given) => {
      given.list("BTC", "USDT");
      given.list("USDT", "USD", {}, { startPrice: ticks(100) });
      given.apply({
        kind: "update_instrument",
        instrument: 2 as InstrumentId,
        rules: { status: "delisted" },
      });
      given.list("USDT", "USD", {}, { startPrice: ticks(101) });
      given.reference(4_600_000);
      given.reference(0);
    });

    const [made, restored] = pair;
    deepEqual(restored.venue.instruments(), made.venue.instruments());
    equal(restored.venue.feedStale(0 as InstrumentId), true);
    const largest = ({ venue }: Given) => venue.largestNotional(1 as InstrumentId);
    equal(largest(restored), largest(made));
    sameTape(pair, (given) =>
      given.apply({
        kind: "configure_venue",
        rules: { ...given.venue.rules, maxOrderNotional: amount(10n ** 11n) },
      }),
    );
    equal(largest(restored), largest(made));
  });

  it("has a level's total right beyond what a number holds", () => {
    const most = Number.MAX_SAFE_INTEGER;
    const pair = twice((given) => {
      const sizes = { minQuantity: lots(1), maxQuantity: lots(most) };
      const steps = { tickSize: "1", lotSize: "0.00000001", startPrice: ticks(1) };
      given.list("WIDE", "USD", { ...sizes, maxNotional: amount(BigInt(most)) }, steps);
      given.fund(1, "USD", "1000000000");
      for (let n = 0; n < 3; n++) given.place(1, "buy", most - n, 1, { instrument: wide });
    });

    const depths = pair.map(({ venue }) => venue.depth(wide, "buy", 9));
    deepEqual(depths, [
      [{ price: 1, quantity: most, orders: 3 }],
      [{ price: 1, quantity: most, orders: 3 }],
    ]);
    sameTape(pair, (given) => given.cancel(1, 1));
    const tape = sameTape(pair, (given) => given.cancel(1, 2));
    equal(tape.includes(`level buy ${most - 2}@1 #5`), true);
  });
});

describe("A saved state", () => {
  it("is refused by a program that reads another version, and by a venue of another unit", () => {
    const state = new Given().venue.save();

    throws(
      () => Venue.restore(options, { ...state, version: 2 }),
      new VenueStateRefused("the saved state has version 2, this program reads version 1"),
    );
    throws(
      () => Venue.restore({ unitOfAccount: "EUR" }, state),
      new VenueStateRefused("the saved state values orders in USD, this venue in EUR"),
    );
  });

  it("of an empty venue makes an empty venue", () => {
    const empty = new Venue(options);
    const restored = Venue.restore(options, empty.save());
    equal(restored.stateHash(), empty.stateHash());
    equal(restored.sequence, 0);
  });

  it("leaves out nothing that the rules before the first command had said", () => {
    const venue = new Venue({ ...options, kycRequired: true });
    equal(Venue.restore(options, venue.save()).rules.kycRequired, true);
  });
});
