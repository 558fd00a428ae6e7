import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type InstrumentId, type Ticks, ticks } from "@tse/domain";
import type { PriceListener, PriceSource } from "../../src/participants/price-source.ts";
import type { RealisticAgents } from "../../src/participants/realistic/realistic-agents.ts";
import { openClient, send } from "./clients.ts";
import { instrumentOf, type RunningWorld, runningWorld, seconds } from "./running-world.ts";

const realistic = { activity: 0.3 };

/** A feed whose prices the test gives. */
class TestFeed implements PriceSource {
  #listener: PriceListener | undefined;
  readonly #first: readonly (readonly [InstrumentId, Ticks])[];

  constructor(first: readonly (readonly [number, number])[]) {
    this.#first = first as unknown as readonly (readonly [InstrumentId, Ticks])[];
  }

  start(_: unknown, listener: PriceListener): void {
    this.#listener = listener;
    for (const [instrument, price] of this.#first) listener(instrument, price);
  }

  say(instrument: InstrumentId, price: number, spread = 0): void {
    const quote = spread === 0 ? undefined : { bid: price - spread / 2, ask: price + spread / 2 };
    this.#listener?.(instrument, ticks(price), quote);
  }

  stop(): void {}
}

function stateOf({ participants }: RunningWorld, symbol: string) {
  const state = participants.states().find((each) => each.symbol === symbol);
  assert.equal(state?.profile, "realistic");
  return state as unknown as ReturnType<RealisticAgents["state"]> & { readonly feed: string };
}

/** A market of BTC/USD alone whose feed stands at 45 000 unless the test says otherwise. */
async function standing(seed = "42") {
  const source = new TestFeed([[0, 4_500_000]]);
  const world = await runningWorld({ seed, source, realistic });
  return { world, source, btc: instrumentOf(world, "BTC/USD") };
}

describe("The participants of the profile realistic", { timeout: 60_000 }, () => {
  it("make a living book of every instrument: tight, deep, never crossed, and it trades", async () => {
    const world = await runningWorld({ realistic });
    await world.advance(seconds(60));
    for (const instrument of world.venue.instruments()) {
      const { symbol, id } = instrument;
      const [bid, ask] = [world.venue.bestBid(id), world.venue.bestAsk(id)];
      assert.ok(bid > 0 && ask > bid, `${symbol}: ${bid} ${ask}`);
      const spread = (10_000 * (ask - bid)) / bid;
      assert.ok(spread < 20 || ask - bid <= 2, `${symbol}: ${spread} bp`);
      assert.ok(world.venue.depth(id, "buy", 50).length >= 8, symbol);
      assert.ok(stateOf(world, symbol).acts > 100, symbol);
    }
    const trades = world.units.flatMap(({ events }) =>
      events.filter(({ kind }) => kind === "trade"),
    );
    assert.ok(trades.length > 60, `${trades.length}`);
    assert.deepEqual(world.failures, []);
    world.participants.stop();
  });

  it("are hardly ever refused: what is, would have traded at once", async () => {
    const { world, source, btc } = await standing();
    for (let i = 0; i < 12; i++) {
      source.say(btc.id, 4_500_000 + (i % 3) * 500);
      await world.advance(seconds(10));
    }
    const state = stateOf(world, "BTC/USD");
    for (const { refusals, sent, liveOrders } of [state.maker, state.crowd, state.taker]) {
      const { would_take_liquidity: _ = 0, ...others } = refusals;
      assert.deepEqual(others, {});
      assert.ok(_ <= sent * 0.2, `${_} of ${sent}`);
      assert.ok(liveOrders < 200);
    }
    world.participants.stop();
  });

  it("do the same for the same seed, in one step or in many, and something else for another", async () => {
    const commands = async (seed: string, steps: number) => {
      const { world } = await standing(seed);
      for (let i = 0; i < steps; i++) await world.advance(seconds(20 / steps));
      world.participants.stop();
      return world.units.map(({ time, command }) => [time, command]);
    };
    const once = await commands("42", 1);
    assert.ok(once.length > 500);
    assert.deepEqual(await commands("42", 8), once);
    assert.notDeepEqual((await commands("43", 1)).slice(-20), once.slice(-20));
  });

  it("follow the feed, and are moved by a customer's market orders, at the same times as without them", async () => {
    const [quiet, busy] = [await standing(), await standing()];
    for (const { world } of [quiet, busy]) await world.advance(seconds(10));
    const account = await openClient(busy.world);
    for (let i = 0; i < 20; i++) {
      await send(busy.world, { account, symbol: "BTC/USD", side: "buy", quantity: 100_000 });
      for (const { world } of [quiet, busy]) await world.advance(seconds(1));
    }
    const states = [quiet, busy].map(({ world }) => stateOf(world, "BTC/USD"));
    const [still, moved] = states as [(typeof states)[0], (typeof states)[0]];
    assert.equal(moved.acts, still.acts);
    assert.ok(moved.impactBp > still.impactBp + 1, `${moved.impactBp} beside ${still.impactBp}`);

    busy.source.say(busy.btc.id, 4_600_000);
    await busy.world.advance(seconds(5));
    const bid = busy.world.venue.bestBid(busy.btc.id);
    assert.ok(bid > 4_590_000 && bid < 4_620_000, `${bid}`);
    for (const { world } of [quiet, busy]) world.participants.stop();
  });

  it("quote wider and less when the reference market does", async () => {
    const [calm, wide] = [await standing(), await standing()];
    for (const { world, source, btc } of [calm, wide]) {
      source.say(btc.id, 4_500_000, 900);
      await world.advance(seconds(5));
      source.say(btc.id, 4_500_000, world === wide.world ? 9_000 : 900);
      await world.advance(seconds(20));
    }
    const within = ({ world, btc }: typeof calm) =>
      world.venue
        .depth(btc.id, "buy", 200)
        .filter(({ price }) => price > 4_500_000 * 0.9995)
        .reduce((sum, { quantity }) => sum + quantity, 0);
    assert.ok(within(wide) < within(calm) / 2, `${within(wide)} beside ${within(calm)}`);
    for (const { world } of [calm, wide]) world.participants.stop();
  });

  it("withdraw when the feed is silent, and quote again with its next price", async () => {
    const { world, source, btc } = await standing();
    await world.advance(seconds(31));
    assert.equal(world.venue.bestBid(btc.id), 0);
    assert.equal(stateOf(world, "BTC/USD").feed, "stale");
    await world.advance(seconds(5));
    assert.equal(world.venue.bestAsk(btc.id), 0);

    source.say(btc.id, 4_550_000);
    await world.advance(seconds(2));
    assert.ok(Math.abs(world.venue.bestBid(btc.id) - 4_550_000) < 10_000);
    world.participants.stop();
  });
});
