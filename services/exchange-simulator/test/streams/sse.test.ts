import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { faultsOf, startProduction } from "../support/production.ts";
import { openSse } from "./clients.ts";

const FUNDS = { USD: "100000", BTC: "10" };

describe("The order book's stream of server-sent events", () => {
  it("begins with a snapshot and goes on with updates that lead to the book that REST shows", async () => {
    await using world = await startProduction();
    const account = await world.open({ USD: "200000" });
    const other = await world.open(FUNDS);
    await world.place(account, { symbol: "BTC/USD", side: "buy", quantity: "1", price: "44000" });
    const stream = await openSse(`${world.url}/api/v1/stream/orderbook/BTC-USD`);

    const snapshot = await stream.next();
    assert.equal(snapshot.event, "snapshot");
    assert.deepEqual(snapshot.data.bids, [["44000.00", "1.00000"]]);
    assert.equal(snapshot.id, snapshot.data.sequence);

    await world.place(account, { symbol: "BTC/USD", side: "buy", quantity: "2", price: "43000" });
    await world.place(other, {
      symbol: "BTC/USD",
      side: "sell",
      quantity: "1.5",
      price: "44000",
    });
    const updates = [await stream.next(), await stream.next(), await stream.next()];
    stream.close();

    assert.deepEqual(
      updates.map(({ event, id, data }) => [event, id, data.bids, data.asks]),
      [
        ["update", 2, [["43000.00", "2.00000"]], []],
        ["update", 3, [["44000.00", "0.00000"]], []],
        ["update", 4, [], [["44000.00", "0.50000"]]],
      ],
    );
    const book = await world.request("GET", "/api/v1/orderbook/BTC-USD");
    assert.equal(book.body.sequence, 4);
  });

  it("names what is wrong with a symbol, a depth or a resume point", async () => {
    await using world = await startProduction();
    const get = (path: string, headers = {}) => world.request("GET", path, { headers });

    assert.equal((await get("/api/v1/stream/orderbook/XXX-USD")).status, 404);
    assert.deepEqual(faultsOf(await get("/api/v1/stream/orderbook/BTC-USD?depth=0")), [
      "depth: range",
    ]);
    assert.deepEqual(faultsOf(await get("/api/v1/stream/trades?resumeAfter=-1")), [
      "resumeAfter: sequence",
    ]);
    assert.deepEqual(faultsOf(await get("/api/v1/stream/trades", { "last-event-id": "x" })), [
      "Last-Event-ID: sequence",
    ]);
    assert.deepEqual(faultsOf(await get("/api/v1/stream/trades?since=1")), [
      "since: unknown_field",
    ]);
  });
});

describe("The trade stream", () => {
  it("shows every trade of every instrument under the trade's own number, or of one alone", async () => {
    await using world = await startProduction();
    const account = await world.open({ ...FUNDS, ETH: "10" });
    const other = await world.open(FUNDS);
    const all = await openSse(`${world.url}/api/v1/stream/trades`);
    const eth = await openSse(`${world.url}/api/v1/stream/trades?symbol=ETHUSD`);

    for (const symbol of ["BTC/USD", "ETH/USD"]) {
      const price = symbol === "BTC/USD" ? "45000" : "2500";
      await world.place(account, { symbol, side: "sell", quantity: "0.1", price });
      await world.place(other, { symbol, side: "buy", quantity: "0.1" });
    }

    const first = await all.next();
    assert.deepEqual(
      [first.event, first.id, first.data.symbol, first.data.price, first.data.takerSide],
      ["trade", 1, "BTC/USD", "45000.00", "BUY"],
    );
    assert.equal((await all.next()).id, 2);
    const alone = await eth.next();
    assert.deepEqual([alone.id, alone.data.symbol, alone.data.tradeSeq], [1, "ETH/USD", 2]);
    all.close();
    eth.close();
  });

  it("resumes after the client's last event, from its header or from its address", async () => {
    await using world = await startProduction();
    const maker = await world.open(FUNDS);
    const taker = await world.open(FUNDS);
    await world.place(maker, { symbol: "BTC/USD", side: "sell", quantity: "1", price: "45000" });
    for (let i = 0; i < 3; i++) {
      await world.place(taker, { symbol: "BTC/USD", side: "buy", quantity: "0.1" });
    }
    const url = `${world.url}/api/v1/stream/trades`;
    const byHeader = await openSse(`${url}?resumeAfter=0`, { "last-event-id": "1" });
    const byAddress = await openSse(`${url}?resumeAfter=2`);

    assert.deepEqual([(await byHeader.next()).id, (await byHeader.next()).id], [2, 3]);
    assert.equal((await byAddress.next()).id, 3);
    byHeader.close();
    byAddress.close();
  });
});

describe("An account's streams", () => {
  it("need a key of the account's family", async () => {
    await using world = await startProduction();
    const key = await world.keyOf(await world.open(FUNDS));
    const stranger = await world.open(FUNDS);
    const path = "/api/v1/stream/orders";

    assert.equal((await world.request("GET", path)).status, 401);
    assert.equal((await world.request("GET", path, { key: `${key}x` })).status, 401);
    const foreign = await world.request("GET", `${path}?accountId=${stranger.id}`, { key });
    assert.deepEqual([foreign.status, foreign.body.code], [404, "account_not_found"]);
  });

  it("show the live orders first, then each order as its unit left it, with its fills", async () => {
    await using world = await startProduction();
    const account = await world.open(FUNDS);
    const other = await world.open(FUNDS);
    const authorization = `Bearer ${await world.keyOf(account, ["read"])}`;
    await world.place(account, { symbol: "BTC/USD", side: "buy", quantity: "1", price: "44000" });
    const stream = await openSse(`${world.url}/api/v1/stream/orders`, { authorization });

    const opening = await stream.next();
    assert.equal(opening.event, "orders");
    const begin = Number(opening.id);
    assert.deepEqual(
      opening.data.orders.map((order: { status: string }) => order.status),
      ["OPEN"],
    );

    await world.place(other, { symbol: "BTC/USD", side: "sell", quantity: "0.4" });
    await world.place(other, { symbol: "BTC/USD", side: "sell", quantity: "0.6" });
    const partial = await stream.next();
    const filled = await stream.next();
    stream.close();

    assert.deepEqual(
      [partial, filled].map(({ id, event, data }) => [
        id,
        event,
        data.order.status,
        data.order.filledQuantity,
        data.fills.map((fill: { quantity: string }) => fill.quantity),
      ]),
      [
        [begin + 1, "order", "PARTIAL", "0.40000", ["0.40000"]],
        [begin + 2, "order", "FILLED", "1.00000", ["0.60000"]],
      ],
    );
  });

  it("show every balance first, then each that changes", async () => {
    await using world = await startProduction();
    const account = await world.open({ USD: "1000" });
    const authorization = `Bearer ${await world.keyOf(account, ["read"])}`;
    const stream = await openSse(`${world.url}/api/v1/stream/balances`, { authorization });

    const opening = await stream.next();
    assert.equal(opening.event, "balances");
    assert.deepEqual(
      opening.data.balances.map((balance: { asset: string; total: string }) => [
        balance.asset,
        balance.total,
      ]),
      [["USD", "1000.00000000"]],
    );
    await world.place(account, {
      symbol: "BTC/USD",
      side: "buy",
      quantity: "0.01",
      price: "44000",
    });
    const { event, data } = await stream.next();
    stream.close();

    assert.deepEqual(
      [event, data.asset, data.available, data.locked],
      ["balance", "USD", "560.00000000", "440.00000000"],
    );
  });

  it("begin anew for who resumes after events that nobody kept", async () => {
    await using world = await startProduction();
    const account = await world.open(FUNDS);
    const authorization = `Bearer ${await world.keyOf(account, ["read"])}`;
    const url = `${world.url}/api/v1/stream/orders`;
    const stream = await openSse(url, { authorization, "last-event-id": "17" });

    assert.equal((await stream.next()).event, "orders");
    stream.close();
  });

  it("end with the word unauthenticated when their key is revoked", async () => {
    await using world = await startProduction();
    const account = await world.open(FUNDS);
    const key = await world.keyOf(account, ["read"]);
    const stream = await openSse(`${world.url}/api/v1/stream/orders`, {
      authorization: `Bearer ${key}`,
    });
    await stream.next();

    const [keyId = ""] = key.split(".");
    await world.submit({ kind: "revoke_key", account: account.number, keyId });

    assert.deepEqual(await stream.next(), {
      id: undefined,
      event: "end",
      data: { code: "unauthenticated" },
    });
    assert.equal(await stream.block(), undefined);
  });
});

describe("Every stream of server-sent events", () => {
  it("is for GET alone: HEAD would never end", async () => {
    await using world = await startProduction();
    for (const path of ["orders", "balances", "trades", "orderbook/BTC-USD"]) {
      assert.equal((await world.request("HEAD", `/api/v1/stream/${path}`)).status, 405, path);
    }
  });

  it("beats while nothing happens", async () => {
    await using world = await startProduction({ heartbeatMs: 20 });
    const stream = await openSse(`${world.url}/api/v1/stream/trades`);

    assert.equal(stream.headers.get("content-type"), "text/event-stream");
    assert.equal(await stream.block(), ": heartbeat");
    stream.close();
  });

  it("ends with a last event when the service stops", async () => {
    const world = await startProduction();
    const stream = await openSse(`${world.url}/api/v1/stream/orderbook/ETH-USD`);
    await stream.next();

    const stopped = world[Symbol.asyncDispose]();
    assert.deepEqual((await stream.next()).data, { code: "shutting_down" });
    await stopped;
  });
});
