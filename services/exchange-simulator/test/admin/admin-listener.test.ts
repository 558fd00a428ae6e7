import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ADMIN_TOKEN, startService } from "./running-service.ts";

const ACCOUNT = "019b8e4a-7c3c-7001-8000-000000000001";

/** Every path of the admin listener, with a method that it knows. */
const PATHS: readonly (readonly [method: string, path: string])[] = [
  ["GET", "/admin/info"],
  ["GET", "/admin/state"],
  ["GET", "/admin/invariants"],
  ["GET", "/admin/errors"],
  ["PUT", "/admin/log-level"],
  ["GET", "/admin/clock"],
  ["PUT", "/admin/clock"],
  ["POST", "/admin/clock/advance"],
  ["POST", `/admin/accounts/${ACCOUNT}/deposits`],
  ["POST", `/admin/accounts/${ACCOUNT}/withdrawals`],
  ["POST", "/admin/accounts"],
  ["GET", "/admin/accounts"],
  ["PATCH", `/admin/accounts/${ACCOUNT}`],
  ["PUT", "/admin/instruments/BTC-USD"],
  ["PUT", "/admin/fee-tiers"],
  ["POST", "/chaos/actions"],
  ["POST", "/chaos/inject-latency"],
  ["GET", "/chaos/status"],
  ["DELETE", "/chaos/clear-all"],
  ["DELETE", `/chaos/${ACCOUNT}`],
  ["GET", "/debug/orderbooks"],
  ["GET", "/debug/orderbooks/BTC-USD"],
  ["GET", "/debug/accounts"],
  ["GET", "/debug/trade-history"],
  ["GET", "/debug/participants"],
  ["GET", "/debug/queues"],
];

describe("The admin listener", () => {
  it("answers 401 on every path without the token, and tells nothing by it", async () => {
    await using service = await startService();
    for (const [method, path] of [...PATHS, ["GET", "/metrics"] as const]) {
      for (const headers of [{}, { authorization: "Bearer wrong" }, { "x-admin-token": "wrong" }]) {
        const { status, body } = await service.bareAdmin(method, path, { headers });
        assert.deepEqual([status, body.code], [401, "unauthenticated"], `${method} ${path}`);
      }
    }
    const key = service.demoKey;
    assert.equal((await service.bareAdmin("GET", "/admin/info", { key })).status, 401);
  });

  it("takes the token as a bearer or in a header of its own", async () => {
    await using service = await startService();
    const header = { headers: { "x-admin-token": ADMIN_TOKEN } };

    assert.equal((await service.admin("GET", "/admin/info")).status, 200);
    assert.equal((await service.bareAdmin("GET", "/admin/info", header)).status, 200);
  });

  it("refuses an Idempotency-Key, because it doesn't keep that promise", async () => {
    await using service = await startService();
    const headers = { "x-admin-token": ADMIN_TOKEN, "idempotency-key": "k" };

    for (const [method, path] of PATHS) {
      const { status, body } = await service.bareAdmin(method, path, { headers });
      const faults = body.errors.map(({ field, rule }: Record<string, string>) => [field, rule]);
      assert.deepEqual([status, faults], [400, [["idempotency-key", "unsupported"]]], path);
    }
  });

  it("never writes the token to the log", async () => {
    await using service = await startService();
    await service.admin("PUT", "/admin/log-level", { level: "debug" });
    await service.bareAdmin("POST", "/chaos/actions", {
      headers: { "x-admin-token": ADMIN_TOKEN },
    });

    assert(service.log.some((line) => line.includes("admin call")));
    assert(service.log.every((line) => !line.includes(ADMIN_TOKEN)));
  });

  it("answers unknown paths with 404 and wrong methods with 405", async () => {
    await using service = await startService();
    assert.equal((await service.admin("GET", "/admin/nothing")).status, 404);
    assert.equal((await service.admin("POST", "/admin/reset")).status, 404);
    const wrong = await service.admin("DELETE", "/admin/clock");
    assert.deepEqual([wrong.status, wrong.headers.get("allow")], [405, "GET, HEAD, PUT"]);
  });
});

describe("The production listener", () => {
  it("has none of the admin paths, with the token or without", async () => {
    await using service = await startService();
    for (const [method, path] of PATHS) {
      const body = method === "GET" || method === "DELETE" ? {} : { body: {} };
      for (const key of [{}, { key: ADMIN_TOKEN }, { headers: { "x-admin-token": ADMIN_TOKEN } }]) {
        const { status } = await service.production(method, path, { ...body, ...key });
        assert.equal(status, 404, `${method} ${path}`);
      }
    }
  });

  it("takes the admin token for no key", async () => {
    await using service = await startService();
    const paths = ["/api/v1/accounts", "/api/v1/orders", "/api/v1/stream/orders"];
    for (const path of paths) {
      assert.equal((await service.production("GET", path, { key: ADMIN_TOKEN })).status, 401, path);
      const headers = { "x-admin-token": ADMIN_TOKEN };
      assert.equal((await service.production("GET", path, { headers })).status, 401, path);
    }
  });

  it("shows in its metrics nothing of chaos and of what operators do", async () => {
    await using service = await startService();
    await service.admin("POST", "/chaos/manipulate-spreads", { multiplier: 2 });
    const shown = (await service.production("GET", "/metrics")).body as string;
    const all = (await service.admin("GET", "/metrics")).body as string;

    assert.doesNotMatch(shown, /chaos|admin|debug/);
    assert.match(all, /exchange_chaos_active\{type="manipulate_spreads",[^}]*\} 1/);
    assert.match(all, /http_requests_total\{[^}]*route="\/chaos\/:action"/);
    assert.match(all, /nodejs_eventloop_lag_seconds/);
    const types = all.match(/^# TYPE \S+/gm) ?? [];
    assert.equal(new Set(types).size, types.length, "each metric stands there once");
  });
});
