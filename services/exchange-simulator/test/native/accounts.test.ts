import { deepEqual, equal, match, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import { faultsOf, startProduction } from "../support/production.ts";
import { BUY, clientFor, clientOf } from "./clients.ts";

const NEW = { userId: "trader-1", accountType: "SPOT" };
const NOBODY = "019b8e75-2300-7001-8000-00000000ffff";

describe("POST /api/v1/accounts", () => {
  it("opens an account without a key while sign-up is open, and shows its secret once", async () => {
    await using production = await startProduction();
    const body = { ...NEW, name: "desk", metadata: { desk: "arb", nested: { level: 2 } } };

    const { status, body: answer } = await production.request("POST", "/api/v1/accounts", { body });

    equal(status, 201);
    const { account, apiKey } = answer;
    deepEqual(account, {
      accountId: account.accountId,
      userId: "trader-1",
      accountType: "SPOT",
      status: "ACTIVE",
      kycStatus: "PENDING",
      parentAccountId: null,
      name: "desk",
      feeTier: "standard",
      metadata: { desk: "arb", nested: { level: 2 } },
      createdAt: "2026-01-05T14:00:00.000Z",
      updatedAt: "2026-01-05T14:00:00.000Z",
    });
    match(account.accountId, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    deepEqual(apiKey.scopes, ["read", "trade", "admin"]);

    const key = `${apiKey.keyId}.${apiKey.secret}`;
    const again = await production.request("GET", `/api/v1/accounts/${account.accountId}`, { key });
    deepEqual([again.status, again.body], [200, { account }]);
    ok(!JSON.stringify(again.body).includes(apiKey.secret));
  });

  it("is closed when sign-up is closed, but to a master's own admin key", async () => {
    await using production = await startProduction({ openSignup: false });
    const master = await clientOf(production);
    const reader = await clientFor(production, master.account, ["read"]);
    const sub = { ...NEW, parentAccountId: master.account.id };

    const closed = await production.request("POST", "/api/v1/accounts", { body: NEW });
    deepEqual([closed.status, closed.body.code], [403, "forbidden"]);
    equal((await master.post("/accounts", NEW)).status, 403);
    equal((await production.request("POST", "/api/v1/accounts", { body: sub })).status, 401);
    equal((await reader.post("/accounts", sub)).status, 403);
    const opened = await master.post("/accounts", sub);
    deepEqual([opened.status, opened.body.account.parentAccountId], [201, master.account.id]);
  });

  it("opens no sub-account below an account that isn't the key's", async () => {
    await using production = await startProduction();
    const [one, other] = [await clientOf(production), await clientOf(production)];

    const foreign = await one.post("/accounts", { ...NEW, parentAccountId: other.account.id });
    const unknown = await one.post("/accounts", { ...NEW, parentAccountId: NOBODY });

    deepEqual([foreign.status, foreign.body.code], [404, "account_not_found"]);
    deepEqual([unknown.status, unknown.body.code], [404, "account_not_found"]);
  });

  it("names the field and the rule of what is wrong", async () => {
    await using production = await startProduction();
    const deep = JSON.parse(`${'{"a":'.repeat(9)}1${"}".repeat(9)}`);
    const cases: readonly (readonly [unknown, readonly string[]])[] = [
      [undefined, ["body: required"]],
      [[], ["body: type"]],
      ["text", ["body: type"]],
      [{}, ["userId: required", "accountType: required"]],
      [{ ...NEW, userId: "" }, ["userId: length"]],
      [{ ...NEW, userId: 7 }, ["userId: type"]],
      [{ ...NEW, userId: null }, ["userId: type"]],
      [{ ...NEW, userId: "a\0b" }, ["userId: text"]],
      [{ ...NEW, userId: "\ud800" }, ["userId: text"]],
      [{ ...NEW, userId: "x".repeat(65) }, ["userId: length"]],
      [{ ...NEW, accountType: "spot" }, ["accountType: one_of"]],
      [{ ...NEW, parentAccountId: "1" }, ["parentAccountId: uuid"]],
      [{ ...NEW, status: "ACTIVE" }, ["status: unknown_field"]],
      [
        { ...NEW, kycStatus: "APPROVED", feeTier: "vip" },
        ["kycStatus: unknown_field", "feeTier: unknown_field"],
      ],
      [{ ...NEW, metadata: "text" }, ["metadata: type"]],
      [{ ...NEW, metadata: [] }, ["metadata: type"]],
      [{ ...NEW, metadata: deep }, ["metadata: depth"]],
      [{ ...NEW, metadata: { big: "x".repeat(4096) } }, ["metadata: length"]],
    ];

    for (const [body, faults] of cases) {
      const reply = await production.request("POST", "/api/v1/accounts", { body });
      deepEqual([reply.status, reply.body.code], [400, "validation_failed"]);
      deepEqual(faultsOf(reply), faults);
    }
    equal(production.venue.accounts().length, 0);
  });
});

describe("a family of accounts", () => {
  it("is seen and managed by the master's key, and each member by its own", async () => {
    await using production = await startProduction();
    const master = await clientOf(production);
    const path = `/accounts/${master.account.id}/sub-accounts`;

    const first = await master.post(path, { name: "first" });
    const second = await master.post(path, {
      name: "second",
      userId: "other",
      accountType: "MARGIN",
    });

    deepEqual([first.status, first.body.account.userId], [201, "user"]);
    deepEqual([second.status, second.body.account.accountType], [201, "MARGIN"]);
    const names = ({ body }: typeof first) =>
      body.accounts.map(({ name }: { name: string }) => name);
    deepEqual(names(await master.get(path)), ["second", "first"]);
    deepEqual(names(await master.get("/accounts")), ["second", "first", ""]);

    const { keyId, secret } = first.body.apiKey;
    const ofFirst = (path: string) =>
      production.request("GET", `/api/v1${path}`, { key: `${keyId}.${secret}` });
    deepEqual(names(await ofFirst("/accounts")), ["first"]);
    equal((await ofFirst(`/accounts/${first.body.account.accountId}`)).status, 200);
    equal((await ofFirst(`/accounts/${second.body.account.accountId}`)).status, 404);
    equal((await ofFirst(`/accounts/${master.account.id}`)).status, 404);
    equal((await master.get(`/accounts/${first.body.account.accountId}`)).status, 200);
  });

  it("has one level, and no two members of a name", async () => {
    await using production = await startProduction({ venue: { maxSubAccounts: 2 } });
    const master = await clientOf(production);
    const path = `/accounts/${master.account.id}/sub-accounts`;
    const first = await master.post(path, { name: "first" });
    const below = `/accounts/${first.body.account.accountId}/sub-accounts`;

    const twice = await master.post(path, { name: "first" });
    deepEqual(
      [twice.status, twice.body.code, faultsOf(twice)],
      [409, "duplicate_name", ["name: duplicate_name"]],
    );
    const deeper = await master.post(below, { name: "deeper" });
    deepEqual([deeper.status, deeper.body.code], [403, "forbidden"]);
    equal((await master.post(path, { name: "second" })).status, 201);
    const third = await master.post(path, { name: "third" });
    deepEqual([third.status, third.body.code], [422, "max_sub_accounts"]);
  });

  it("is closed to strangers, whose every way in is 404", async () => {
    await using production = await startProduction();
    const [one, other] = [await clientOf(production), await clientOf(production)];
    const path = `/accounts/${other.account.id}`;

    for (const below of [
      "",
      "/sub-accounts",
      "/keys",
      "/balances",
      "/balances/USD",
      "/transfers",
      "/ledger",
      "/trades",
    ]) {
      const reply = await one.get(path + below);
      deepEqual([reply.status, reply.body.code], [404, "account_not_found"], below);
    }
    equal((await one.patch(path, { name: "mine" })).status, 404);
    equal((await one.post(`${path}/close`)).status, 404);
    equal((await one.get(`/accounts/${NOBODY}`)).status, 404);
  });

  it("comes in pages that neither repeat nor skip while it grows", async () => {
    await using production = await startProduction();
    const master = await clientOf(production);
    const path = `/accounts/${master.account.id}/sub-accounts`;
    for (const name of ["a", "b", "c", "d"]) await master.post(path, { name });

    const first = await master.get(`${path}?limit=2`);
    await master.post(path, { name: "e" });
    const second = await master.get(`${path}?limit=2&cursor=${first.body.nextCursor}`);

    const names = [...first.body.accounts, ...second.body.accounts].map(({ name }) => name);
    deepEqual(names, ["d", "c", "b", "a"]);
    equal(second.body.nextCursor, null);
  });
});

describe("PATCH /api/v1/accounts/{id}", () => {
  it("changes name and metadata, and keeps what isn't given", async () => {
    await using production = await startProduction();
    const client = await clientOf(production);
    const path = `/accounts/${client.account.id}`;

    const named = await client.patch(path, { name: "new name" });
    const noted = await client.patch(path, { metadata: { a: 1 } });

    deepEqual([named.status, named.body.account.name], [200, "new name"]);
    deepEqual([noted.body.account.name, noted.body.account.metadata], ["new name", { a: 1 }]);
  });

  it("leaves status, KYC and fees to the operator, and needs something to change", async () => {
    await using production = await startProduction();
    const client = await clientOf(production);
    const path = `/accounts/${client.account.id}`;

    deepEqual(faultsOf(await client.patch(path, { name: "x", status: "ACTIVE" })), [
      "status: unknown_field",
    ]);
    deepEqual(faultsOf(await client.patch(path, {})), ["name: required"]);
  });
});

describe("POST /api/v1/accounts/{id}/close", () => {
  it("closes an empty account for good", async () => {
    await using production = await startProduction();
    const client = await clientOf(production);
    const path = `/accounts/${client.account.id}/close`;

    const closed = await client.post(path);
    const again = await client.post(path);

    deepEqual([closed.status, closed.body.account.status], [200, "CLOSED"]);
    deepEqual([again.status, again.body.code], [422, "account_closed"]);
    const order = await client.order(BUY);
    deepEqual([order.status, order.body.code], [422, "account_closed"]);
  });

  it("refuses while there is money", async () => {
    await using production = await startProduction();
    const client = await clientOf(production, { USD: "1" });

    const { status, body } = await client.post(`/accounts/${client.account.id}/close`);

    deepEqual([status, body.code], [409, "account_in_use"]);
  });
});
