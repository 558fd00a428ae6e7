import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PlaceOrder } from "@tse/domain";
import { openClient, send } from "./clients.ts";
import { fixedSpreadOf, type RunningWorld, runningWorld, seconds } from "./running-world.ts";

/** When the takers of all instruments came, and for how much. */
function arrivals({ units, venue }: RunningWorld): readonly string[] {
  return units
    .filter(({ command }) => command.kind === "place_order" && command.type === "market")
    .filter(({ origin }) => origin.actor === "participant")
    .map(({ time, command }) => {
      const { instrument, quantity } = command as PlaceOrder;
      return `${time} ${venue.instrument(instrument).symbol} ${quantity}`;
    });
}

describe("Taker", () => {
  it("comes at the same times for the same sizes whatever clients do", async () => {
    const alone = await runningWorld();
    await alone.advance(seconds(60));

    const busy = await runningWorld();
    const account = await openClient(busy);
    for (let i = 0; i < 60; i++) {
      const side = i % 3 === 0 ? "sell" : "buy";
      await send(busy, { account, symbol: "BTC/USD", side, quantity: 200_000 });
      await busy.advance(seconds(1));
    }

    assert.ok(arrivals(alone).length > 200);
    assert.deepEqual(arrivals(busy), arrivals(alone));
  });

  it("comes at other times with another seed", async () => {
    const [one, two] = [await runningWorld({ seed: "1" }), await runningWorld({ seed: "2" })];
    await one.advance(seconds(20));
    await two.advance(seconds(20));
    assert.notDeepEqual(arrivals(one), arrivals(two));
  });

  it("leans against inventories out of balance, so that they return with time", async () => {
    const world = await runningWorld();
    const account = await openClient(world);
    for (let i = 0; i < 100; i++) {
      await send(world, { account, symbol: "DOT/USD", side: "buy", quantity: 50_000 });
      await world.advance(seconds(1));
    }
    const imbalance = () => fixedSpreadOf(world, "DOT/USD").maker.imbalance;
    const drained = imbalance();
    assert.ok(drained < -0.03, `drained to ${drained}`);

    await world.advance(seconds(600));
    assert.ok(imbalance() > drained + 0.001);
  });
});
