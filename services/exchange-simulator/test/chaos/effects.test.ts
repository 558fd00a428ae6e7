import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Account, duration } from "@tse/domain";
import { auditVenue } from "@tse/simulation";
import { openSocket, openSse } from "../streams/clients.ts";
import { type Production, type Reply, startProduction } from "../support/production.ts";

const FUNDS = { USD: "100000", BTC: "10" };
const seconds = (count: number) => duration(count * 1_000_000);

interface Client {
  readonly account: Account;
  readonly key: string;
  place(order: Readonly<Record<string, unknown>>): Promise<Reply>;
}

async function clientOf(world: Production): Promise<Client> {
  const account = await world.open(FUNDS);
  const key = await world.keyOf(account);
  const limit = { accountId: account.id, symbol: "BTC/USD", side: "BUY", orderType: "LIMIT" };
  return {
    account,
    key,
    place: (order) =>
      world.request("POST", "/api/v1/orders", { key, body: { ...limit, ...order } }),
  };
}

function balanceOf(world: Production, { account }: Client, asset: string) {
  const id = world.venue.assetNamed(asset);
  assert(id !== undefined);
  return world.venue.balance(account.number, id);
}

describe("While orders are rejected on purpose", () => {
  it("a client gets the reason and a REJECTED order, and nothing is reserved", async () => {
    await using world = await startProduction();
    const client = await clientOf(world);
    world.chaos.act("reject-orders", { rejection_rate: 1, reason: "insufficient_liquidity" });
    const before = balanceOf(world, client, "USD");
    const refused = await client.place({ quantity: "0.1", price: "44000" });

    assert.deepEqual([refused.status, refused.body.code], [422, "insufficient_liquidity"]);
    const { key } = client;
    const { body } = await world.request("GET", `/api/v1/orders/${refused.body.orderId}`, { key });
    assert.deepEqual(
      [body.order.status, body.order.rejectReason],
      ["REJECTED", "insufficient_liquidity"],
    );
    assert.deepEqual(balanceOf(world, client, "USD"), before);
    assert.deepEqual(auditVenue(world.venue), []);
  });

  it("an order that is wrong anyway is refused for what is wrong with it", async () => {
    await using world = await startProduction();
    const client = await clientOf(world);
    world.chaos.act("reject-orders", { rejection_rate: 1 });

    const refused = await client.place({ quantity: "0.1", price: "44000.001" });
    assert.equal(refused.body.code, "price_tick");
  });
});

describe("While fills are partial on purpose", () => {
  it("a taker fills its share of the quantity, and what would still match expires", async () => {
    await using world = await startProduction();
    const maker = await clientOf(world);
    const taker = await clientOf(world);
    await maker.place({ side: "SELL", quantity: "2", price: "45000" });
    world.chaos.act("partial-fills", { max_fill_ratio: 0.25, duration_s: 60 });

    const capped = await taker.place({ quantity: "0.4", price: "45000" });
    const { status, filledQuantity, rejectReason } = capped.body.order;
    assert.deepEqual(
      [status, filledQuantity, rejectReason],
      ["EXPIRED", "0.10000", "partial_fill_fault"],
    );
    assert.deepEqual(auditVenue(world.venue), []);

    await world.advance(seconds(60));
    const whole = await taker.place({ quantity: "0.4", price: "45000" });
    assert.equal(whole.body.order.status, "FILLED");
  });

  it("a taker fills one lot at least, whatever its share", async () => {
    await using world = await startProduction();
    const maker = await clientOf(world);
    const taker = await clientOf(world);
    await maker.place({ side: "SELL", quantity: "2", price: "45000" });
    world.chaos.act("partial-fills", { max_fill_ratio: 0 });

    const { body } = await taker.place({ quantity: "0.4", price: "45000" });
    assert.equal(body.order.filledQuantity, "0.00001");
  });

  it("a taker that finds less than its share rests with what is left", async () => {
    await using world = await startProduction();
    const maker = await clientOf(world);
    const taker = await clientOf(world);
    await maker.place({ side: "SELL", quantity: "0.05", price: "45000" });
    world.chaos.act("partial-fills", { max_fill_ratio: 0.25 });

    const { body } = await taker.place({ quantity: "0.4", price: "45000" });
    assert.deepEqual([body.order.status, body.order.filledQuantity], ["PARTIAL", "0.05000"]);
  });
});

describe("While latency is injected", () => {
  it("a request waits its time on the world's clock, and those behind it wait, too", async () => {
    await using world = await startProduction();
    const slow = await clientOf(world);
    const quick = await clientOf(world);
    const affected_accounts = [slow.account.id];
    world.chaos.act("inject-latency", { delay_ms: 500, affected_accounts, duration_s: 60 });
    const start = world.clock.now();

    const first = slow.place({ quantity: "0.1", price: "44000" });
    await held(world, 1);
    const second = quick.place({ quantity: "0.1", price: "44000" });
    await held(world, 2);
    await world.advance(duration(499_999));
    assert.equal(world.entry.waiting, 2);
    await world.advance(duration(1));

    const orders = (await Promise.all([first, second])).map(({ body }) => body.order);
    assert(orders[0].orderSeq < orders[1].orderSeq);
    const arrival = new Date((start + 500_000) / 1_000).toISOString();
    assert.deepEqual(
      orders.map(({ createdAt }) => createdAt),
      [arrival, arrival],
    );
  });
});

describe("While the exchange is down on purpose", () => {
  it("REST answers 503, health stays 200, and all is well again when it ends", async () => {
    await using world = await startProduction();
    const client = await clientOf(world);
    world.chaos.act("simulate-downtime", { duration_s: 30, error_message: "back at noon" });

    const refused = await client.place({ quantity: "0.1", price: "44000" });
    assert.deepEqual(
      [refused.status, refused.body.code, refused.body.detail],
      [503, "exchange_maintenance", "back at noon"],
    );
    for (const path of ["/api/v1/instruments", "/api/v1/time", "/openapi.json"]) {
      assert.equal((await world.request("GET", path)).status, 503, path);
    }
    assert.equal((await world.request("GET", "/api/v1/health")).status, 200);
    assert.equal(world.chaos.active[0]?.applied, 4);

    await world.advance(seconds(30));
    assert.equal((await client.place({ quantity: "0.1", price: "44000" })).status, 201);
  });

  it("streams are ended with the reason and no new one is opened", async () => {
    await using world = await startProduction();
    const socket = await openSocket(world.wsUrl);
    const stream = await openSse(`${world.url}/api/v1/stream/trades`);
    world.chaos.act("simulate-downtime", { duration_s: 30 });

    assert.deepEqual(await socket.closed(), { code: 1013, reason: "exchange_maintenance" });
    assert.deepEqual((await stream.next()).data, { code: "exchange_maintenance" });
    await assert.rejects(openSocket(world.wsUrl), /503/);
    assert.equal((await world.request("GET", "/api/v1/stream/trades")).status, 503);
    assert.equal(world.chaos.active[0]?.applied, 2);

    await world.advance(seconds(30));
    (await openSocket(world.wsUrl)).close();
  });
});

/** Until `count` commands wait. One that overtakes them never does. */
async function held({ entry }: Production, count: number): Promise<void> {
  const patience = AbortSignal.timeout(5_000);
  while (entry.waiting < count) {
    assert(!patience.aborted, `${count} commands are held, not ${entry.waiting}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
