import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { CRASH } from "../support/crash.ts";
import { archived, type Json, type RunningService, startService } from "../support/running.ts";

const SHOCK = {
  symbol: "BTC/USD",
  shock_percentage: -15,
  duration_seconds: 300,
  pattern: "sudden_drop",
  recovery_time_seconds: 1_800,
};

const APART = {
  base_symbol: "BTC/USD",
  target_symbol: "BTC/USDT",
  max_spread_bps: 500,
  buildup_hours: 0.1,
  sustain_hours: 0.1,
  recovery_hours: 0.1,
};

const priceOf = async (service: RunningService, symbol: string): Promise<number> =>
  Number((await service.api(`/prices/${symbol}`)).body.price);

/** The steps of a market that stands still but for scenarios. */
const still = () => startService({ PRICE_MODE: "static" });

describe("A scenario of the shared market", () => {
  it("moves prices as it says, gives them back, and derived pairs follow", async () => {
    await using service = await still();
    const { status, body } = await service.admin("POST", "/chaos/price-shock", SHOCK);
    assert.equal(status, 201, JSON.stringify(body));
    assert.match(body.scenario_id, /^price_shock-/);
    await service.advance("1s");
    assert.equal(await priceOf(service, "BTC-USD"), 38_250);
    assert.equal(await priceOf(service, "ETH-USD"), 2_500);
    const cross = await priceOf(service, "ETH-BTC");
    assert.ok(Math.abs(cross - 2_500 / 38_250) < 0.00002, `${cross}`);
    await service.advance("299s");
    assert.equal(await priceOf(service, "BTC-USD"), 38_250);
    const { body: running } = await service.admin("GET", "/chaos/active-scenarios");
    assert.equal(running.scenarios[0].scenario_id, body.scenario_id);
    await service.advance("31m");
    assert.equal(await priceOf(service, "BTC-USD"), 45_000);
    const { body: over } = await service.admin("GET", "/chaos/active-scenarios");
    assert.deepEqual(over.scenarios, []);
  });

  it("lets a second listing leave the first, by the quote asset that it has of its own", async () => {
    await using service = await still();
    const { status, body } = await service.admin("POST", "/chaos/gradual-divergence", APART);
    assert.equal(status, 201, JSON.stringify(body));
    const prices = async () =>
      await Promise.all(["BTC-USD", "BTC-USDT", "USDT-USD"].map((each) => priceOf(service, each)));
    await service.advance("6m");
    assert.deepEqual(await prices(), [45_000, 47_250, 0.9524]);
    await service.advance("12m");
    assert.deepEqual(await prices(), [45_000, 45_000, 1]);
  });

  it("lets the one asset that a target has of its own take it away from the base", async () => {
    for (const [base_symbol, target_symbol, moved] of [
      ["BTC/USD", "ETH/USD", "ETH-USD"],
      ["BTC/USDT", "ETH/USDT", "ETH-USDT"],
      ["ETH/USD", "ETH/BTC", "ETH-BTC"],
    ] as const) {
      await using service = await still();
      const base = base_symbol.replace("/", "-");
      const before = [await priceOf(service, base), await priceOf(service, moved)];
      const wish = { ...APART, base_symbol, target_symbol };
      assert.equal((await service.admin("POST", "/chaos/gradual-divergence", wish)).status, 201);
      await service.advance("6m");
      assert.equal(await priceOf(service, base), before[0]);
      const ratio = (await priceOf(service, moved)) / (before[1] as number);
      assert.ok(Math.abs(ratio - 1.05) < 2e-4, `${target_symbol} ${ratio}`);
    }
  });

  it("can be stopped in the middle without a jump, and replaced", async () => {
    await using service = await still();
    const wish = { yaml: CRASH };
    const { body: begun } = await service.admin("POST", "/admin/scenarios", wish);
    await service.advance("5m");
    const half = await priceOf(service, "ETH-USD");
    assert.ok(Math.abs(half - 2_500 * Math.sqrt(0.9)) < 0.02, `${half}`);
    const path = `/admin/scenarios/${begun.scenario_id}`;
    const replaced = await service.admin("PUT", path, { ...wish, intensity: 0 });
    assert.equal(replaced.status, 200, JSON.stringify(replaced.body));
    await service.advance("10m");
    assert.equal(await priceOf(service, "ETH-USD"), half);
    assert.equal((await service.admin("DELETE", path)).status, 200);
    assert.equal((await service.admin("DELETE", path)).status, 404);
    await service.advance("1h");
    assert.equal(await priceOf(service, "ETH-USD"), half);
  });

  it("does more with more intensity, nothing with none, always in its direction", async () => {
    const moved: number[] = [];
    for (const intensity of [0, 0.5, 1, 2]) {
      await using service = await still();
      await service.admin("POST", "/admin/scenarios", { yaml: CRASH, intensity });
      await service.advance("30m");
      moved.push((await priceOf(service, "ETH-USD")) - 2_500);
    }
    assert.equal(moved[0], 0);
    assert.deepEqual(
      [...moved].sort((a, b) => b - a),
      moved,
    );
    assert.ok(Math.abs((moved[2] as number) + 250) < 0.02, `${moved[2]}`);
  });

  it("is made again by a restart, the same to the last tick", async () => {
    const DATA_DIR = await mkdtemp(join(tmpdir(), "market-scenario-"));
    const environment = { JOURNAL: "file", DATA_DIR };
    try {
      let before: unknown;
      {
        await using service = await startService(environment);
        await service.admin("POST", "/chaos/preset", { name: "covid_2020", allow_extreme: true });
        await service.advance("3h");
        before = (await service.api("/prices")).body.prices;
        assert.ok((await priceOf(service, "BTC-USD")) < 40_000);
      }
      await using service = await startService(environment);
      const { body } = await service.api("/prices");
      assert.deepEqual(body.prices, before);
      const { body: running } = await service.admin("GET", "/admin/scenarios");
      assert.equal(running.running[0].name, "covid_2020");
    } finally {
      await rm(DATA_DIR, { recursive: true });
    }
  });

  it("disturbs the feed on its way to subscribers, until it is stopped", async () => {
    await using service = await still();
    const { body } = await service.admin("POST", "/admin/scenarios", { name: "feed_disruption" });
    const active = async () => {
      const { body: faults } = await service.admin("GET", "/admin/faults");
      return faults.active.map((fault: { effects: { name: string }[] }) => fault.effects[0]?.name);
    };
    await service.advance("1s");
    assert.deepEqual(await active(), ["latency"]);
    await service.advance("245s");
    assert.deepEqual(await active(), ["latency", "freeze"]);
    await service.admin("DELETE", `/admin/scenarios/${body.scenario_id}`);
    assert.deepEqual(await active(), []);
    await service.advance("2m");
    assert.deepEqual(await active(), []);
  });

  it("leaves its truth in the audit trail", async () => {
    await using service = await still();
    const { body } = await service.admin("POST", "/chaos/price-shock", SHOCK);
    await service.advance("40m");
    await archived(service);
    const audit = await service.admin("GET", "/admin/audit/events?limit=50");
    assert.equal(audit.status, 200, JSON.stringify(audit.body));
    const text = JSON.stringify(audit.body);
    for (const word of ["scenario.started", "scenario.ended", body.scenario_id]) {
      assert.ok(text.includes(word), `${word} in ${text.slice(0, 400)}`);
    }
  });
});

describe("The timeline of scenarios", () => {
  it("has what was, what runs with its phases, and what is to come", async () => {
    await using service = await still();
    const timeline = async () => (await service.admin("GET", "/debug/scenario-timeline")).body;
    const { body: crash } = await service.admin("POST", "/admin/scenarios", { yaml: CRASH });
    const { body: shock } = await service.admin("POST", "/chaos/price-shock", SHOCK);
    await service.admin("POST", "/admin/scenarios", { name: "feed_disruption" });
    await service.advance("6m");

    const { time, past, running, planned } = await timeline();
    assert.deepEqual([time, past], ["2026-01-05T00:06:00.000Z", []]);
    assert.deepEqual(running[1].phases, [
      { name: "shock", starts_at: "2026-01-05T00:00:00.000Z", state: "past" },
      { name: "recovery", starts_at: "2026-01-05T00:05:00.000Z", state: "running" },
    ]);
    const times = planned.map(({ at }: Json) => at);
    assert.deepEqual([...times].sort(), times);
    const ends = planned.filter(({ event }: Json) => event === "end");
    assert.deepEqual(
      ends.slice(-2).map((each: Json) => [each.scenario_id, each.at.slice(11, 19)]),
      [
        [shock.scenario_id, "00:35:00"],
        [crash.scenario_id, "01:00:00"],
      ],
    );

    await service.admin("DELETE", `/admin/scenarios/${crash.scenario_id}`);
    const [stopped] = (await timeline()).past;
    assert.deepEqual(
      [stopped.scenario_id, stopped.state, stopped.phases[0].state],
      [crash.scenario_id, "STOPPED", "past"],
    );
    await service.advance("40m");
    await archived(service);
    const later = await timeline();
    assert.deepEqual([later.running, later.planned], [[], []]);
    const ended = later.past.filter(
      ({ scenario_type }: Json) => scenario_type !== "feed_disruption",
    );
    assert.deepEqual(
      ended.map(({ scenario_id, state, ended_at }: Json) => [
        scenario_id,
        state,
        ended_at.slice(11, 19),
      ]),
      [
        [shock.scenario_id, "COMPLETED", "00:35:00"],
        [crash.scenario_id, "STOPPED", "00:06:00"],
      ],
    );
    assert.deepEqual(
      ended[0].phases.map(({ name, state }: Json) => `${name} ${state}`),
      ["shock past", "recovery past"],
    );
  });
});

describe("A scenario that can't be", () => {
  const refusals: readonly (readonly [
    path: string,
    body: unknown,
    status: number,
    field: string,
  ])[] = [
    ["/chaos/price-shock", { ...SHOCK, shock_percentage: -150 }, 400, "shock_percentage"],
    ["/chaos/price-shock", { ...SHOCK, shock_percentage: -30 }, 400, "effects"],
    ["/chaos/price-shock", { ...SHOCK, duration_seconds: 7_201 }, 400, "duration_seconds"],
    [
      "/chaos/price-shock",
      { ...SHOCK, recovery_time_seconds: undefined },
      400,
      "recovery_time_seconds",
    ],
    [
      "/chaos/price-shock",
      { ...SHOCK, recovery_time_seconds: 6_901 },
      400,
      "recovery_time_seconds",
    ],
    ["/chaos/price-shock", { ...SHOCK, symbol: "DOGE/USD" }, 404, "parameters.symbol"],
    ["/chaos/price-shock", { ...SHOCK, symbol: "ETH/BTC" }, 400, "parameters.symbol"],
    ["/chaos/price-shock", { ...SHOCK, more: 1 }, 400, "more"],
    [
      "/chaos/gradual-divergence",
      { ...APART, target_symbol: "BTC/USD" },
      400,
      "parameters.target_symbol",
    ],
    [
      "/chaos/gradual-divergence",
      { ...APART, base_symbol: "BTC/USDT", target_symbol: "BTC/USD" },
      400,
      "parameters.target_symbol",
    ],
    ["/chaos/gradual-divergence", { ...APART, max_spread_bps: 1_200 }, 400, "effects"],
    ["/chaos/preset", { name: "covid_2020" }, 400, "effects"],
    ["/chaos/preset", { name: "covid_1918" }, 400, "parameters.name"],
    [
      "/chaos/stablecoin-depeg",
      { symbol: "USDT/USD", target_deviation: -0.2, duration_hours: 1 },
      400,
      "target_deviation",
    ],
    [
      "/chaos/correlation-break",
      { symbols: ["BTC/USD"], target_correlation: 0, duration_hours: 1 },
      400,
      "symbols",
    ],
    [
      "/chaos/correlation-break",
      { symbols: ["USDT/USD", "BTC/USD"], target_correlation: 0, duration_hours: 1 },
      400,
      "parameters.symbols",
    ],
    [
      "/chaos/stablecoin-depeg",
      { symbol: "BTC/USD", target_deviation: -0.05, duration_hours: 1 },
      400,
      "parameters.symbol",
    ],
    ["/chaos/feed-disruption", { source: "feed" }, 400, "packet_loss_percentage"],
    ["/admin/scenarios", { name: "crash", time_factor: 0.001 }, 400, "time_factor"],
    [
      "/chaos/market-crash",
      { crash_percentage: 10, crash_duration_minutes: 5 },
      400,
      "crash_percentage",
    ],
    ["/admin/scenarios", { name: "nothing" }, 400, "name"],
    ["/admin/scenarios", { name: "crash", yaml: CRASH }, 400, "name"],
    ["/admin/scenarios", { name: "crash", intensity: -1 }, 400, "intensity"],
    ["/admin/scenarios", { yaml: "#".repeat(32 * 1024 + 1) }, 400, "yaml"],
  ];

  it("is refused by field and rule, and nothing has begun", async () => {
    await using service = await still();
    for (const [path, body, status, field] of refusals) {
      const answer = await service.admin("POST", path, body);
      assert.equal(answer.status, status, `${path} ${JSON.stringify(answer.body)}`);
      assert.equal(answer.body.errors[0].field, field, JSON.stringify(answer.body));
    }
    for (const name of ["no-such-thing", "toString", "constructor", "valueOf", "__proto__"]) {
      assert.equal((await service.admin("POST", `/chaos/${name}`, {})).status, 404, name);
      const { status, body } = await service.admin("POST", "/chaos/actions", { action: name });
      assert.deepEqual([status, body.errors[0].field], [400, "action"], name);
    }
    const { body } = await service.admin("GET", "/chaos/active-scenarios");
    assert.deepEqual(body.scenarios, []);
    await service.advance("1m");
    assert.equal(await priceOf(service, "BTC-USD"), 45_000);
  });

  it("is refused by line, column and field where its text is wrong", async () => {
    await using service = await still();
    const cases = [
      [CRASH.replace("-10 %", "-150 %"), "line 8", "change"],
      [CRASH.replace("assets: [ETH]", "asset: [ETH]"), "line 8", "asset"],
      [CRASH.replace("duration: 1h", "duration: soon"), "line 5", "duration"],
      [`${CRASH}  - {`, "line 9", ""],
    ] as const;
    for (const [yaml, line, field] of cases) {
      const { status, body } = await service.admin("POST", "/admin/scenarios", { yaml });
      assert.equal(status, 400, JSON.stringify(body));
      const errors = JSON.stringify(body.errors);
      assert.ok(errors.includes(line) && errors.includes(field), errors);
    }
  });

  it("ends with all others by the action clear_all_chaos, whatever the form of its name", async () => {
    await using service = await still();
    const named = { action: "clear_all_chaos" };
    for (const [path, body] of [
      ["/chaos/clear_all_chaos", {}],
      ["/chaos/clear-all-chaos", undefined],
      ["/chaos/actions", named],
    ] as const) {
      await service.admin("POST", "/chaos/price-shock", SHOCK);
      const disruption = { source: "feed", packet_loss_percentage: 20 };
      await service.admin("POST", "/chaos/feed-disruption", disruption);
      await service.advance("1s");
      const { status, body: cleared } = await service.admin("POST", path, body);
      assert.deepEqual([status, cleared.ended?.length], [200, 2], path);
      assert.equal((await service.admin("GET", "/chaos/status")).body.active, 0);
    }
    const more = await service.admin("POST", "/chaos/clear-all-chaos", { now: true });
    assert.deepEqual([more.status, more.body.errors[0].field], [400, "now"]);
  });

  it("is refused where chaos is off", async () => {
    await using service = await startService({ PRICE_MODE: "static", CHAOS_ENABLED: "false" });
    for (const path of ["/chaos/price-shock", "/admin/scenarios"]) {
      const { status, body } = await service.admin(
        "POST",
        path,
        path === "/admin/scenarios" ? { name: "crash" } : SHOCK,
      );
      assert.deepEqual([status, body.code], [403, "chaos_disabled"], path);
    }
  });
});
