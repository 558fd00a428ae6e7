import { deepEqual, equal } from "node:assert/strict";
import { describe, it } from "node:test";
import { ticks } from "@tse/domain";
import { FeedStates } from "../../src/views/feed-states.ts";
import { startExchange } from "../support/exchange.ts";

describe("FeedStates", () => {
  it("agree with the venue once all is shown, also after a restart from what was saved", async () => {
    const world = await startExchange();
    const { id: instrument } = world.instrument("BTC/USD");
    let feeds = new FeedStates();
    world.exchange.subscribe((unit) => feeds.record(unit));

    const shown: boolean[] = [];
    for (const price of [0, 4_500_000, 0, 0, 4_400_000, 0]) {
      await world.submit({ kind: "set_reference_price", instrument, price: ticks(price) });
      shown.push(feeds.feedStale(instrument));
      equal(feeds.feedStale(instrument), world.venue.feedStale(instrument));

      const state = structuredClone(feeds.save());
      feeds = new FeedStates();
      feeds.restore(state);
    }

    deepEqual(shown, [false, false, true, true, false, true]);
    equal(feeds.feedStale(world.instrument("ETH/USD").id), false);
  });
});
