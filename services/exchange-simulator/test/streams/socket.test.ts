import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { describe, it } from "node:test";
import type { AccountNumber, Command } from "@tse/domain";
import { WebSocket } from "ws";
import { startProduction } from "../support/production.ts";
import { openSocket } from "./clients.ts";

const FUNDS = { USD: "100000", BTC: "10" };

describe("A WebSocket client", () => {
  it("names itself with a key and learns whose key it is", async () => {
    await using world = await startProduction();
    const account = await world.open(FUNDS);
    const key = await world.keyOf(account, ["trade"]);
    const client = await openSocket(world.wsUrl);

    const { type, op, result } = await client.ask({ op: "auth", key });
    assert.deepEqual(
      [type, op, result.accountId, result.scopes],
      ["reply", "auth", account.id, ["read", "trade"]],
    );
    const wrong = await client.ask({ op: "auth", key: `${key}x` });
    assert.deepEqual([wrong.type, wrong.error.code], ["error", "unauthenticated"]);
  });

  it("follows a book from its snapshot on, in the sequence of the book", async () => {
    await using world = await startProduction();
    const account = await world.open(FUNDS);
    await world.place(account, { symbol: "BTC/USD", side: "buy", quantity: "1", price: "44000" });
    const client = await openSocket(world.wsUrl);

    const { result } = await client.ask({
      op: "subscribe",
      channels: [{ channel: "orderbook", symbol: "BTC-USD", depth: 5 }],
    });
    assert.deepEqual(result.channels, [{ channel: "orderbook", symbol: "BTC/USD" }]);
    const snapshot = await client.event("orderbook");
    await world.place(account, { symbol: "BTC/USD", side: "buy", quantity: "1", price: "43000" });
    const update = await client.event("orderbook");

    assert.deepEqual([snapshot.type, snapshot.sequence], ["snapshot", 1]);
    assert.deepEqual(snapshot.data.bids, [["44000.00", "1.00000"]]);
    assert.deepEqual([update.type, update.sequence, update.symbol], ["update", 2, "BTC/USD"]);
    assert.deepEqual(update.data.bids, [["43000.00", "1.00000"]]);
  });

  it("resumes a book after the event it saw last, without a snapshot", async () => {
    await using world = await startProduction();
    const account = await world.open(FUNDS);
    for (const price of ["40000", "41000", "42000"]) {
      await world.place(account, { symbol: "BTC/USD", side: "buy", quantity: "0.1", price });
    }
    const client = await openSocket(world.wsUrl);
    await client.ask({
      op: "subscribe",
      channels: [{ channel: "orderbook", symbol: "BTC/USD", resumeAfter: 1 }],
    });

    const events = [await client.event("orderbook"), await client.event("orderbook")];
    assert.deepEqual(
      events.map(({ type, sequence }) => [type, sequence]),
      [
        ["update", 2],
        ["update", 3],
      ],
    );
  });

  it("gets a snapshot instead when more was missed than is kept", async () => {
    await using world = await startProduction();
    const account = await world.open(FUNDS);
    const quote = { symbol: "BTC/USD", side: "buy", quantity: "0.1", price: "40000" } as const;
    for (let i = 0; i < 5_001; i++) {
      await world.place(account, quote);
      await world.submit({
        kind: "cancel_all_orders",
        account: account.number,
        instrument: undefined,
      });
    }
    const client = await openSocket(world.wsUrl);
    const channel = { channel: "orderbook", symbol: "BTC/USD" };
    await client.ask({ op: "subscribe", channels: [{ ...channel, resumeAfter: 1 }] });
    assert.deepEqual((await client.event("orderbook")).type, "snapshot");

    await client.ask({ op: "subscribe", channels: [{ ...channel, resumeAfter: 2 }] });
    const first = await client.event("orderbook");
    assert.deepEqual([first.type, first.sequence], ["update", 3]);
  });

  it("sees no more of a channel once it unsubscribed", async () => {
    await using world = await startProduction();
    const account = await world.open(FUNDS);
    const client = await openSocket(world.wsUrl);
    const channels = [{ channel: "trades" }, { channel: "orderbook", symbol: "BTC/USD" }];
    await client.ask({ op: "subscribe", channels });
    await client.event("orderbook");
    await client.ask({
      op: "unsubscribe",
      channels: [{ channel: "orderbook", symbol: "BTC/USD" }],
    });

    const other = await world.open(FUNDS);
    await world.place(account, { symbol: "BTC/USD", side: "sell", quantity: "1", price: "45000" });
    await world.place(other, { symbol: "BTC/USD", side: "buy", quantity: "1" });

    assert.equal((await client.next()).channel, "trades");
    assert.equal(world.streams.followers.get("orderbook"), 0);
  });

  it("sees a ticker at once and again when it changed", async () => {
    await using world = await startProduction();
    const account = await world.open(FUNDS);
    const client = await openSocket(world.wsUrl);
    await client.ask({ op: "subscribe", channels: [{ channel: "ticker", symbol: "BTC/USD" }] });
    const first = await client.event("ticker");
    assert.equal(first.data.bid, null);

    await world.place(account, { symbol: "BTC/USD", side: "buy", quantity: "1", price: "44000" });
    const ticker = await client.event("ticker");
    assert.deepEqual([ticker.sequence, ticker.data.bid], [first.sequence + 1, "44000.00"]);
  });

  it("places and cancels orders under the same rules as REST, and sees them on its channels", async () => {
    await using world = await startProduction();
    const account = await world.open(FUNDS);
    const client = await openSocket(world.wsUrl, {
      authorization: `Bearer ${await world.keyOf(account)}`,
    });
    await client.ask({
      op: "subscribe",
      channels: [{ channel: "orders" }, { channel: "balances" }],
    });
    const opening = await client.event("orders");
    assert.deepEqual(opening.data, { orders: [] });
    assert.equal((await client.event("balances")).type, "balances");

    const order = {
      accountId: account.id,
      symbol: "BTC/USD",
      side: "BUY",
      orderType: "LIMIT",
      quantity: "0.1",
      price: "44000",
      clientOrderId: "mine",
    };
    const placed = await client.ask({ op: "order.place", params: order });
    assert.deepEqual([placed.type, placed.result.order.status], ["reply", "OPEN"]);
    const seen = await client.event("orders");
    assert.equal(seen.sequence, opening.sequence + 1);
    assert.equal(seen.data.order.orderId, placed.result.order.orderId);
    assert.equal((await client.event("balances")).data.locked, "4400.00000000");

    const refused = await client.ask({
      op: "order.place",
      params: { ...order, price: "44000.001", clientOrderId: "b" },
    });
    assert.deepEqual([refused.error.status, refused.error.code], [422, "price_tick"]);
    assert.equal(refused.error.errors[0].field, "price");
    assert.equal(typeof refused.error.orderId, "string");

    const cancelled = await client.ask({ op: "order.cancel", params: { clientOrderId: "mine" } });
    assert.equal(cancelled.result.order.status, "CANCELLED");
    const again = await client.ask({
      op: "order.cancel",
      params: { orderId: placed.result.order.orderId },
    });
    assert.deepEqual([again.error.status, again.error.code], [409, "order_not_open"]);
  });

  it("needs a key with the scope for what is private", async () => {
    await using world = await startProduction();
    const account = await world.open(FUNDS);
    const client = await openSocket(world.wsUrl);
    const order = {
      accountId: account.id,
      symbol: "BTC/USD",
      side: "BUY",
      orderType: "MARKET",
      quantity: "0.1",
    };

    const anonymous = await client.ask({ op: "subscribe", channels: [{ channel: "orders" }] });
    assert.equal(anonymous.error.code, "unauthenticated");
    await client.ask({ op: "auth", key: await world.keyOf(account, ["read"]) });
    const reader = await client.ask({ op: "order.place", params: order });
    assert.deepEqual([reader.error.status, reader.error.code], [403, "forbidden"]);

    const stranger = await world.open(FUNDS);
    const foreign = await client.ask({
      op: "subscribe",
      channels: [{ channel: "balances", accountId: stranger.id }],
    });
    assert.equal(foreign.error.code, "account_not_found");
  });

  it("is closed with 4001 when its key is revoked", async () => {
    await using world = await startProduction();
    const account = await world.open(FUNDS);
    const key = await world.keyOf(account);
    const client = await openSocket(world.wsUrl);
    await client.ask({ op: "auth", key });
    const [keyId = ""] = key.split(".");
    await world.submit({ kind: "revoke_key", account: account.number, keyId });

    assert.deepEqual(await client.closed(), { code: 4001, reason: "unauthenticated" });
  });

  it("is closed with 1001 when the service stops", async () => {
    const world = await startProduction();
    const client = await openSocket(world.wsUrl);
    const stopped = world[Symbol.asyncDispose]();

    assert.deepEqual(await client.closed(), { code: 1001, reason: "shutting_down" });
    await stopped;
  });

  it("is cut off when it answers no ping", async () => {
    await using world = await startProduction({ heartbeatMs: 20 });
    const client = new WebSocket(world.wsUrl, { autoPong: false });
    await once(client, "open");

    const [code] = await once(client, "close");
    assert.equal(code, 1006);
  });
});

const ORDER = {
  accountId: "019b8e4a-7c3c-7001-8000-000000000001",
  symbol: "BTC/USD",
  side: "BUY",
  orderType: "MARKET",
  quantity: "0.1",
};

describe("A malformed message on a WebSocket", () => {
  const CASES: readonly (readonly [unknown, string])[] = [
    ["{", "message: json"],
    ["null", "message: type"],
    ["[]", "message: type"],
    [{ op: "dance" }, "op: one_of"],
    [{ op: "auth" }, "key: required"],
    [{ op: "subscribe", channels: [] }, "channels: length"],
    [{ op: "subscribe", channels: [{ channel: "gossip" }] }, "channels.0.channel: one_of"],
    [{ op: "subscribe", channels: [{ channel: "orderbook" }] }, "channels.0.symbol: required"],
    [
      { op: "subscribe", channels: [{ channel: "trades", depth: 5 }] },
      "channels.0.depth: combination",
    ],
    [
      { op: "subscribe", channels: [{ channel: "orderbook", symbol: "BTC/USD", depth: 0 }] },
      "channels.0.depth: range",
    ],
    [
      { op: "subscribe", channels: [{ channel: "trades", resumeAfter: 1.5 }] },
      "channels.0.resumeAfter: range",
    ],
    [{ op: "auth", key: "x", color: "red" }, "color: unknown_field"],
    [{ op: "auth", key: "x", id: {} }, "id: type"],
    [{ op: "auth", key: "x", id: 1.5 }, "id: type"],
    [{ op: "auth", key: "x", id: "i".repeat(65) }, "id: type"],
    [{ op: "order.cancel", params: {} }, "params.orderId: required"],
    [{ op: "order.place", params: { ...ORDER, side: "HOLD" } }, "params.side: one_of"],
  ];

  it("is answered with the field and the rule, and the connection goes on", async () => {
    await using world = await startProduction();
    const client = await openSocket(world.wsUrl);
    for (const [message, expected] of CASES) {
      client.send(message);
      const { type, error } = await client.next();
      const [first] = error.errors;
      assert.deepEqual(
        [type, error.code, `${first.field}: ${first.rule}`],
        ["error", "validation_failed", expected],
      );
    }
    client.socket.send(Buffer.from([1, 2, 3]));
    assert.equal((await client.next()).error.errors[0].rule, "text");

    const { result } = await client.ask({ op: "subscribe", channels: [{ channel: "trades" }] });
    assert.deepEqual(result, { channels: [{ channel: "trades" }] });
  });

  it("closes the connection with 1009 when it is larger than 64 KiB", async () => {
    await using world = await startProduction();
    const client = await openSocket(world.wsUrl);
    client.send("x".repeat(65_537));

    assert.equal((await client.closed()).code, 1009);
  });

  it("is one too many beyond the limit of messages a second", async () => {
    await using world = await startProduction({ messagesPerSecond: 3 });
    const client = await openSocket(world.wsUrl);
    for (let i = 0; i < 5; i++)
      client.send({ op: "unsubscribe", channels: [{ channel: "trades" }] });
    const answers = [];
    for (let i = 0; i < 5; i++) answers.push(await client.next());

    assert.deepEqual(
      answers.map(({ type, error }) => error?.code ?? type),
      ["rate_limited", "rate_limited", "reply", "reply", "reply"].toSorted(),
    );
  });

  it("counts against its own connection, whatever correlation id others choose", async () => {
    await using world = await startProduction({ messagesPerSecond: 1 });
    const headers = { "x-correlation-id": "the-same" };
    const question = { op: "unsubscribe", channels: [{ channel: "trades" }] };
    for (let i = 0; i < 3; i++) {
      const client = await openSocket(world.wsUrl, headers);
      assert.equal((await client.ask(question)).type, "reply");
    }
  });

  it("asks for more subscriptions than one connection may have", async () => {
    await using world = await startProduction();
    const master = await world.open();
    const client = await openSocket(world.wsUrl);
    await client.ask({ op: "auth", key: await world.keyOf(master) });
    const channels = [];
    for (let i = 0; i < 100; i++) {
      const { events } = await world.submit(subAccount(master.number, `sub-${i}`));
      const accountId = events[0]?.kind === "account_created" ? events[0].account.id : "";
      channels.push({ channel: "orders", accountId }, { channel: "balances", accountId });
    }
    for (const half of [channels.slice(0, 100), channels.slice(100)]) {
      assert.equal((await client.ask({ op: "subscribe", channels: half })).type, "reply");
    }
    const { error } = await client.ask({ op: "subscribe", channels: [{ channel: "trades" }] });
    assert.deepEqual(error.errors[0].rule, "limit");
    const again = await client.ask({ op: "subscribe", channels: channels.slice(0, 1) });
    assert.equal(again.type, "reply");
  });
});

function subAccount(parent: AccountNumber, name: string): Command {
  return {
    kind: "create_account",
    userId: "user",
    type: "spot",
    role: "customer",
    parent,
    name,
    feeTier: "",
    metadata: "",
    key: undefined,
  };
}

describe("The handshake of a WebSocket", () => {
  const refusalOf = async (url: string, headers = {}): Promise<number | undefined> => {
    const socket = new WebSocket(url, { headers });
    const [, response] = await once(socket, "unexpected-response");
    return response.statusCode;
  };

  it("is refused at another path, with a wrong key, and without an upgrade", async () => {
    await using world = await startProduction();
    assert.equal(await refusalOf(`${world.wsUrl}x`), 404);
    assert.equal(await refusalOf(world.wsUrl, { authorization: "Bearer nobody.nothing" }), 401);
    const plain = await world.request("GET", "/api/v1/ws");
    assert.deepEqual([plain.status, plain.body.code], [426, "upgrade_required"]);
  });

  it("leaves requests alone that offer another upgrade: they are answered as they are", async () => {
    await using world = await startProduction();
    const offer = { Connection: "Upgrade, HTTP2-Settings", Upgrade: "h2c", "HTTP2-Settings": "AA" };
    const statusOf = async (method: string, path: string, body = "") => {
      const headers = { ...offer, "Content-Type": "application/json" };
      const sent = request(`${world.url}${path}`, { method, headers, agent: false });
      sent.end(body);
      const [response] = await once(sent, "response", { signal: AbortSignal.timeout(5_000) });
      response.resume();
      return response.statusCode;
    };

    const account = JSON.stringify({ userId: "someone", accountType: "SPOT" });
    assert.equal(await statusOf("GET", "/api/v1/time"), 200);
    assert.equal(await statusOf("GET", "/api/v1/nowhere"), 404);
    assert.equal(await statusOf("POST", "/api/v1/accounts", account), 201);
  });
});
