import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TestArchive } from "../support/archive.ts";
import { type Json, type Production, startProduction } from "../support/production.ts";
import { BUY, type Client, clientFor, clientOf } from "./clients.ts";

const KEPT = 20;

interface Traders {
  readonly archive: TestArchive;
  readonly production: Production;
  readonly maker: Client;
  readonly taker: Client;
}

/** A maker and a taker, of whose past memory keeps little. */
async function traders(kind: "memory" | "pglite" = "memory"): Promise<Traders> {
  const archive = await TestArchive.open(kind);
  const production = await startProduction({ archive, kept: KEPT });
  // From here on memory keeps what is not stored, up to four times as much.
  await archive.store(production.exchange.released);
  const maker = await clientOf(production, { BTC: "1000" });
  const taker = await clientOf(production, { USD: "100000000" });
  return { archive, production, maker, taker };
}

/** A sell that rests and a buy that takes it. */
async function trade({ maker, taker }: Traders, more: object = {}): Promise<Json> {
  const terms = { price: "45000", quantity: "0.01" };
  await maker.order({ ...terms, side: "SELL" });
  return (await taker.order({ ...terms, side: "BUY", ...more })).body;
}

/** Everything that a list has, page after page; `between` runs before each but the first. */
async function everyPage(
  client: Client,
  path: string,
  list: string,
  between: () => Promise<unknown> = async () => {},
): Promise<Json[]> {
  const items: Json[] = [];
  const join = path.includes("?") ? "&" : "?";
  let cursor = "";
  for (;;) {
    const { status, body } = await client.get(`${path}${join}limit=7${cursor}`);
    assert.equal(status, 200, JSON.stringify(body));
    items.push(...body[list]);
    if (body.nextCursor === null) return items;
    cursor = `&cursor=${body.nextCursor}`;
    await between();
  }
}

const stored = ({ archive, production }: Traders) => archive.store(production.exchange.released);

const falling = (numbers: readonly number[]): boolean =>
  numbers.every((number, index) => index === 0 || number < (numbers[index - 1] as number));

for (const kind of ["memory", "pglite"] as const) {
  describe(`history beyond memory, over ${kind}`, () => {
    it("is paged through whole, while more happens and the projection comes on", async () => {
      const world = await traders(kind);
      await using production = world.production;
      const { taker, archive } = world;
      for (let count = 0; count < 60; count += 1) {
        await trade(world);
        if (count === 30) await stored(world);
      }
      const { id } = taker.account;
      const last = production.exchange.released;
      let progress = archive.position as number;
      const between = async () => {
        await trade(world);
        progress += 10;
        await archive.store(Math.min(progress, production.exchange.released) as typeof last);
      };
      const lists = [
        ["/orders", "orders", "orderSeq", 60],
        ["/trades", "trades", "tradeSeq", 60],
        [`/accounts/${id}/trades?symbol=BTC-USD`, "trades", "tradeSeq", 60],
        [`/accounts/${id}/ledger`, "entries", "entrySeq", 1 + 60 * 3],
      ] as const;
      for (const [path, list, number, least] of lists) {
        const before = (await everyPage(taker, path, list)).length;
        const items = await everyPage(taker, path, list, between);
        assert.ok(before >= least, `${path}: ${before}`);
        assert.equal(items.length, before, path);
        assert.ok(falling(items.map((item) => item[number])), path);
      }
      assert.ok(archive.reads > 0);
      await stored(world);
      assert.deepEqual((await archive.verify()).differences, []);
    });

    it("says the same of everything, whether memory or SQL says it", async () => {
      const world = await traders(kind);
      await using _ = world.production;
      const { maker, taker, archive } = world;
      const resting = (await taker.order(BUY)).body.order;
      await taker.patch(`/orders/${resting.orderId}`, { price: "43000" });
      await taker.order({ ...BUY, price: "44000.001" });
      await taker.order({ side: "BUY", orderType: "MARKET", quoteQuantity: "1000" });
      await maker.order({ side: "SELL", price: "45000", quantity: "0.02" });
      await taker.order({ side: "BUY", orderType: "MARKET", quoteQuantity: "600" });
      for (let count = 0; count < 10; count += 1) await trade(world);
      const { id } = taker.account;
      const lists = [
        ["/orders", "orders"],
        ["/orders?status=REJECTED,EXPIRED", "orders"],
        ["/orders?symbol=BTC-USD&status=FILLED", "orders"],
        ["/trades", "trades"],
        [`/accounts/${id}/transfers`, "transfers"],
        [`/accounts/${id}/ledger`, "entries"],
      ] as const;
      const said = () => Promise.all(lists.map(([path, list]) => everyPage(taker, path, list)));
      const fromMemory = await said();
      const orders = fromMemory[0] as Json[];
      const each = () =>
        Promise.all(
          orders.map(async ({ orderId }) => {
            const { body } = await taker.get(`/orders/${orderId}`);
            return { ...body, sequence: 0 };
          }),
        );
      const oneByOne = await each();
      assert.equal(archive.reads, 0, "memory had it all");
      await stored(world);
      for (let count = 0; count < KEPT; count += 1) await trade({ ...world, taker: maker });
      const others = await clientOf(world.production, { USD: "10000000" });
      for (let count = 0; count < KEPT; count += 1) await trade({ ...world, taker: others });
      await stored(world);

      assert.deepEqual(await said(), fromMemory);
      assert.deepEqual(await each(), oneByOne);
      assert.ok(archive.reads > lists.length);
    });
  });
}

describe("history beyond memory", () => {
  it("shows a command that was answered, however far behind the projection is", async () => {
    const world = await traders();
    await using production = world.production;
    for (let count = 0; count < 2 * KEPT; count += 1) await trade(world);
    await stored(world);
    for (let count = 0; count < KEPT; count += 1) {
      const { order } = await trade(world, { clientOrderId: `n-${count}` });
      const { body } = await world.taker.get("/orders?limit=1");
      assert.deepEqual(body.orders, [order]);
      const { body: named } = await world.taker.get(`/orders?clientOrderId=n-${count}`);
      assert.equal(named.order.orderId, order.orderId);
    }
    assert.ok(world.archive.position < production.exchange.released);
    const all = await everyPage(world.taker, "/orders", "orders");
    assert.equal(all.length, 3 * KEPT);
  });

  it("shows an order that ended long ago to its owner, and lets nobody change it", async () => {
    const world = await traders();
    await using production = world.production;
    const { order } = await trade(world, { clientOrderId: "old" });
    for (let count = 0; count < 2 * KEPT; count += 1) await trade(world);
    await stored(world);
    assert.equal(production.orders.order(order.orderSeq), undefined);

    const path = `/orders/${order.orderId}`;
    const { status, body } = await world.taker.get(path);
    assert.deepEqual([status, body.order, body.fills.length], [200, order, 1]);
    const named = await world.taker.get("/orders?clientOrderId=old");
    assert.deepEqual(named.body.order, order);
    const stranger = await clientOf(production);
    const answers = async ({ get, patch, delete: cancel }: Client) =>
      Promise.all([get(path), patch(path, { price: "44000" }), cancel(path)]).then((replies) =>
        replies.map((reply) => [reply.status, reply.body.code]),
      );
    assert.deepEqual(await answers(world.taker), [
      [200, undefined],
      [409, "order_not_open"],
      [409, "order_not_open"],
    ]);
    const notFound = [404, "order_not_found"];
    assert.deepEqual(await answers(stranger), [notFound, notFound, notFound]);
  });

  it("is 503 only where a page needs what can't be read", async () => {
    const world = await traders();
    await using production = world.production;
    const { order } = await trade(world);
    for (let count = 0; count < 2 * KEPT; count += 1) await trade(world);
    await stored(world);
    world.archive.away = true;
    const { taker, archive } = world;
    const reads = archive.reads;

    const first = await taker.get(`/orders?limit=${KEPT / 2 - 1}`);
    assert.equal(first.status, 200);
    assert.equal((await taker.get(`/orders/${first.body.orders[0].orderId}`)).status, 200);
    const fresh = await clientOf(production, { USD: "1" });
    assert.equal((await fresh.get("/orders")).status, 200);
    assert.equal((await fresh.get(`/accounts/${fresh.account.id}/ledger`)).status, 200);
    assert.equal(archive.reads, reads, "memory was enough");

    const { id } = taker.account;
    const deep = [
      "/orders",
      `/orders?cursor=${first.body.nextCursor}`,
      `/orders/${order.orderId}`,
      "/orders?clientOrderId=unknown",
      "/trades",
      `/accounts/${id}/ledger`,
      `/accounts/${id}/audit`,
    ];
    for (const path of deep) {
      const { status, body, headers } = await taker.get(path);
      assert.deepEqual([path, status, body.code], [path, 503, "storage_unavailable"]);
      assert.equal(headers.get("retry-after"), "1");
    }
    world.archive.away = false;
    assert.equal((await taker.get("/orders")).status, 200);
  });

  it("is 503, and not short, where memory let go of what was never stored", async () => {
    const world = await traders();
    await using _ = world.production;
    for (let count = 0; count < 5 * KEPT; count += 1) await trade(world);

    assert.equal((await world.taker.get("/orders?limit=10")).status, 200);
    const { status, body } = await world.taker.get("/orders?limit=100");
    assert.deepEqual([status, body.code], [503, "storage_unavailable"]);
    await stored(world);
    assert.equal((await everyPage(world.taker, "/orders", "orders")).length, 5 * KEPT);
  });
});

describe("an account's audit trail", () => {
  it("tells what happened to the account, newest first, and to nobody else", async () => {
    const world = await traders();
    await using production = world.production;
    for (let count = 0; count < 5; count += 1) await trade(world);
    await stored(world);
    const { id } = world.taker.account;

    const events = await everyPage(world.taker, `/accounts/${id}/audit`, "events");
    assert.ok(falling(events.map(({ seq }) => seq)));
    assert.deepEqual(new Set(events.map(({ accountId }) => accountId)), new Set([id]));
    const count = (action: string) => events.filter((event) => event.action === action).length;
    assert.deepEqual(
      ["account.created", "order.accepted", "order.filled", "transfer.completed"].map(count),
      [1, 5, 5, 1],
    );
    const { body } = await world.taker.get(`/accounts/${id}/audit`);
    assert.equal(body.completeTo, production.exchange.released);
    const read = await clientFor(production, world.taker.account, ["read"]);
    assert.equal((await read.get(`/accounts/${id}/audit`)).status, 200);
    assert.equal((await world.maker.get(`/accounts/${id}/audit`)).status, 404);
  });
});
