import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Instrument, type InstrumentId, RATE_ONE, type Side, ticks } from "@tse/domain";
import { filled, openClient, send, tradesOf } from "./clients.ts";
import { instrumentOf, type RunningWorld, runningWorld, seconds } from "./running-world.ts";

const SYMBOLS = [
  "BTC/USD",
  "ETH/USD",
  "SOL/USD",
  "ADA/USD",
  "DOT/USD",
  "USDT/USD",
  "BTC/USDT",
  "ETH/USDT",
  "ETH/BTC",
];
const MINUTES = 5;

const depth = ({ venue }: RunningWorld, { id }: Instrument, side: Side) =>
  venue.depth(id, side, 50);

function assertFullBook(world: RunningWorld, instrument: Instrument): void {
  const { id, symbol, maxSpread } = instrument;
  const [bid, ask] = [world.venue.bestBid(id), world.venue.bestAsk(id)];
  assert.equal(depth(world, instrument, "buy").length, 10, `${symbol}: bids`);
  assert.equal(depth(world, instrument, "sell").length, 10, `${symbol}: asks`);
  assert.ok(bid < ask, `${symbol}: uncrossed`);
  assert.ok((ask - bid) / ((ask + bid) / 2) <= maxSpread / RATE_ONE, `${symbol}: spread`);
}

/** Fills 60 % of what rests on a side, at the prices that rest there. */
async function sweepHalf(world: RunningWorld, instrument: Instrument): Promise<void> {
  const client = await openClient(world);
  const levels = depth(world, instrument, "sell");
  const total = levels.reduce((sum, { quantity }) => sum + quantity, 0);
  let left = Math.floor(total * 0.6);
  for (const { price, quantity } of levels) {
    const step = Math.min(quantity, left);
    left -= step;
    if (step === 0) return;
    const parts = Math.ceil(step / Math.min(instrument.maxQuantity, 200_000));
    for (let i = 0; i < parts; i++) {
      const share = Math.floor(((i + 1) * step) / parts) - Math.floor((i * step) / parts);
      const order = {
        account: client,
        symbol: instrument.symbol,
        side: "buy",
        limit: price,
      } as const;
      await send(world, { ...order, quantity: share });
    }
  }
}

describe("The living book", () => {
  it("has ten levels a side within the widest spread for every instrument, minute after minute", async () => {
    const world = await runningWorld();
    assert.deepEqual(
      world.venue.instruments().map(({ symbol }) => symbol),
      SYMBOLS,
    );
    for (let minute = 0; minute <= MINUTES; minute++) {
      for (const instrument of world.venue.instruments()) assertFullBook(world, instrument);
      await world.advance(seconds(60));
    }
    assert.deepEqual(world.failures, []);
  });

  it("trades at least ten times in every minute on every instrument", async () => {
    const world = await runningWorld();
    for (let minute = 0; minute < MINUTES; minute++) {
      world.units.length = 0;
      await world.advance(seconds(60));
      const count = new Map<InstrumentId, number>();
      for (const { instrument } of world.units.flatMap(tradesOf)) {
        count.set(instrument, (count.get(instrument) ?? 0) + 1);
      }
      for (const { id, symbol } of world.venue.instruments()) {
        assert.ok((count.get(id) ?? 0) >= 10, `${symbol}: ${count.get(id)} trades`);
      }
    }
  });

  it("fills an ordinary market order at once at the market price", async () => {
    const world = await runningWorld();
    const btc = instrumentOf(world, "BTC/USD");
    const account = await openClient(world);

    const unit = await send(world, { account, symbol: "BTC/USD", side: "buy", quantity: 10_000 });

    assert.equal(unit.rejection, undefined);
    assert.equal(filled(unit), 10_000);
    assert.deepEqual(
      tradesOf(unit).map(({ price }) => price),
      [4_500_150],
    );
    assert.equal(world.venue.bestAsk(btc.id), 4_500_150);
  });

  it("lets a large market order walk the book, best price first", async () => {
    const world = await runningWorld();
    const account = await openClient(world);

    const unit = await send(world, {
      account,
      symbol: "BTC/USD",
      side: "buy",
      quantity: 1_000_000,
    });

    const prices = tradesOf(unit).map(({ price }) => price);
    assert.equal(filled(unit), 1_000_000);
    assert.ok(new Set(prices).size >= 4);
    assert.deepEqual(
      prices,
      prices.toSorted((a, b) => a - b),
    );
  });

  it("is full again 250 ms after half a side was swept", async () => {
    const world = await runningWorld();
    for (const symbol of SYMBOLS) {
      const instrument = instrumentOf(world, symbol);
      const before = depth(world, instrument, "sell");
      await sweepHalf(world, instrument);
      assert.ok(depth(world, instrument, "sell").length < 10, `${symbol}: swept`);

      await world.advance(seconds(0.25));
      assert.equal(depth(world, instrument, "sell").length, 10, `${symbol}: refilled`);
      assert.equal(before.length, 10);
    }
  });

  it("fills a client's resting order when the market moves through it", async () => {
    const world = await runningWorld();
    const btc = instrumentOf(world, "BTC/USD");
    const account = await openClient(world);
    const limit = ticks(world.venue.bestBid(btc.id) - 2_000);
    await send(world, { account, symbol: "BTC/USD", side: "buy", quantity: 10_000, limit });

    for (let i = 0; i < 600 && world.venue.liveOrders(account).length > 0; i++) {
      await world.advance(seconds(1));
    }

    assert.equal(world.venue.liveOrders(account).length, 0);
    const { available, locked } = world.venue.balance(account, btc.base);
    assert.equal(locked, 0n);
    // Less the maker's fee of a thousandth.
    assert.equal(available, 100_000_000n * 100_000_000n + 10_000_000n - 10_000n);
  });
});
