import { deepEqual, equal } from "node:assert/strict";
import { describe, it } from "node:test";
import { MemoryCommandLog } from "@tse/journal";
import { openSocket } from "../streams/clients.ts";
import { startBinance } from "../support/binance.ts";
import { startProduction } from "../support/production.ts";
import { clientOf } from "./clients.ts";

const FUNDS = { USD: "100000", BTC: "1" };
const ORDER = {
  symbol: "BTC/USD",
  side: "BUY",
  orderType: "LIMIT",
  quantity: "0.1",
  price: "44000",
};

/** A journal whose disk can be full, as a file's can: then it has no room for another command. */
class FillableLog extends MemoryCommandLog {
  isFull = false;

  override reserve(): boolean {
    return !this.isFull;
  }
}

describe("While the journal has no room", () => {
  it("REST refuses commands without taking anything, answers reads, and goes on when there is room", async () => {
    const log = new FillableLog();
    await using world = await startProduction({ log });
    const client = await clientOf(world, FUNDS);
    const { sequence } = world.venue;

    log.isFull = true;
    const refused = await client.order(ORDER);
    deepEqual([refused.status, refused.body.code], [503, "storage_unavailable"]);
    equal(refused.headers.get("retry-after"), "1");
    equal(
      (await client.post(`/accounts/${client.account.id}/keys`, { scopes: ["read"] })).status,
      503,
    );
    const open = await world.request("GET", "/api/v1/orders", { key: client.key });
    deepEqual([open.status, open.body.orders], [200, []]);
    equal(world.venue.sequence, sequence);

    log.isFull = false;
    equal((await client.order(ORDER)).status, 201);
    equal(world.venue.sequence, sequence + 1);
  });

  it("a WebSocket stays open, and its orders are refused", async () => {
    const log = new FillableLog();
    await using world = await startProduction({ log });
    const account = await world.open(FUNDS);
    const authorization = `Bearer ${await world.keyOf(account)}`;
    const socket = await openSocket(world.wsUrl, { authorization });
    const params = { ...ORDER, accountId: account.id };

    log.isFull = true;
    const { error } = await socket.ask({ op: "order.place", params });
    deepEqual([error.status, error.code], [503, "storage_unavailable"]);

    log.isFull = false;
    const { result } = await socket.ask({ op: "order.place", params });
    equal(result.order.status, "OPEN");
  });

  it("the Binance dialect answers with its own code for it", async () => {
    const log = new FillableLog();
    const world = await startBinance({ log });
    const trader = await world.trader(FUNDS);
    const order = {
      symbol: "BTCUSD",
      side: "BUY",
      type: "LIMIT",
      timeInForce: "GTC",
      quantity: "0.1",
      price: "44000",
    };

    log.isFull = true;
    const refused = await world.as(trader, "POST", "/api/v3/order", order);
    deepEqual([refused.status, refused.body.code], [503, -1001]);
    const account = await world.as(trader, "GET", "/api/v3/account");
    equal(account.status, 200);

    log.isFull = false;
    equal((await world.as(trader, "POST", "/api/v3/order", order)).body.status, "NEW");
  });
});
