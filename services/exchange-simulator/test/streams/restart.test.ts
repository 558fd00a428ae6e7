import { deepEqual, equal, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import type { Account } from "@tse/domain";
import { MemoryCommandLog } from "@tse/journal";
import { copyOf } from "../support/exchange.ts";
import { type Production, startProduction } from "../support/production.ts";
import { openSocket, openSse } from "./clients.ts";

const FUNDS = { USD: "100000", BTC: "10" };

async function tradesOf(world: Production, count: number): Promise<Account> {
  const maker = await world.open(FUNDS);
  const taker = await world.open(FUNDS);
  await world.place(maker, { symbol: "BTC/USD", side: "sell", quantity: "5", price: "45000" });
  for (let i = 0; i < count; i++) await trade(world, taker);
  return taker;
}

function trade(world: Production, taker: Account) {
  return world.place(taker, { symbol: "BTC/USD", side: "buy", quantity: "0.1" });
}

describe("A stream after a restart", () => {
  it("of an instrument's trades goes on numbering where it was, and resumes from before the restart", async () => {
    const log = new MemoryCommandLog();
    await using before = await startProduction({ log });
    const taker = await tradesOf(before, 3);
    await using after = await startProduction({ log: await copyOf(log) });

    const stream = await openSse(`${after.url}/api/v1/stream/trades?symbol=BTC-USD&resumeAfter=1`);
    await trade(after, taker);
    const seen = [await stream.next(), await stream.next(), await stream.next()];
    stream.close();

    deepEqual(
      seen.map(({ id, data }) => [id, data.tradeSeq]),
      [
        [2, 2],
        [3, 3],
        [4, 4],
      ],
    );
  });

  it("of tickers gives no number again", async () => {
    const log = new MemoryCommandLog();
    await using before = await startProduction({ log });
    const taker = await tradesOf(before, 3);
    const subscribe = { op: "subscribe", channels: [{ channel: "ticker", symbol: "BTC/USD" }] };
    const first = await openSocket(before.wsUrl);
    await first.ask(subscribe);
    await first.event("ticker");
    await trade(before, taker);
    const last = await first.event("ticker");
    await using after = await startProduction({ log: await copyOf(log) });

    const again = await openSocket(after.wsUrl);
    await again.ask(subscribe);
    const opening = await again.event("ticker");
    ok(opening.sequence >= last.sequence, `${opening.sequence} after ${last.sequence}`);
  });

  it("of an account gives no number again: who comes back begins with what is", async () => {
    const log = new MemoryCommandLog();
    await using before = await startProduction({ log });
    const taker = await tradesOf(before, 0);
    const authorization = `Bearer ${await before.keyOf(taker, ["read"])}`;
    const first = await openSse(`${before.url}/api/v1/stream/balances`, { authorization });
    await first.next();
    for (let i = 0; i < 5; i++) await trade(before, taker);
    let last = await first.next();
    while (last.data.asset !== "BTC" || last.data.total !== "10.49950000")
      last = await first.next();
    first.close();
    await using after = await startProduction({ log: await copyOf(log) });

    const again = await openSse(`${after.url}/api/v1/stream/balances`, {
      authorization,
      "last-event-id": String(last.id),
    });
    const opening = await again.next();
    await trade(after, taker);
    const next = await again.next();
    again.close();

    equal(opening.event, "balances");
    ok(Number(opening.id) > Number(last.id), `${opening.id} after ${last.id}`);
    equal(next.id, Number(opening.id) + 1);
  });
});
