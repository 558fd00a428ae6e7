import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, it } from "node:test";
import { type Production, startProduction } from "../support/production.ts";
import { openSocket } from "./clients.ts";

const FUNDS = { USD: "1000000", BTC: "10" };
const QUOTE = { symbol: "BTC/USD", side: "buy", quantity: "0.1", price: "40000" } as const;
const CHANNELS = [{ channel: "orderbook", symbol: "BTC/USD" }];

/** Changes the book again and again, until `enough`. */
async function keepChanging(world: Production, enough: () => boolean): Promise<number> {
  const account = await world.open(FUNDS);
  const cancel = {
    kind: "cancel_all_orders",
    account: account.number,
    instrument: undefined,
  } as const;
  let changes = 0;
  while (!enough()) {
    for (let i = 0; i < 500; i++) {
      await Promise.all([world.place(account, QUOTE), world.submit(cancel)]);
      changes += 2;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return changes;
}

async function slowConsumers(world: Production, transport: string): Promise<number> {
  const { body } = await world.metrics.getHttpHandler()();
  const line = body.split("\n").find((each) => each.includes(`transport="${transport}"`));
  return line === undefined ? 0 : Number(line.split(" ").at(-1));
}

describe("A consumer that stops reading", () => {
  it("is closed with 4008 over a WebSocket, counted, and holds nobody else up", async () => {
    await using world = await startProduction();
    const slow = await openSocket(world.wsUrl);
    const quick = await openSocket(world.wsUrl);
    for (const client of [slow, quick]) await client.ask({ op: "subscribe", channels: CHANNELS });
    slow.socket.pause();

    let seen = 0;
    let sequence = 0;
    quick.socket.on("message", (data) => {
      const message = JSON.parse(data.toString());
      if (message.type !== "update") return;
      assert.equal(message.sequence, sequence + 1);
      sequence = message.sequence;
      seen += 1;
    });
    const gone = () => world.streams.followers.get("orderbook") === 1;
    const changes = await keepChanging(world, gone);
    while (seen < changes) await once(quick.socket, "message");

    slow.socket.resume();
    assert.deepEqual(await slow.closed(), { code: 4008, reason: "slow_consumer" });
    assert.equal(await slowConsumers(world, "websocket"), 1);
  });

  it("is cut off over server-sent events, too", async () => {
    await using world = await startProduction();
    const client = connect(Number(new URL(world.url).port), "127.0.0.1");
    await once(client, "connect");
    client.pause();
    client.write("GET /api/v1/stream/orderbook/BTC-USD HTTP/1.1\r\nHost: x\r\n\r\n");

    while (world.streams.followers.get("orderbook") === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await keepChanging(world, () => world.streams.followers.get("orderbook") === 0);
    assert.equal(await slowConsumers(world, "sse"), 1);
    client.destroy();
  });
});
