import { deepEqual, equal } from "node:assert/strict";
import { describe, it } from "node:test";
import { lots, ticks } from "@tse/domain";
import { Given, order } from "./given.ts";

describe("an order that is only asked about", () => {
  it("is judged as if it came, and leaves no trace", () => {
    const given = new Given();
    const tooDear = { ...order, quantity: lots(2_300_000) };

    for (const asked of [order, tooDear, { ...order, limit: ticks(1) }]) {
      const foretold = given.venue.check(asked, given.now);
      deepEqual(given.tape(), []);
      deepEqual(new Given().venue.apply(asked, given.now), foretold);
    }
  });

  it("takes nothing from the account's rate", () => {
    const given = new Given({ orderRate: { perSecond: 1, burst: 1 } });

    given.venue.check(order, given.now);

    equal(given.apply(order), undefined);
    equal(given.apply(order), "rate_limited");
    equal(given.venue.check(order, given.now), undefined);
  });
});
