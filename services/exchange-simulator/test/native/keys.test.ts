import { deepEqual, doesNotMatch, equal } from "node:assert/strict";
import { describe, it } from "node:test";
import { duration } from "@tse/domain";
import { faultsOf, startProduction } from "../support/production.ts";
import { BUY, clientFor, clientOf } from "./clients.ts";

describe("API keys over REST", () => {
  it("are issued with their scopes, listed without their secrets, and revoked at once", async () => {
    await using production = await startProduction();
    const client = await clientOf(production);
    const path = `/accounts/${client.account.id}/keys`;

    const issued = await client.post(path, { label: "bot", scopes: ["read", "trade"] });

    equal(issued.status, 201);
    const { keyId, secret } = issued.body.apiKey;
    const asBot = { key: `${keyId}.${secret}` };
    equal((await production.request("GET", "/api/v1/orders", asBot)).status, 200);
    const listed = await client.get(path);
    equal(listed.body.keys.at(-1).label, "bot");
    doesNotMatch(JSON.stringify(listed.body), new RegExp(secret));

    const revoked = await client.delete(`/keys/${keyId}`);
    deepEqual([revoked.status, revoked.body.apiKey.keyId], [200, keyId]);
    const refused = await production.request("GET", "/api/v1/orders", asBot);
    deepEqual([refused.status, refused.body.code], [401, "unauthenticated"]);
    equal((await client.delete(`/keys/${keyId}`)).status, 404);
  });

  it("are revoked under their account's path as well, and only there", async () => {
    await using production = await startProduction();
    const master = await clientOf(production);
    const sub = await master.post(`/accounts/${master.account.id}/sub-accounts`, { name: "sub" });
    const { accountId } = sub.body.account;
    const { keyId } = sub.body.apiKey;

    equal((await master.delete(`/accounts/${master.account.id}/keys/${keyId}`)).status, 404);
    equal((await master.delete(`/accounts/${accountId}/keys/${keyId}`)).status, 200);
  });

  it("of strangers are 404", async () => {
    await using production = await startProduction();
    const [one, other] = [await clientOf(production), await clientOf(production)];
    const [keyId] = other.key.split(".");

    const { status, body } = await one.delete(`/keys/${keyId}`);

    deepEqual([status, body.code], [404, "key_not_found"]);
    equal((await other.get("/orders")).status, 200);
  });

  it("expire at their time", async () => {
    await using production = await startProduction();
    const client = await clientOf(production);
    const expiresAt = "2026-01-05T14:00:10.000Z";
    const { body } = await client.post(`/accounts/${client.account.id}/keys`, {
      scopes: ["read"],
      expiresAt,
    });
    const key = `${body.apiKey.keyId}.${body.apiKey.secret}`;

    equal(body.apiKey.expiresAt, expiresAt);
    equal((await production.request("GET", "/api/v1/accounts", { key })).status, 200);
    await production.advance(duration(10_000_000));
    equal((await production.request("GET", "/api/v1/accounts", { key })).status, 401);
  });

  it("work from the addresses they name only", async () => {
    await using production = await startProduction();
    const client = await clientOf(production);
    const from = async (...addresses: string[]) => {
      const { body } = await client.post(`/accounts/${client.account.id}/keys`, {
        scopes: ["read"],
        addresses,
      });
      const key = `${body.apiKey.keyId}.${body.apiKey.secret}`;
      return (await production.request("GET", "/api/v1/accounts", { key })).status;
    };

    equal(await from("127.0.0.1"), 200);
    equal(await from("10.1.2.3"), 401);
  });

  it("name the field and the rule of what is wrong", async () => {
    await using production = await startProduction();
    const client = await clientOf(production);
    const path = `/accounts/${client.account.id}/keys`;
    const cases: readonly (readonly [unknown, readonly string[]])[] = [
      [{}, ["scopes: required"]],
      [{ scopes: [] }, ["scopes: length"]],
      [{ scopes: "read" }, ["scopes: type"]],
      [{ scopes: ["READ"] }, ["scopes.0: one_of"]],
      [{ scopes: ["read"], label: 1 }, ["label: type"]],
      [{ scopes: ["read"], addresses: ["localhost"] }, ["addresses.0: address"]],
      [{ scopes: ["read"], addresses: Array(21).fill("::1") }, ["addresses: length"]],
      [{ scopes: ["read"], expiresAt: "tomorrow" }, ["expiresAt: time"]],
      [{ scopes: ["read"], expiresAt: "2020-01-01T00:00:00Z" }, ["expiresAt: future"]],
      [{ scopes: ["read"], keyId: "mine" }, ["keyId: unknown_field"]],
    ];

    for (const [body, faults] of cases) {
      const reply = await client.post(path, body);
      deepEqual([reply.status, faultsOf(reply)], [400, faults]);
    }
  });
});

describe("scopes", () => {
  it("let a key do what they name and what those include, and nothing more", async () => {
    await using production = await startProduction();
    const { account } = await clientOf(production, { USD: "1000" });
    const path = `/accounts/${account.id}`;
    const transfer = { toAccountId: account.id, asset: "USD", amount: "1" };
    const outcomes = async (...scopes: ("read" | "trade" | "admin")[]) => {
      const client = await clientFor(production, account, scopes);
      const replies = [
        await client.get(`${path}/balances`),
        await client.order(BUY),
        await client.post("/orders/test", { accountId: account.id }),
        await client.delete("/orders"),
        await client.get(`${path}/keys`),
        await client.patch(path, { name: "x" }),
        await client.post(`${path}/transfers`, { ...transfer, amount: "0" }),
      ];
      return replies.map(({ status }) => status);
    };

    deepEqual(await outcomes("read"), [200, 403, 400, 403, 403, 403, 400]);
    deepEqual(await outcomes("trade"), [200, 201, 400, 200, 403, 403, 400]);
    deepEqual(await outcomes("admin"), [200, 201, 400, 200, 200, 200, 400]);
  });

  it("are asked after the request's shape, and a missing key before it", async () => {
    await using production = await startProduction();
    const reader = await clientOf(production, {}, ["read"]);

    const forbidden = await reader.order(BUY);
    deepEqual([forbidden.status, forbidden.body.code], [403, "forbidden"]);
    equal((await reader.order({ side: "UP" })).status, 400);
    equal((await production.request("POST", "/api/v1/orders", { body: {} })).status, 401);
  });
});
