import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Side, textOf } from "@tse/domain";
import { MemoryCommandLog } from "@tse/journal";
import { seededRandom } from "@tse/simulation";
import { type Json, type Production, startProduction } from "../support/production.ts";
import { openSocket } from "./clients.ts";

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A journal that is never done at once: the venue is always ahead of what is durable. */
function slowLog(): MemoryCommandLog {
  return new MemoryCommandLog({ flush: () => nextTurn().then(nextTurn).then(nextTurn) });
}

/** What a client makes of a snapshot and the updates that follow it. */
class Fold {
  sequence = 0;
  readonly levels = new Map<string, string>();

  read({ type, sequence, data }: Json): void {
    if (type === "update")
      assert.equal(sequence, this.sequence + 1, "no update is missed or doubled");
    this.sequence = sequence;
    this.#side("buy", data.bids);
    this.#side("sell", data.asks);
  }

  #side(side: Side, levels: readonly (readonly [string, string])[]): void {
    for (const [price, size] of levels) {
      if (Number(size) === 0) assert(this.levels.delete(`${side} ${price}`), "the level was there");
      else this.levels.set(`${side} ${price}`, size);
    }
  }
}

function bookOf(world: Production): Map<string, string> {
  const { id, tickSize, lotSize } = world.instrument("BTC/USD");
  const levels = new Map<string, string>();
  for (const side of ["buy", "sell"] as const) {
    for (const { price, quantity } of world.venue.depth(id, side, 1_000)) {
      levels.set(`${side} ${textOf(price, tickSize)}`, textOf(quantity, lotSize));
    }
  }
  return levels;
}

/** A client that follows the book from now on. */
async function joinBook(world: Production) {
  const client = await openSocket(world.wsUrl);
  const fold = new Fold();
  client.socket.on("message", (text) => {
    const message = JSON.parse(text.toString());
    if (message.channel === "orderbook") fold.read(message);
  });
  client.send({ op: "subscribe", channels: [{ channel: "orderbook", symbol: "BTC/USD" }] });
  return { fold, close: client.close };
}

/** Orders that rest and match, sent without waiting for each other. */
async function tradeAtRandom(world: Production, steps: number, onStep: (step: number) => void) {
  const random = seededRandom("consistency");
  const trader = await world.open({ USD: "10000000", BTC: "100" });
  const more = { selfTradePrevention: "none" } as const;
  for (let step = 0; step < steps; step++) {
    const side = random.integer(2) === 0 ? "buy" : "sell";
    const price = String(44_900 + random.integer(200));
    void world.place(trader, { symbol: "BTC/USD", side, quantity: "0.01", price, more });
    onStep(step);
    if (random.integer(3) === 0) await nextTurn();
  }
}

describe("A stream that begins while commands are on their way to the journal", () => {
  it("leads every client to the same book, from whatever moment it joins", async () => {
    await using world = await startProduction({ log: slowLog() });
    const joining: ReturnType<typeof joinBook>[] = [];
    await tradeAtRandom(world, 600, (step) => {
      if (step % 30 === 0) joining.push(joinBook(world));
    });
    const clients = await Promise.all(joining);
    await world.exchange.durable();

    const final = world.venue.bookSequence(world.instrument("BTC/USD").id);
    while (clients.some(({ fold }) => fold.sequence < final)) await nextTurn();
    for (const { fold, close } of clients) {
      assert.deepEqual(fold.levels, bookOf(world));
      close();
    }
  });

  it("never shows an account a balance older than one it showed before", async () => {
    await using world = await startProduction({ log: slowLog() });
    const account = await world.open({ USD: "1000" });
    const authorization = `Bearer ${await world.keyOf(account, ["read"])}`;
    const client = await openSocket(world.wsUrl, { authorization });
    const totals: number[] = [];
    client.socket.on("message", (text) => {
      const { channel, type, data } = JSON.parse(text.toString());
      if (channel !== "balances") return;
      totals.push(Number(type === "balance" ? data.total : data.balances[0].total));
    });
    for (let step = 1; step <= 100; step++) {
      void world.deposit(account, "USD", "1");
      if (step === 50) client.send({ op: "subscribe", channels: [{ channel: "balances" }] });
      if (step % 10 === 0) await nextTurn();
    }
    while (totals.at(-1) !== 1_100) await nextTurn();

    const [first = 0] = totals;
    const expected = Array.from({ length: 1_101 - first }, (_, index) => first + index);
    assert.deepEqual(totals, expected);
    assert(first >= 1_050, `the snapshot is of the moment it was asked for, not of ${first}`);
  });
});
