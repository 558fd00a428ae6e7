import { deepEqual, equal, notEqual, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import { ticks } from "@tse/domain";
import { type LogEntry, MemoryCommandLog } from "@tse/journal";
import { copyOf } from "../support/exchange.ts";
import { type Production, startProduction } from "../support/production.ts";
import { BUY, type Client, clientOf } from "./clients.ts";
import { assertReplayed, codeOf, type Post, post, type RawReply } from "./repeated.ts";

const FUNDS = { USD: "100000", BTC: "1" };
const ORDER = { symbol: "BTC/USD", orderType: "LIMIT", ...BUY };
const MASTER = { userId: "u", accountType: "SPOT" };

/** Each POST that becomes a command, taken and refused: name, status, request. */
async function everyPost(production: Production, client: Client) {
  const { key, account } = client;
  const path = `/accounts/${account.id}`;
  const sub = await client.post(`${path}/sub-accounts`, { name: "taken" });
  const toAccountId = sub.body.account.accountId;
  const closed = await client.post(`${path}/sub-accounts`, { name: "closed" });
  const gone = `/accounts/${closed.body.account.accountId}`;
  const idle = await client.post(`${path}/sub-accounts`, { name: "idle" });
  equal((await client.post(`${gone}/close`)).status, 200);
  await (await clientOf(production, FUNDS)).order({ ...BUY, side: "SELL", price: "45000" });

  const funds = { toAccountId, asset: "USD", amount: "10" };
  const market = { symbol: "BTC/USD", side: "BUY", orderType: "MARKET", quoteQuantity: "100" };
  const posts: readonly (readonly [number, Omit<Post, "idempotencyKey">])[] = [
    [201, { path: "/orders", key, body: { ...ORDER, clientOrderId: "mine" } }],
    [201, { path: "/orders", key, body: market }],
    [409, { path: "/orders", key, body: { ...ORDER, clientOrderId: "mine" } }],
    [422, { path: "/orders", key, body: { ...ORDER, quantity: "15" } }],
    [422, { path: "/orders", key, body: { ...ORDER, price: "44000.001" } }],
    [201, { path: "/accounts", body: { ...MASTER, metadata: { z: 1, a: [null, "é"] } } }],
    [201, { path: "/accounts", key, body: MASTER }],
    [
      409,
      { path: "/accounts", key, body: { ...MASTER, parentAccountId: account.id, name: "idle" } },
    ],
    [201, { path: `${path}/sub-accounts`, key, body: { name: "new" } }],
    [409, { path: `${path}/sub-accounts`, key, body: { name: "taken" } }],
    [200, { path: `/accounts/${idle.body.account.accountId}/close`, key }],
    [409, { path: `${path}/close`, key }],
    [201, { path: `${path}/keys`, key, body: { scopes: ["trade"], label: "bot" } }],
    [422, { path: `${gone}/keys`, key, body: { scopes: ["trade"] } }],
    [201, { path: `${path}/transfers`, key, body: funds }],
    [422, { path: `${path}/transfers`, key, body: { ...funds, amount: "1000000" } }],
  ];
  return posts.map(([status, sent], index) => ({
    status,
    sent: { ...sent, idempotencyKey: `key-${index}` },
  }));
}

describe("after a crash", () => {
  it("every POST is answered as before, byte for byte, and acts no more", async () => {
    const log = new MemoryCommandLog();
    const answered: { sent: Post; first: RawReply }[] = [];
    await using before = await startProduction({ log });
    const client = await clientOf(before, FUNDS);
    for (const { status, sent } of await everyPost(before, client)) {
      const first = await post(before, sent);
      deepEqual([first.status, first.isReplay], [status, false], `${sent.path}: ${first.text}`);
      answered.push({ sent, first });
    }

    await using after = await startProduction({ log: await copyOf(log) });

    deepEqual(after.replies.save(0 as never), before.replies.save(0 as never));
    for (const { sent, first } of answered) {
      if (first.status >= 400) equal(JSON.parse(first.text).instance, `/api/v1${sent.path}`);
      await assertReplayed(after, sent, first);
      const other = await post(after, {
        ...sent,
        path: "/orders",
        body: { ...ORDER, side: "SELL" },
      });
      if (sent.key !== undefined) equal(codeOf(other), "idempotency_key_conflict");
    }
  });

  it("a request whose answer never left is answered, and acts no more", async () => {
    const written: LogEntry[] = [];
    let isCrashed = false;
    let arrived = () => {};
    const crash = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const flush = async (batch: readonly LogEntry[]) => {
      written.push(...batch);
      if (!isCrashed) return;
      arrived();
      await new Promise<void>(() => {});
    };
    const before = await startProduction({ log: new MemoryCommandLog({ flush }) });
    const { key } = await clientOf(before, FUNDS);
    const order = { path: "/orders", key, body: ORDER, idempotencyKey: "k" };
    isCrashed = true;
    const unanswered = post(before, order).catch((error: Error) => error.name);
    await crash;
    before.chaos.close();

    const disk = new MemoryCommandLog();
    await disk.append(written);
    await using after = await startProduction({ log: disk });
    const { sequence } = after.venue;
    const reply = await post(after, order);

    deepEqual([reply.status, reply.isReplay], [201, true]);
    equal(after.venue.sequence, sequence);
    await assertReplayed(after, order, reply);
    await before.abandon();
    equal(await unanswered, "TypeError");
  });

  it("an order says how the feed was at its own command, not how it became meanwhile", async () => {
    const log = new MemoryCommandLog();
    await using before = await startProduction({ log });
    const { account } = await clientOf(before, FUNDS);
    const { id: instrument } = before.instrument("BTC/USD");
    const reference = { kind: "set_reference_price", instrument } as const;
    await before.submit({ ...reference, price: ticks(4_500_000) });
    const request = { account: account.number, key: "k", hash: "h", reply: "orders.place" };
    const order = before.orderOf(account, { ...BUY, symbol: "BTC/USD", side: "buy" });

    await Promise.all([
      before.exchange.submit(order, { actor: "", correlationId: "", request }),
      before.submit({ ...reference, price: ticks(0) }),
    ]);

    const kept = before.replies.inMemory(request, before.clock.now());
    equal(JSON.parse(kept?.body ?? "").marketDataState, "live");
    await using after = await startProduction({ log: await copyOf(log) });
    deepEqual(after.replies.inMemory(request, after.clock.now()), kept);
    ok(before.feeds.feedStale(instrument));
  });

  it("a second order with the clientOrderId of an open one is still refused", async () => {
    const log = new MemoryCommandLog();
    await using before = await startProduction({ log });
    const { key, order } = await clientOf(before, FUNDS);
    const named = { ...ORDER, clientOrderId: "mine" };
    const first = await order(named);
    equal((await order(named)).body.code, "duplicate_client_order_id");

    await using after = await startProduction({ log: await copyOf(log) });
    const again = () => after.request("POST", "/api/v1/orders", { key, body: named });

    const refused = await again();
    deepEqual([refused.status, refused.body.code], [409, "duplicate_client_order_id"]);
    const { orderId } = first.body.order;
    equal((await after.request("DELETE", `/api/v1/orders/${orderId}`, { key })).status, 200);
    const second = await again();
    equal(second.status, 201);
    notEqual(second.body.order.orderId, orderId);
  });
});
