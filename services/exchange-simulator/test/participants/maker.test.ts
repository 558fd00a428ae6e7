import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Instrument, type InstrumentId, type Ticks, ticks } from "@tse/domain";
import type { PriceListener, PriceSource } from "../../src/participants/price-source.ts";
import { filled, openClient, send } from "./clients.ts";
import {
  fixedSpreadOf,
  instrumentOf,
  type RunningWorld,
  runningWorld,
  seconds,
} from "./running-world.ts";

/** A feed that says what the test says. */
class ManualSource implements PriceSource {
  #listener: PriceListener = () => {};

  start(instruments: readonly Instrument[], onPrice: PriceListener): void {
    this.#listener = onPrice;
    for (const { id, startPrice } of instruments) onPrice(id, startPrice);
  }

  say(instrument: InstrumentId, price: number): void {
    this.#listener(instrument, ticks(price));
  }

  stop(): void {
    this.#listener = () => {};
  }
}

async function quietWorld(options: Parameters<typeof runningWorld>[0] = {}) {
  const source = new ManualSource();
  const world = await runningWorld({ ...options, source });
  const btc = instrumentOf(world, "BTC/USD");
  return { world, source, btc };
}

function prices({ venue }: RunningWorld, { id }: Instrument): readonly (readonly Ticks[])[] {
  return (["buy", "sell"] as const).map((side) =>
    venue.depth(id, side, 50).map(({ price }) => price),
  );
}

const makerOf = (world: RunningWorld, symbol: string) => fixedSpreadOf(world, symbol).maker;

describe("Maker", () => {
  it("quotes BTC/USD at 45 000 exactly as its profile says", async () => {
    const { world, btc } = await quietWorld();

    const [bid] = world.venue.depth(btc.id, "buy", 1);
    const [ask] = world.venue.depth(btc.id, "sell", 1);
    assert.deepEqual([bid?.price, bid?.quantity], [4_499_850, 250_000]);
    assert.deepEqual([ask?.price, ask?.quantity], [4_500_150, 180_000]);
    const [lastBid] = world.venue.depth(btc.id, "buy", 10).slice(-1);
    const [lastAsk] = world.venue.depth(btc.id, "sell", 10).slice(-1);
    assert.deepEqual([lastBid?.price, lastBid?.quantity], [4_495_000, 2_500_000]);
    assert.deepEqual([lastAsk?.price, lastAsk?.quantity], [4_505_000, 2_200_000]);
  });

  it("follows the feed's price at once, one command for each order", async () => {
    const { world, source, btc } = await quietWorld();
    await world.advance(seconds(0.15));
    world.units.length = 0;
    source.say(btc.id, 4_510_000);
    await world.exchange.durable();

    assert.deepEqual(
      [world.venue.bestBid(btc.id), world.venue.bestAsk(btc.id)],
      [4_509_849, 4_510_151],
    );
    const amended = world.units.filter(({ command }) => command.kind === "amend_order");
    assert.equal(amended.length, world.venue.liveOrders(makerAccount(world)).length);
    assert.ok(amended.every(({ rejection }) => rejection === undefined));
  });

  it("sends nothing when the price did not move", async () => {
    const { world, source, btc } = await quietWorld();
    await world.advance(seconds(0.5));
    world.units.length = 0;
    source.say(btc.id, btc.startPrice);
    await world.exchange.durable();
    const own = makerAccount(world);
    assert.deepEqual(
      world.units.filter(({ command }) => "account" in command && command.account === own),
      [],
    );
  });

  it("requotes at most every 100 ms, to the newest price", async () => {
    const { world, source, btc } = await quietWorld();
    await world.advance(seconds(0.2));
    const rounds = makerOf(world, "BTC/USD").rounds;
    source.say(btc.id, 4_510_000);
    await world.advance(seconds(0.03));
    source.say(btc.id, 4_520_000);
    await world.advance(seconds(0.03));
    source.say(btc.id, 4_530_000);
    assert.equal(world.venue.bestAsk(btc.id), 4_510_151, "the first price holds for 100 ms");

    await world.advance(seconds(0.04));
    assert.equal(world.venue.bestAsk(btc.id), 4_530_151);
    assert.equal(makerOf(world, "BTC/USD").rounds, rounds + 2);
  });

  it("fills up a level 250 ms after it was hit, at the same price", async () => {
    const { world, btc } = await quietWorld();
    const client = await openClient(world);
    const before = prices(world, btc);
    await send(world, { account: client, symbol: "BTC/USD", side: "buy", quantity: 180_000 });
    assert.ok(world.venue.bestAsk(btc.id) > 4_500_150);

    await world.advance(seconds(0.249));
    assert.ok(world.venue.bestAsk(btc.id) > 4_500_150);
    await world.advance(seconds(0.001));
    assert.deepEqual(prices(world, btc), before);
    assert.equal(world.venue.depth(btc.id, "sell", 1)[0]?.quantity, 180_000);
  });

  it("withdraws after 30 s without a price, and quotes again with the next", async () => {
    const { world, source, btc } = await quietWorld();
    const client = await openClient(world);
    await world.advance(seconds(29.9));
    assert.equal(prices(world, btc)[0]?.length, 10);
    assert.equal(world.venue.feedStale(btc.id), false);

    await world.advance(seconds(0.2));
    assert.deepEqual(prices(world, btc), [[], []]);
    assert.equal(world.venue.feedStale(btc.id), true);
    assert.equal(makerOf(world, "BTC/USD").quoting, false);

    const limit = ticks(4_500_000);
    await send(world, { account: client, symbol: "BTC/USD", side: "sell", quantity: 100, limit });
    const other = await openClient(world);
    const met = await send(world, {
      account: other,
      symbol: "BTC/USD",
      side: "buy",
      quantity: 100,
    });
    assert.equal(filled(met), 100, "clients still trade with each other");

    const arrivals = world.units.length;
    await world.advance(seconds(60));
    assert.equal(world.units.length, arrivals, "takers wait too");

    source.say(btc.id, 4_400_000);
    await world.exchange.durable();
    assert.equal(world.venue.feedStale(btc.id), false);
    assert.deepEqual(
      prices(world, btc).map(({ length }) => length),
      [10, 10],
    );
  });

  it("widens and thins its quotes as the operator says", async () => {
    const conditions = { spread: 1, liquidity: 1 };
    const { world, source, btc } = await quietWorld({
      conditions: {
        spreadMultiplier: () => conditions.spread,
        liquidityFactor: () => conditions.liquidity,
      },
    });
    const say = async () => {
      await world.advance(seconds(1));
      source.say(btc.id, 4_500_000);
      await world.exchange.durable();
    };

    conditions.spread = 3;
    await say();
    assert.deepEqual(
      [world.venue.bestBid(btc.id), world.venue.bestAsk(btc.id)],
      [4_499_550, 4_500_450],
    );

    conditions.spread = 1;
    conditions.liquidity = 0.5;
    await say();
    assert.equal(world.venue.depth(btc.id, "buy", 1)[0]?.quantity, 125_000);

    conditions.liquidity = 0;
    await say();
    assert.deepEqual(prices(world, btc), [[], []]);

    conditions.liquidity = 1;
    await say();
    assert.equal(world.venue.depth(btc.id, "buy", 1)[0]?.quantity, 250_000);
  });

  it("offers all its size on the best level when slippage is off", async () => {
    const { world, btc } = await quietWorld({ slippage: false });
    const [[bid, ...others], asks] = prices(world, btc) as [Ticks[], Ticks[]];
    assert.deepEqual([bid, others, asks], [4_499_850, [], [4_500_150]]);
    const total = world.venue.depth(btc.id, "buy", 1)[0]?.quantity as number;
    assert.ok(total > 10_000_000);
  });

  it("splits what is more than one order may be worth, and refuses to flood the book", async () => {
    const { world, btc } = await quietWorld({ maxOrderNotional: "50000" });
    const orders = world.venue.queue(btc.id, "buy");
    assert.ok(orders.length > 10 && orders.length <= 80);
    assert.ok(orders.every(({ open }) => open * 45_000 < 50_000 * 100_000));
    assert.deepEqual(makerOf(world, "BTC/USD").refusals, {});
  });

  it("quotes less, on every level, as its money runs out, and never more than it has", async () => {
    const { world, source, btc } = await quietWorld();
    const account = makerAccount(world);
    const cancel = { kind: "cancel_all_orders", account, instrument: btc.id } as const;
    await world.exchange.submit(cancel, ORIGIN);
    const { available } = world.venue.balance(account, btc.quote);
    await world.exchange.submit(
      {
        kind: "withdraw",
        account,
        asset: btc.quote,
        amount: ((available * 99n) / 100n) as typeof available,
        externalId: "",
        reason: "test",
      },
      ORIGIN,
    );
    await world.advance(seconds(1));
    source.say(btc.id, 4_500_000);
    await world.exchange.durable();

    assert.equal(prices(world, btc)[0]?.length, 10);
    const [best] = world.venue.depth(btc.id, "buy", 1);
    assert.ok(best !== undefined && best.quantity < 125_000);
    assert.deepEqual(makerOf(world, "BTC/USD").refusals, {});
  });

  it("is refused without stopping the world, and the refusal is counted", async () => {
    const { world, source, btc } = await quietWorld();
    const suspend = {
      kind: "update_account",
      account: makerAccount(world),
      status: "suspended",
      kycStatus: undefined,
      feeTier: undefined,
      name: undefined,
      metadata: undefined,
    } as const;
    await world.exchange.submit(suspend, ORIGIN);
    await world.advance(seconds(1));
    source.say(btc.id, 4_510_000);
    await world.exchange.durable();

    assert.ok((makerOf(world, "BTC/USD").refusals.account_suspended ?? 0) > 0);
    assert.equal(prices(world, instrumentOf(world, "ETH/USD"))[0]?.length, 10);
    assert.deepEqual(world.failures, []);
  });

  it("leaves a halted instrument alone and comes back when it trades again", async () => {
    const { world, source, btc } = await quietWorld();
    const set = (status: "halted" | "trading") =>
      world.exchange.submit(
        { kind: "update_instrument", instrument: btc.id, rules: { status } },
        ORIGIN,
      );
    await set("halted");
    await world.advance(seconds(1));
    source.say(btc.id, 4_510_000);
    await world.exchange.durable();
    assert.equal(world.venue.bestAsk(btc.id), 4_500_150);

    await set("trading");
    source.say(btc.id, 4_520_000);
    await world.exchange.durable();
    await world.advance(seconds(0.2));
    assert.equal(world.venue.bestAsk(btc.id), 4_520_151);
  });
});

const ORIGIN = { actor: "admin", correlationId: "" };

function makerAccount({ venue }: RunningWorld) {
  const account = venue.accounts().find(({ name }) => name === "maker BTC/USD");
  assert.ok(account !== undefined);
  return account.number;
}
