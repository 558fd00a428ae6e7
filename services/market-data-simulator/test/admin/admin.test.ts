import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { archived, call, type Json, openSocket, startService } from "../support/running.ts";

describe("The admin listener", () => {
  it("needs its token for everything", async () => {
    await using service = await startService();
    for (const path of [
      "/admin/state",
      "/admin/clock",
      "/admin/faults",
      "/chaos/status",
      "/metrics",
    ]) {
      const { status, body } = await call(`${service.adminUrl}${path}`);
      assert.deepEqual([status, body.code], [401, "unauthenticated"], path);
      assert.equal((await service.admin("GET", path)).status, 200, path);
    }
  });

  it("publishes one tick at a price, which every interface shows", async () => {
    await using service = await startService();
    const socket = await openSocket(`${service.ws}/api/v1/ws`);
    const channels = [{ channel: "price", symbol: "BTC/USD" }];
    await socket.ask({ op: "subscribe", channels });
    await socket.event("price");
    const { status, body } = await service.admin("POST", "/admin/prices/BTC", { price: "50000.5" });
    assert.deepEqual([status, body.sequence, body.price], [201, 2, "50000.50"]);
    const event = await socket.event("price");
    assert.deepEqual([event.sequence, event.data.price], [2, "50000.50"]);
    assert.equal((await service.api("/prices/BTC")).body.price, "50000.50");
    const { body: candles } = await service.api("/prices/BTC/history?interval=1m");
    assert.equal(candles.candles[0].high, "50000.50");
    await service.advance("1s");
    const { body: next } = await service.api("/prices/BTC");
    assert.equal(next.sequence, 3);
    assert.ok(Number(next.price) < 46_000, next.price);
    socket.close();
  });

  it("refuses prices that there can't be, naming the rule", async () => {
    await using service = await startService();
    for (const [price, rule] of [
      ["0", "price_tick"],
      ["-1", "price_tick"],
      ["1e5", "price_tick"],
      ["45000.001", "price_tick"],
      ["999.99", "range"],
      ["200000.01", "range"],
    ] as const) {
      const { status, body } = await service.admin("POST", "/admin/prices/BTC-USD", { price });
      assert.deepEqual([status, body.errors[0].field, body.errors[0].rule], [400, "price", rule]);
    }
    for (const [pair, price, range] of [
      ["BTC-USDT", "9999999999999999999999999999999999999.99", "from 909.1 to 222222.22"],
      ["BTC-USDT", "222222.23", "from 909.1 to 222222.22"],
      ["ETH-BTC", "0.00024", "from 0.00025 to 20"],
    ] as const) {
      const { status, body } = await service.admin("POST", `/admin/prices/${pair}`, { price });
      assert.deepEqual([status, body.errors[0].rule], [400, "range"], pair);
      assert.equal(body.errors[0].message, `must be ${range}`);
    }
    const unknown = await service.admin("POST", "/admin/prices/XRP-USD", { price: "1" });
    assert.deepEqual([unknown.status, unknown.body.code], [404, "symbol_not_found"]);
    assert.equal((await service.api("/prices/BTC")).body.sequence, 1);
  });

  it("refuses cursors that none of its lists gave", async () => {
    await using service = await startService();
    const past = Buffer.from("1m:9999999999999999").toString("base64url");
    for (const answer of [
      await service.admin("GET", "/admin/datasets?cursor=zzz"),
      await service.admin("GET", "/admin/audit/events?cursor=zzz"),
      await service.api("/prices/BTC/history?cursor=zzz"),
      await service.api(`/prices/BTC/history?interval=1m&cursor=${past}`),
    ]) {
      const { status, body } = answer;
      assert.deepEqual(
        [status, body.code, body.errors[0].field],
        [400, "invalid_cursor", "cursor"],
      );
    }
    const nul = await service.admin("GET", "/admin/audit/events?action=%00");
    assert.deepEqual([nul.status, nul.body.errors[0].field], [400, "action"]);
  });

  it("halts and resumes a symbol, and sets its spread", async () => {
    await using service = await startService();
    const halted = await service.admin("PUT", "/admin/symbols/ETH-USD", { active: false });
    assert.deepEqual([halted.body.state, halted.body.active], ["halted", false]);
    await service.advance("10s");
    const { body } = await service.api("/prices/ETH");
    assert.deepEqual([body.state, body.sequence], ["halted", 1]);
    const ready = await service.api("/ready");
    assert.deepEqual([ready.status, ready.body.status], [200, "degraded"]);
    assert.deepEqual(ready.body.checks.feed.halted, ["ETH/USD"]);
    await service.admin("PUT", "/admin/symbols/ETH-USD", {
      active: true,
      spread: { kind: "fixed", bps: 40 },
    });
    await service.advance("1s");
    const { body: wide } = await service.api("/prices/ETH");
    assert.deepEqual([wide.state, wide.sequence], ["live", 2]);
    const bps = ((Number(wide.ask) - Number(wide.bid)) / Number(wide.price)) * 10_000;
    assert.ok(Math.abs(bps - 40) < 0.2, `${bps}`);
    const wrong = await service.admin("PUT", "/admin/symbols/ETH-USD", {
      spread: { kind: "fixed", bps: 0 },
    });
    assert.equal(wrong.status, 400);
  });

  it("keeps the spread fixed in the mode fixed-spread, and gives back the rule of before", async () => {
    await using service = await startService({ SPREAD_MODE: "dynamic" });
    const put = (wish: Json, symbol = "BTC-USD") =>
      service.admin("PUT", `/admin/symbols/${symbol}`, wish);
    const spread = { kind: "dynamic", bps: 7 };
    assert.deepEqual((await put({ spread })).body.spread, spread);
    const both = await put({ mode: "fixed-spread", spread });
    const { field, rule } = both.body.errors[0];
    assert.deepEqual([both.status, field, rule], [400, "spread.kind", "mode"]);
    assert.equal((await put({})).body.mode, "realistic");
    const fixed = { kind: "fixed", bps: 7 };
    assert.deepEqual((await put({ mode: "fixed-spread" })).body.spread, fixed);
    for (const symbol of ["BTC-USD", "BTC-USDT"]) {
      assert.equal((await put({ spread }, symbol)).status, 400, symbol);
    }
    assert.deepEqual((await put({ mode: "gbm" })).body.spread, spread);
    assert.deepEqual((await put({ mode: "fixed-spread", spread: fixed })).body.spread, fixed);
    assert.deepEqual((await put({ mode: "realistic" })).body.spread, fixed);
  });

  it("shows buffers, sources, correlations and all metrics", async () => {
    await using service = await startService();
    await service.advance("20m");
    const { body: buffers } = await service.admin("GET", "/debug/price-buffers");
    assert.deepEqual(buffers.buffers[0], {
      symbol: "BTC/USD",
      ticks: 1_201,
      oldestSequence: 1,
      newestSequence: 1_201,
      subscribers: 0,
    });
    const { body: sources } = await service.admin("GET", "/debug/data-sources/status");
    assert.equal(sources.storage.kind, "memory");
    const { body: matrix } = await service.admin("GET", "/debug/correlation-matrix?interval=1m");
    assert.deepEqual([matrix.symbols.length, matrix.points], [9, 19]);
    const { body: metrics } = await service.admin("GET", "/metrics");
    for (const name of [
      "market_data_price_updates_total",
      "market_data_staleness_seconds",
      "market_data_confidence_score",
      "market_data_subscriber_count",
      "market_data_active_streams",
      "market_data_memory_usage_bytes",
      "http_requests_total",
      "nodejs_heap_size_used_bytes",
      "data_adapter_backend_state",
    ]) {
      assert.ok(metrics.includes(`\n${name}`), name);
    }
    const { body: info } = await service.admin("GET", "/admin/info");
    assert.deepEqual([info.service, info.phase], ["market-data-simulator", "serving"]);
    const { body: errors } = await service.admin("GET", "/admin/errors");
    assert.ok(errors.errors.some(({ code }: Json) => code === "chaos_disabled"));
    const level = await service.admin("PUT", "/admin/log-level", { level: "warn" });
    assert.equal(level.body.level, "warn");
  });

  it("keeps what was done in the audit trail, by whom, and proves that it is whole", async () => {
    await using service = await startService();
    await service.admin("POST", "/admin/prices/BTC", { price: "44000" });
    await service.admin("PUT", "/admin/symbols/ADA", { active: false });
    await service.admin("PUT", "/admin/clock", { mode: "virtual", speed: 0.5 });
    await service.admin("PUT", "/admin/clock", { mode: "virtual" });
    const { body: fault } = await service.admin("POST", "/admin/faults", { effect: "freeze" });
    await service.admin("DELETE", `/admin/faults/${fault.fault_id}`);
    await archived(service);
    const { body } = await service.admin("GET", "/admin/audit/events");
    assert.deepEqual(
      body.events.map(({ action, actor, entityId }: Json) => [action, actor, entityId]),
      [
        ["fault.ended", "engine", fault.fault_id],
        ["fault.started", "engine", fault.fault_id],
        ["clock.changed", "admin", "world"],
        ["clock.changed", "admin", "world"],
        ["feed.changed", "admin", "ADA/USD"],
        ["feed.price", "admin", "BTC/USD"],
        ["service.started", "engine", "market-data-simulator"],
      ],
    );
    assert.deepEqual(body.events[5].payload, { price: "44000", sequence: 2 });
    const { body: verdict } = await service.admin("GET", "/admin/audit/verify");
    assert.deepEqual([verdict.status, verdict.events], ["intact", 7]);
  });

  it("changes the clock: the same ticks at any speed", async () => {
    await using service = await startService();
    const sped = await service.admin("PUT", "/admin/clock", { mode: "virtual", speed: 1_000 });
    assert.equal(sped.status, 200);
    await using still = await startService();
    for (;;) {
      const { body } = await service.api("/prices/BTC");
      if (body.sequence > 100) break;
    }
    await service.admin("PUT", "/admin/clock", { mode: "virtual" });
    await still.advance("100s");
    const [fast, slow] = await Promise.all(
      [service, still].map(({ api }) =>
        api("/prices/BTC/history?end=2026-01-05T00:01:40Z&limit=99"),
      ),
    );
    assert.deepEqual(fast?.body.ticks, slow?.body.ticks);
  });
});
