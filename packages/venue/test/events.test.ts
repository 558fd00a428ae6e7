import { deepEqual, equal, notEqual, throws } from "node:assert/strict";
import { describe, it } from "node:test";
import type { AccountNumber, InstrumentId, VenueEvent } from "@tse/domain";
import { Digest } from "../src/index.ts";
import { Given, order } from "./given.ts";

/** A few commands whose events are of every frequent kind. */
function busy(): Given {
  const given = new Given();
  given.place(1, "sell", 100, 4_500_000, { clientOrderId: "a" });
  given.place(2, "buy", 40, 4_500_000);
  given.amend(1, 1, { quantity: 90 });
  given.place(1, "buy", 20, 4_500_000, { selfTradePrevention: "decrement" });
  given.cancel(1, 1);
  return given;
}

function hashOf(given: Given): string {
  const digest = new Digest();
  given.venue.events.addTo(digest);
  return digest.toString();
}

describe("the event log", () => {
  it("reads them all, or without what they made of the state, as often as asked", () => {
    const { events } = busy().venue;
    const all = [...events];
    const isOfState = ({ kind }: VenueEvent) =>
      kind === "balance_changed" || kind === "level_changed";

    for (let time = 0; time < 2; time++) {
      deepEqual(events.read(), all);
      deepEqual(
        events.readDeeds(),
        all.filter((event) => !isOfState(event)),
      );
    }
    deepEqual(events.at(1), all[1]);
  });

  it("gives every event back as it was", () => {
    const events = [...busy().venue.events];

    deepEqual(events[0], {
      kind: "order_accepted",
      orderSeq: 1,
      order: { ...order, account: 1, side: "sell", clientOrderId: "a" },
      replaces: 0,
    });
    deepEqual(events[1], {
      kind: "level_changed",
      instrument: 0,
      side: "sell",
      price: 4_500_000,
      quantity: 100,
      bookSequence: 1,
    });
    deepEqual(events[2], {
      kind: "balance_changed",
      account: 1,
      asset: 1,
      available: 9_999_900_000n,
      locked: 100_000n,
    });
    deepEqual(events[4], {
      kind: "trade",
      tradeSeq: 1,
      instrument: 0,
      price: 4_500_000,
      quantity: 40,
      notional: 1_800_000_000n,
      takerSide: "buy",
      takerOrder: 2,
      makerOrder: 1,
      takerAccount: 2,
      makerAccount: 1,
      takerFee: 40n,
      makerFee: 1_800_000n,
    });
    deepEqual(
      events.find(({ kind }) => kind === "order_reduced"),
      { kind: "order_reduced", orderSeq: 1, account: 1, instrument: 0, quantity: 90 },
    );
    deepEqual(
      events.find(({ kind }) => kind === "self_trade_prevented"),
      { kind: "self_trade_prevented", instrument: 0, takerOrder: 3, makerOrder: 1, quantity: 20 },
    );
    deepEqual(
      events.findLast(({ kind }) => kind === "order_closed"),
      {
        kind: "order_closed",
        orderSeq: 1,
        account: 1,
        instrument: 0,
        end: "cancelled:client",
        left: 30,
      },
    );
  });

  it("gives an event by its place, in any order", () => {
    const { events } = busy().venue;
    const inOrder = [...events];

    for (let place = events.length - 1; place >= 0; place--) {
      deepEqual(events.at(place), inOrder[place]);
    }
    throws(() => events.at(events.length), RangeError);
    throws(() => events.at(-1), RangeError);
  });

  it("is empty after it was cleared, and grows as it must", () => {
    const given = busy();
    given.venue.events.clear();
    equal(given.venue.events.length, 0);
    throws(() => given.venue.events.at(0), RangeError);

    for (let n = 0; n < 3_000; n++) given.place(1, "buy", 100, 4_400_000 - n, { postOnly: true });

    equal(given.venue.events.length, 200 * 3 + 2_800);
    equal(given.venue.events.at(600).kind, "order_rejected");
  });

  it("hashes the same however often it is cleared", () => {
    const whole = new Digest();
    busy().venue.events.addTo(whole);

    const parts = new Digest();
    const given = new Given();
    const run = (command: () => unknown) => {
      command();
      given.venue.events.addTo(parts);
      given.venue.events.clear();
    };
    run(() => given.place(1, "sell", 100, 4_500_000, { clientOrderId: "a" }));
    run(() => given.place(2, "buy", 40, 4_500_000));
    run(() => given.amend(1, 1, { quantity: 90 }));
    run(() => given.place(1, "buy", 20, 4_500_000, { selfTradePrevention: "decrement" }));
    run(() => given.cancel(1, 1));

    equal(parts.toString(), whole.toString());
  });

  it("hashes every part of what happened", () => {
    const placed = (changes: Partial<typeof order>) => {
      const given = new Given();
      given.apply({ ...order, ...changes });
      return hashOf(given);
    };
    const hashes = [
      placed({}),
      placed({ side: "sell" }),
      placed({ account: 2 as AccountNumber }),
      placed({ clientOrderId: "a" }),
      placed({ clientOrderId: "b" }),
      placed({ postOnly: true }),
      placed({ selfTradePrevention: "none" }),
      placed({ fault: { kind: "max_fill", ratio: 5 } }),
      placed({ fault: { kind: "reject", code: "insufficient_liquidity" } }),
    ];

    equal(new Set(hashes).size, hashes.length);
    equal(placed({}), hashes[0]);
  });
});

describe("the state hash", () => {
  it("is the same for the same commands and another for others", () => {
    equal(busy().venue.stateHash(), busy().venue.stateHash());

    const other = busy();
    other.reference(4_500_000);
    notEqual(other.venue.stateHash(), busy().venue.stateHash());
  });

  it("tells orders apart that differ only in what they would do later", () => {
    const resting = (changes: Partial<typeof order>) => {
      const given = new Given();
      given.apply({ ...order, ...changes });
      return given.venue.stateHash();
    };
    const hashes = [
      resting({}),
      resting({ selfTradePrevention: "none" }),
      resting({ postOnly: true }),
      resting({ clientOrderId: "a" }),
      resting({ side: "sell" }),
    ];

    equal(new Set(hashes).size, hashes.length);
  });

  it("doesn't depend on whether the events were read", () => {
    const given = busy();
    given.venue.events.clear();

    equal(given.venue.stateHash(), busy().venue.stateHash());
  });
});

describe("a venue that is read", () => {
  it("gives copies that stay true of their moment", () => {
    const { venue } = busy();
    const depth = venue.depth(0 as InstrumentId, "sell", 10);
    const accounts = venue.accounts();

    venue.apply(
      { kind: "cancel_all_orders", account: 1 as AccountNumber, instrument: undefined },
      0 as never,
    );

    deepEqual(depth, []);
    equal(accounts.length, 3);
  });
});
