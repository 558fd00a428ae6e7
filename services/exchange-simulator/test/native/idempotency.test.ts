import { deepEqual, equal, match, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import { duration } from "@tse/domain";
import { faultsOf, type Json, startProduction } from "../support/production.ts";
import { BUY, clientFor, clientOf } from "./clients.ts";
import { assertReplayed, codeOf, type Post, post } from "./repeated.ts";

const FUNDS = { USD: "100000", BTC: "1" };
const ORDER = { symbol: "BTC/USD", orderType: "LIMIT", ...BUY };
const DAY = duration(24 * 60 * 60 * 1_000_000);

async function until(condition: () => boolean): Promise<void> {
  do await new Promise((resolve) => setImmediate(resolve));
  while (!condition());
}

describe("a POST with an Idempotency-Key", () => {
  it("acts once and gets the same answer again", async () => {
    await using production = await startProduction();
    const { key, get } = await clientOf(production, FUNDS);
    const order = { path: "/orders", key, body: ORDER, idempotencyKey: "once" };

    const first = await post(production, order);

    deepEqual([first.status, first.isReplay], [201, false]);
    await assertReplayed(production, order, first);
    equal((await get("/orders")).body.orders.length, 1);
  });

  it("keeps its answer although the order went on", async () => {
    await using production = await startProduction();
    const { key, delete: cancel } = await clientOf(production, FUNDS);
    const order = { path: "/orders", key, body: ORDER, idempotencyKey: "once" };
    const first = await post(production, order);

    await cancel("/orders");

    await assertReplayed(production, order, first);
    equal(JSON.parse(first.text).order.status, "OPEN");
  });

  it("keeps a refusal of the venue, with the order that it left", async () => {
    await using production = await startProduction();
    const { key } = await clientOf(production);
    const order = { path: "/orders", key, body: ORDER, idempotencyKey: "poor" };

    const first = await post(production, order);

    const { code, orderId, instance } = JSON.parse(first.text);
    deepEqual([first.status, code, instance], [422, "insufficient_balance", "/api/v1/orders"]);
    match(orderId, /^[0-9a-f-]{36}$/);
    await assertReplayed(production, order, first);
  });

  it("is a conflict with another body or path, and changes nothing then", async () => {
    await using production = await startProduction();
    const { key, account } = await clientOf(production, FUNDS);
    const order = { path: "/orders", key, body: ORDER, idempotencyKey: "k" };
    const first = await post(production, order);
    const { sequence } = production.venue;

    const others: readonly Post[] = [
      { ...order, body: { ...ORDER, quantity: "0.02" } },
      { ...order, path: `/accounts/${account.id}/close`, body: undefined },
      { ...order, path: `/accounts/${account.id}/keys`, body: { scopes: ["read"] } },
    ];
    for (const other of others) {
      const reply = await post(production, other);
      deepEqual([reply.status, codeOf(reply)], [409, "idempotency_key_conflict"]);
    }
    equal(production.venue.sequence, sequence);
    await assertReplayed(production, order, first);
  });

  it("means another request for another account, and the same for another key of the account", async () => {
    await using production = await startProduction();
    const [one, other] = [await clientOf(production, FUNDS), await clientOf(production, FUNDS)];
    const second = await clientFor(production, one.account, ["trade"]);
    const order = { path: "/orders", key: one.key, body: ORDER, idempotencyKey: "k" };

    const first = await post(production, order);
    const theirs = await post(production, { ...order, key: other.key });

    deepEqual([theirs.status, theirs.isReplay], [201, false]);
    await assertReplayed(production, { ...order, key: second.key }, first);
  });

  it("is answered from memory only to who may ask", async () => {
    await using production = await startProduction();
    const { account, key } = await clientOf(production, FUNDS);
    const trader = await clientFor(production, account, ["trade"]);
    const issue = { path: `/accounts/${account.id}/keys`, body: { scopes: ["admin"] } };
    const open = {
      path: "/accounts",
      body: { userId: "u", accountType: "SPOT", parentAccountId: account.id, name: "s" },
    };

    for (const [index, sent] of [issue, open].entries()) {
      const named = { ...sent, idempotencyKey: `k${index}` };
      equal((await post(production, { ...named, key })).status, 201);
      equal((await post(production, { ...named, key: trader.key })).status, 403);
      equal((await post(production, { ...named, key: "unknown-unknown-1.secret" })).status, 401);
    }
  });

  it("may be tried again when it never reached the venue", async () => {
    await using production = await startProduction();
    const { key, account } = await clientOf(production, FUNDS);
    const missing = { ...ORDER, symbol: "NO/SUCH" };
    const idempotencyKey = "k";
    const failures = [
      { path: "/orders", key, body: missing, status: 404 },
      { path: "/orders", key, body: { ...ORDER, side: "UP" }, status: 400 },
      { path: "/orders", body: ORDER, status: 401 },
      { path: `/accounts/${account.id}/transfers`, key, body: {}, status: 400 },
    ];
    for (const { status, ...sent } of failures) {
      equal((await post(production, { ...sent, idempotencyKey })).status, status);
    }

    const order = await post(production, { path: "/orders", key, body: ORDER, idempotencyKey });
    deepEqual([order.status, order.isReplay], [201, false]);
  });

  it("may be tried again when it came too often", async () => {
    await using production = await startProduction({
      venue: { orderRate: { perSecond: 1, burst: 1 } },
    });
    const { key, order } = await clientOf(production, FUNDS);
    await order(BUY);
    const late = { path: "/orders", key, body: ORDER, idempotencyKey: "k" };

    equal((await post(production, late)).status, 429);
    await production.advance(duration(2_000_000));
    const second = await post(production, late);
    deepEqual([second.status, second.isReplay], [201, false]);
  });

  it("waits for the first when it comes while that is under way", async () => {
    await using production = await startProduction({ matchingLatency: duration(10_000) });
    const { key, get } = await clientOf(production, FUNDS);
    const order = { path: "/orders", key, body: ORDER, idempotencyKey: "k" };
    const other = { ...order, body: { ...ORDER, quantity: "0.02" } };

    const before = production.handled;

    const first = post(production, order);
    await until(() => production.entry.waiting === 1);
    const others = [order, other, order].map((each) => post(production, each));
    await until(() => production.handled === before + 4);
    equal(production.entry.waiting, 1);
    await production.advance(duration(10_000));

    const answer = await first;
    const [second, conflict, third] = await Promise.all(others);
    deepEqual([answer.status, answer.isReplay, conflict?.status], [201, false, 409]);
    for (const each of [second, third]) deepEqual(each, { ...answer, isReplay: true });
    equal((await get("/orders")).body.orders.length, 1);
  });

  it("acts anew after 24 hours of world time", async () => {
    await using production = await startProduction();
    const { key, get } = await clientOf(production, FUNDS);
    const order = { path: "/orders", key, body: ORDER, idempotencyKey: "k" };
    const first = await post(production, order);

    await production.advance(duration(DAY - 1));
    await assertReplayed(production, order, first);
    await production.advance(duration(1));
    const anew = await post(production, order);

    deepEqual([anew.status, anew.isReplay], [201, false]);
    equal((await get("/orders")).body.orders.length, 2);
  });
});

describe("an answer with a secret", () => {
  it("is given again with its secret, which is nowhere in clear meanwhile", async () => {
    await using production = await startProduction();
    const { key, account, delete: revoke } = await clientOf(production);
    const body = { scopes: ["read"], label: "bot" };
    const issue = { path: `/accounts/${account.id}/keys`, key, body, idempotencyKey: "k" };
    const open = {
      path: "/accounts",
      body: { userId: "u", accountType: "SPOT", metadata: { b: 1, 1: "ü\u0000" } },
      idempotencyKey: "k",
    };

    const issued = await post(production, issue);
    const opened = await post(production, open);

    const secrets = [issued, opened].map(({ text }) => JSON.parse(text).apiKey.secret as string);
    const state = JSON.stringify(production.replies.save(0 as never));
    for (const secret of secrets) {
      equal(secret.length, 64);
      ok(!state.includes(secret), "a secret stands in the state");
    }
    const { keyId, secret } = JSON.parse(issued.text).apiKey;
    const asBot = { key: `${keyId}.${secret}` };
    equal((await production.request("GET", "/api/v1/accounts", asBot)).status, 200);
    await assertReplayed(production, open, opened);
    await revoke(`/keys/${keyId}`);
    await assertReplayed(production, issue, issued);
  });
});

describe("the Idempotency-Key header", () => {
  it("has 1 to 255 visible ASCII characters", async () => {
    await using production = await startProduction();
    const client = await clientOf(production, FUNDS);
    const send = (value: string) =>
      client.post("/orders", ORDER, { headers: { "idempotency-key": value } });

    for (const wrong of ["", "a b", "ü", "x".repeat(256)]) {
      const reply = await send(wrong);
      deepEqual([reply.status, faultsOf(reply)], [400, ["idempotency-key: pattern"]]);
    }
    equal((await send(`${"x".repeat(253)}!~`)).status, 201);
  });

  it("is needless where nothing changes, and refused where its promise isn't kept", async () => {
    await using production = await startProduction();
    const client = await clientOf(production, FUNDS);
    const { body } = await client.order(BUY);
    const headers = { "idempotency-key": "k" };
    const test = { ...ORDER, quantity: "0.02" };

    for (const each of [ORDER, test]) {
      const reply = await client.post("/orders/test", each, { headers });
      deepEqual([reply.status, reply.headers.get("idempotent-replay")], [200, null]);
    }
    const path = `/api/v1/orders/${body.order.orderId}`;
    for (const method of ["PATCH", "DELETE", "GET"]) {
      const reply = await production.request(method, path, { key: client.key, headers });
      deepEqual([reply.status, faultsOf(reply)], [400, ["idempotency-key: unsupported"]]);
    }
  });

  it("is described on every POST, with its conflict where there can be one", async () => {
    await using production = await startProduction();
    const { body } = await production.request("GET", "/api/v1/openapi.json");
    const posts = Object.entries<Json>(body.paths).filter(([, { post }]) => post !== undefined);

    equal(posts.length, 7);
    for (const [path, { post: operation }] of posts) {
      const header = operation.parameters.find(({ in: place }: Json) => place === "header");
      deepEqual([header?.name, header?.required], ["idempotency-key", false], path);
      match(header.description, /acts once in 24 hours/);
      equal(operation.responses[409] !== undefined, !path.endsWith("/test"), path);
    }
    const { body: catalogue } = await production.request("GET", "/api/v1/errors");
    const codes = catalogue.errors.map(({ code }: Json) => code);
    ok(codes.includes("idempotency_key_conflict"));
  });
});
