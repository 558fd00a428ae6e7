import { deepEqual, equal, match, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import { duration } from "@tse/domain";
import { faultsOf, startProduction } from "../support/production.ts";
import { BUY, clientFor, clientOf } from "./clients.ts";

describe("the native API", () => {
  it("tells its health, its readiness and its time", async () => {
    await using production = await startProduction();
    const get = (path: string) => production.request("GET", `/api/v1${path}`);

    const health = await get("/health");
    deepEqual([health.status, health.body.status], [200, "healthy"]);
    const ready = await get("/ready");
    deepEqual([ready.status, ready.body.status], [200, "ready"]);
    const { body } = await get("/time");
    deepEqual(body, {
      serverTime: "2026-01-05T14:00:00.000Z",
      unixMicroseconds: production.clock.now(),
    });

    production.health.phase = "stopping";
    const stopping = await get("/ready");
    deepEqual([stopping.status, stopping.body.status], [503, "not_ready"]);
    equal((await get("/health")).status, 200);
  });

  it("lists every error code with its status", async () => {
    await using production = await startProduction();

    const { body } = await production.request("GET", "/api/v1/errors");

    const statuses = new Map(
      body.errors.map(({ code, status }: { code: string; status: number }) => [code, status]),
    );
    deepEqual(
      [
        "validation_failed",
        "unauthenticated",
        "order_not_found",
        "order_not_open",
        "insufficient_balance",
        "internal",
      ].map((code) => statuses.get(code)),
      [400, 401, 404, 409, 422, 500],
    );
    equal(statuses.size, body.errors.length);
  });

  it("answers unknown paths with 404 and wrong methods with 405, as problems", async () => {
    await using production = await startProduction();

    for (const path of [
      "/api/v1/nothing",
      "/api/v1",
      "/api/v1/orders/x/y",
      "/api/v2/orders",
      "/admin/info",
      "/chaos/status",
      "/debug/accounts",
    ]) {
      const reply = await production.request("GET", path);
      deepEqual([reply.status, reply.body.code], [404, "not_found"], path);
      equal(reply.headers.get("content-type"), "application/problem+json");
    }
    const wrong = await production.request("PUT", "/api/v1/orders");
    deepEqual([wrong.status, wrong.headers.get("allow")], [405, "DELETE, GET, HEAD, POST"]);
  });

  it("takes no query where none is described", async () => {
    await using production = await startProduction();
    const client = await clientOf(production, { USD: "1000" });

    for (const reply of [
      await client.get("/instruments?depth=1"),
      await client.get("/health?x"),
      await client.post(`/accounts/${client.account.id}/close?now=true`),
      await client.delete("/orders?all=true"),
    ]) {
      equal(reply.status, 400);
      match(faultsOf(reply).join(), /: unknown_field/);
    }
  });

  it("carries the caller's correlation id to the answer and to the order", async () => {
    await using production = await startProduction();
    const { key, account } = await clientOf(production, { USD: "1000" });

    const { headers, body } = await production.request("POST", "/api/v1/orders", {
      key,
      headers: { "x-correlation-id": "my-run-7" },
      body: { accountId: account.id, symbol: "BTC/USD", orderType: "LIMIT", ...BUY },
    });

    deepEqual(
      [headers.get("x-correlation-id"), body.order.correlationId],
      ["my-run-7", "my-run-7"],
    );
  });

  it("refuses a wrong key even where none is needed", async () => {
    await using production = await startProduction();

    for (const key of ["", "x", "x".repeat(32), `${"x".repeat(32)}.${"y".repeat(64)}`]) {
      const reply = await production.request("GET", "/api/v1/instruments", { key });
      deepEqual([reply.status, reply.body.code], [401, "unauthenticated"]);
      equal(reply.headers.get("www-authenticate"), "Bearer");
    }
    const missing = await production.request("GET", "/api/v1/accounts");
    deepEqual([missing.status, missing.body.code], [401, "unauthenticated"]);
  });

  it("answers 503 once the exchange takes nothing more", async () => {
    await using production = await startProduction();
    const client = await clientOf(production, { USD: "1000" });
    await production.exchange.close();

    const { status, body } = await client.order(BUY);

    deepEqual([status, body.code], [503, "shutting_down"]);
  });
});

describe("the request limit", () => {
  it("is counted for each key, told in every answer, and over after its minute", async () => {
    await using production = await startProduction({ requestsPerMinute: 2 });
    const client = await clientOf(production);
    const other = await clientFor(production, client.account);

    const first = await client.get("/accounts");
    equal(first.headers.get("ratelimit-limit"), "2");
    equal(first.headers.get("ratelimit-remaining"), "1");
    equal((await client.get("/accounts")).status, 200);
    const third = await client.get("/accounts");
    deepEqual([third.status, third.body.code], [429, "rate_limited"]);
    match(third.headers.get("retry-after") ?? "", /^\d+$/);
    equal((await other.get("/accounts")).status, 200);

    await production.advance(duration(60_000_000));
    equal((await client.get("/accounts")).status, 200);
  });

  it("counts requests without a key, or with a wrong one, for their address", async () => {
    await using production = await startProduction({ requestsPerMinute: 2 });
    const client = await clientOf(production);
    const guess = () =>
      production.request("GET", "/api/v1/accounts", { key: `${"x".repeat(32)}.y` });

    equal((await guess()).status, 401);
    equal((await production.request("GET", "/api/v1/instruments")).status, 200);
    equal((await guess()).status, 429);
    equal((await production.request("GET", "/api/v1/instruments")).status, 429);
    equal((await client.get("/accounts")).status, 200);
  });

  it("leaves health, readiness and time alone", async () => {
    await using production = await startProduction({ requestsPerMinute: 1 });

    for (let count = 0; count < 3; count++) {
      for (const path of ["/health", "/ready", "/time"]) {
        ok((await production.request("GET", `/api/v1${path}`)).status === 200);
      }
    }
  });
});
