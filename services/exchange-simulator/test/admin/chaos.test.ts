import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { faultsOf, type Json } from "../support/production.ts";
import { startService } from "./running-service.ts";

type Service = Awaited<ReturnType<typeof startService>>;

/** Best bid and ask and what lies at the best bid, as everybody sees them. */
async function touchOf(service: Service, symbol: string) {
  const { body } = await service.production("GET", `/api/v1/orderbook/${symbol}?depth=1`);
  const [[bid, size]] = body.bids;
  const [[ask]] = body.asks;
  return { spread: Number(ask) - Number(bid), size: Number(size) };
}

describe("A chaos action over the admin API", () => {
  it("is taken in path form and in name form, and answered with its id, times and seed", async () => {
    await using service = await startService();
    const byPath = await service.admin("POST", "/chaos/inject-latency", {
      delay_ms: 10,
      duration: "5m",
    });
    const byName = await service.admin("POST", "/chaos/actions", {
      action: "inject_latency",
      parameters: { delay_ms: 10, duration_s: 300, seed: 7 },
    });
    for (const { status, body } of [byPath, byName]) {
      assert.equal(status, 201);
      assert.deepEqual(Object.keys(body), ["chaos_id", "started_at", "expires_at", "seed"]);
      assert.equal(Date.parse(body.expires_at) - Date.parse(body.started_at), 300_000);
    }
    assert.equal(byName.body.seed, 7);
    const { body } = await service.admin("GET", "/chaos/status");
    assert.deepEqual(
      body.active.map((rule: Json) => [rule.chaos_id, rule.action]),
      [byPath, byName].map((reply) => [reply.body.chaos_id, "inject_latency"]),
    );
  });

  it("without a body takes the defaults", async () => {
    await using service = await startService();
    assert.equal((await service.admin("POST", "/chaos/simulate-downtime")).status, 201);
  });

  it("is refused with the field and the rule when it is out of bounds or unknown", async () => {
    await using service = await startService();
    const post = (path: string, body: unknown) => service.admin("POST", path, body);

    const wide = await post("/chaos/manipulate-spreads", { multiplier: 1000 });
    assert.deepEqual([wide.status, faultsOf(wide)], [400, ["multiplier: range"]]);
    const typed = await post("/chaos/reject-orders", { rejection_rate: "often", color: "red" });
    assert.deepEqual(faultsOf(typed), ["rejection_rate: type", "color: unknown_field"]);
    const missing = await post("/chaos/partial-fills", {});
    assert.deepEqual(faultsOf(missing), ["max_fill_ratio: required"]);
    assert.equal((await post("/chaos/set-fire", {})).status, 404);
    const named = await post("/chaos/actions", { action: "set_fire" });
    assert.deepEqual(faultsOf(named), ["action: one_of"]);
    assert.equal((await service.admin("DELETE", "/chaos/nobody")).status, 404);
  });

  it("is ended by its id, or with all others", async () => {
    await using service = await startService();
    const { body: first } = await service.admin("POST", "/chaos/simulate-downtime", {});
    await service.admin("POST", "/chaos/inject-latency", {});
    const ended = await service.admin("DELETE", `/chaos/${first.chaos_id}`);
    assert.deepEqual([ended.status, ended.body.chaos_id], [200, first.chaos_id]);
    const rest = await service.admin("DELETE", "/chaos/clear-all");
    assert.deepEqual(
      rest.body.ended.map((rule: Json) => rule.action),
      ["inject_latency"],
    );

    const { body } = await service.admin("GET", "/chaos/status");
    assert.deepEqual(body.active, []);
    assert.deepEqual(
      body.record.map((entry: Json) => [entry.kind, entry.rule.action, entry.cause]),
      [
        ["started", "simulate_downtime", undefined],
        ["started", "inject_latency", undefined],
        ["ended", "simulate_downtime", "cleared"],
        ["ended", "inject_latency", "cleared"],
      ],
    );
  });

  it("is refused with 403 when the world takes none", async () => {
    await using service = await startService({ CHAOS_ENABLED: "false" });
    for (const [method, path] of [
      ["POST", "/chaos/inject-latency"],
      ["POST", "/chaos/actions"],
      ["DELETE", "/chaos/clear-all"],
    ] as const) {
      const body = path.endsWith("actions") ? { action: "inject_latency" } : undefined;
      assert.equal((await service.admin(method, path, body)).status, 403, path);
    }
    assert.equal((await service.admin("GET", "/chaos/status")).body.enabled, false);
  });
});

describe("The simulated makers", () => {
  it("widen their quotes while spreads are manipulated, and only then", async () => {
    await using service = await startService();
    await service.admin("POST", "/admin/clock/advance", { by: "5s" });
    const calm = await touchOf(service, "BTC-USD");
    await service.admin("POST", "/chaos/manipulate-spreads", {
      multiplier: 5,
      symbols: ["BTC/USD"],
      duration_s: 60,
    });
    await service.admin("POST", "/admin/clock/advance", { by: "5s" });
    const wide = await touchOf(service, "BTC-USD");
    await service.admin("POST", "/admin/clock/advance", { by: "60s" });
    const after = await touchOf(service, "BTC-USD");

    assert(wide.spread > 3 * calm.spread, `${wide.spread} is much wider than ${calm.spread}`);
    assert(after.spread < 2 * calm.spread, `${after.spread} is about ${calm.spread} again`);
    assert.equal((await service.admin("GET", "/admin/invariants")).body.holds, true);
  });

  it("offer less while liquidity is reduced, and as before once it is restored", async () => {
    await using service = await startService();
    const depth = async () => {
      const { body } = await service.production("GET", "/api/v1/orderbook/ETH-USD?depth=1000");
      return [...body.bids, ...body.asks].reduce(
        (sum: number, [, size]: Json) => sum + Number(size),
        0,
      );
    };
    await service.admin("POST", "/admin/clock/advance", { by: "5s" });
    const calm = await depth();
    await service.admin("POST", "/chaos/reduce-liquidity", { reduction_factor: 0.8 });
    await service.admin("POST", "/admin/clock/advance", { by: "5s" });
    const thin = await depth();
    await service.admin("POST", "/chaos/restore-liquidity", {});
    await service.admin("POST", "/admin/clock/advance", { by: "5s" });
    const after = await depth();

    assert(thin < 0.4 * calm, `${thin} is much less than ${calm}`);
    assert(after > 0.7 * calm, `${after} is about ${calm} again`);
  });
});

describe("A simulated downtime", () => {
  it("turns readiness to 503, health stays, and the Binance dialect says so in its own form", async () => {
    await using service = await startService();
    await service.admin("POST", "/chaos/simulate-downtime", { duration_s: 30 });
    const ready = await service.production("GET", "/api/v1/ready");
    const health = await service.production("GET", "/api/v1/health");
    const ping = await service.production("GET", "/api/v3/ping");

    assert.deepEqual([ready.status, ready.body.status], [503, "not_ready"]);
    assert.equal(health.status, 200);
    assert.deepEqual([ping.status, Object.keys(ping.body)], [503, ["code", "msg"]]);
    await service.admin("POST", "/admin/clock/advance", { by: "30s" });
    assert.equal((await service.production("GET", "/api/v1/ready")).status, 200);
    assert.equal((await service.production("GET", "/api/v3/ping")).status, 200);
  });
});
