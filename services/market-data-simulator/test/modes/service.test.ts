import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { archived, type Json, type RunningService, startService } from "../support/running.ts";
import { candleRows, csvOf, MINUTES_A_DAY } from "./datasets.ts";

const HOUR = csvOf(candleRows(60));
const DAY = csvOf(candleRows(MINUTES_A_DAY, 110, 9));

async function imported(service: RunningService, name: string, symbol: string, content: string) {
  const { status, body } = await service.admin("POST", "/admin/datasets", {
    name,
    symbol,
    content,
  });
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}

async function sent(service: RunningService, method: string, path: string, wish?: unknown) {
  const { status, body } = await service.admin(method, path, wish);
  assert.ok(status === 200 || status === 201, `${path} ${status} ${JSON.stringify(body)}`);
  return body;
}

const pricesOf = async ({ api }: RunningService): Promise<readonly Json[]> =>
  (await api("/prices")).body.prices;

async function inDirectory(use: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "market-modes-"));
  try {
    await use(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Every mode at once, in the middle of a minute. */
async function everyMode(service: RunningService): Promise<void> {
  await imported(service, "hour", "BTC/USD", HOUR);
  await imported(service, "day", "SOL/USD", DAY);
  await service.advance("5s");
  const replay = { dataset: "hour", symbol: "BTC/USD", speed: 2, align: "absolute" };
  await sent(service, "POST", "/admin/replay", replay);
  for (const [symbol, mode] of [
    ["ETH-USD", "consensus"],
    ["SOL-USD", "bootstrap:day"],
    ["ADA-USD", "gbm"],
    ["DOT-USD", "static"],
  ] as const) {
    await sent(service, "PUT", `/admin/symbols/${symbol}`, { mode });
  }
  await service.advance("60s");
  await sent(service, "PUT", "/admin/sources/binance", {
    price_factor: 1.02,
    symbols: ["ETH/USD"],
  });
  const chaos = { source: "coingecko", packet_loss_percentage: 50, duration_seconds: 600 };
  await sent(service, "POST", "/chaos/feed-disruption", chaos);
  await service.advance("60s");
}

describe("A world with every mode", () => {
  it("goes on through a restart as if it had not been, without its database", async () => {
    await inDirectory(async (DATA_DIR) => {
      const environment = { JOURNAL: "file", DATA_DIR };
      await using unbroken = await startService();
      await everyMode(unbroken);
      {
        await using first = await startService(environment);
        await everyMode(first);
        assert.deepEqual(await pricesOf(first), await pricesOf(unbroken));
      }
      {
        await using second = await startService(environment);
        assert.deepEqual(await pricesOf(second), await pricesOf(unbroken));
        for (const service of [second, unbroken]) await service.advance("300s");
        assert.deepEqual(await pricesOf(second), await pricesOf(unbroken));
        const history = (service: RunningService) =>
          service.api("/prices/ETH/history?limit=500").then(({ body }) => body.ticks);
        assert.deepEqual(await history(second), await history(unbroken));
        assert.deepEqual(
          await sent(second, "GET", "/admin/replay"),
          await sent(unbroken, "GET", "/admin/replay"),
        );
      }
      assert.equal((await readdir(join(DATA_DIR, "datasets"))).length, 2);
      const before = await pricesOf(unbroken);
      await using third = await startService({ ...environment, PRICE_MODE: "gbm" });
      await third.advance("1s");
      for (const [i, { price, sequence, source }] of (await pricesOf(third)).entries()) {
        assert.ok(Math.abs(price / before[i].price - 1) < 0.002, `${before[i].symbol} ${price}`);
        assert.deepEqual([sequence, source], [before[i].sequence + 1, "simulator"]);
      }
      assert.deepEqual(await readdir(join(DATA_DIR, "datasets")), []);
    });
  });

  it("doesn't start when a data set that its path depends on is gone, and says which", async () => {
    await inDirectory(async (DATA_DIR) => {
      const environment = { JOURNAL: "file", DATA_DIR };
      {
        await using service = await startService(environment);
        await imported(service, "hour", "BTC/USD", HOUR);
        await sent(service, "PUT", "/admin/symbols/BTC", { mode: "replay:hour" });
      }
      await rm(join(DATA_DIR, "datasets"), { recursive: true });
      await assert.rejects(startService(environment), { name: "DatasetMissing", message: /hour/ });
    });
  });
});

describe("A replay on the admin listener", () => {
  it("is begun, listed, paused, sought and stopped", async () => {
    await using service = await startService();
    const { checksum } = await imported(service, "hour", "BTC/USD", HOUR);
    const wish = { dataset: "hour", symbol: "BTC", start: "2024-03-04T00:10:00Z", speed: 10 };
    const begun = await sent(service, "POST", "/admin/replay", wish);
    assert.deepEqual(
      [begun.state, begun.symbol, begun.checksum, begun.align, begun.position],
      ["playing", "BTC/USD", checksum, "rebase", "2024-03-04T00:10:00.000Z"],
    );
    const path = `/admin/replay/${begun.replay_id}`;
    await service.advance("6s");
    const [bitcoin] = await pricesOf(service);
    assert.deepEqual([bitcoin.source, bitcoin.symbol], ["replay:hour", "BTC/USD"]);
    assert.equal((await sent(service, "POST", `${path}/pause`)).state, "paused");
    await service.advance("10s");
    assert.equal((await sent(service, "GET", path)).position, "2024-03-04T00:11:00.000Z");
    await sent(service, "POST", `${path}/resume`);
    const to = "2024-03-04T00:30:00Z";
    assert.equal(
      (await sent(service, "POST", `${path}/seek`, { to })).position,
      "2024-03-04T00:30:00.000Z",
    );
    assert.equal((await sent(service, "POST", `${path}/stop`)).state, "stopped");
    const { replays } = await sent(service, "GET", "/admin/replay");
    assert.deepEqual(
      replays.map((each: Json) => [each.replay_id, each.state, each.ended_at !== null]),
      [[begun.replay_id, "stopped", true]],
    );
    await service.advance("1s");
    const [after] = await pricesOf(service);
    assert.equal(after.source, "simulator");
    assert.ok(Math.abs(after.price / bitcoin.price - 1) < 0.01);
    const { status, body } = await service.admin("POST", `${path}/pause`);
    assert.deepEqual([status, body.code], [409, "replay_over"]);
    assert.equal((await service.admin("GET", "/admin/replay/none")).status, 404);
  });

  it("has an id of its own, also among those that are asked for at the same time", async () => {
    await using service = await startService();
    await imported(service, "hour", "BTC/USD", HOUR);
    const wish = { dataset: "hour", symbol: "BTC" };
    const asked = Array.from({ length: 5 }, () => sent(service, "POST", "/admin/replay", wish));
    const turn = sent(service, "PUT", "/admin/symbols/BTC", { mode: "replay:hour" });
    const begun = await Promise.all(asked);
    assert.equal((await turn).mode, "replay:hour");
    assert.equal(new Set(begun.map(({ replay_id }) => replay_id)).size, 5);
    const { replays } = await sent(service, "GET", "/admin/replay");
    assert.equal(new Set(replays.map(({ replay_id }: Json) => replay_id)).size, 6);
  });

  it("and other modes are refused by field and rule, and nothing has changed", async () => {
    await using service = await startService();
    await imported(service, "hour", "BTC/USD", HOUR);
    await imported(service, "cheap", "BTC/USD", "timestamp,price\n1,60000\n2,77\n");
    const replay = { dataset: "hour", symbol: "BTC/USD" };
    const cheap = { ...replay, dataset: "cheap", align: "absolute" };
    const outside = "2024-03-04T01:00:00Z";
    for (const [path, wish, status, field, rule] of [
      ["POST /admin/replay", { ...replay, dataset: "none" }, 404, "dataset", "dataset_not_found"],
      [
        "POST /admin/replay",
        { ...replay, symbol: "ETH/USD" },
        400,
        "dataset",
        "dataset_of_another_symbol",
      ],
      ["POST /admin/replay", cheap, 400, "dataset", "dataset_unsuitable"],
      ["POST /admin/replay", { ...replay, symbol: "XRP/USD" }, 404, "symbol", "symbol_not_found"],
      ["POST /admin/replay", { ...replay, symbol: "BTC/USDT" }, 400, "symbol", "leg"],
      ["POST /admin/replay", { ...replay, speed: 0.05 }, 400, "speed", "too_small"],
      ["POST /admin/replay", { ...replay, start: outside }, 400, "start", "outside_dataset"],
      ["POST /admin/replay", { ...replay, align: "up" }, 400, "align", "one_of"],
      ["PUT /admin/symbols/BTC", { mode: "magic" }, 400, "mode", "one_of"],
      ["PUT /admin/symbols/BTC", { mode: "replay:none" }, 404, "mode", "dataset_not_found"],
      ["PUT /admin/symbols/BTC", { mode: "bootstrap:hour" }, 400, "mode", "dataset_unsuitable"],
      ["PUT /admin/symbols/ETH", { mode: "replay:hour" }, 400, "mode", "dataset_of_another_symbol"],
      ["PUT /admin/symbols/ETH-BTC", { mode: "gbm" }, 400, "mode", "leg"],
      ["PUT /admin/sources/binance", { latency_ms: 5 }, 400, "name", "mode"],
      ["PUT /admin/sources/binance", { symbols: ["BTC"] }, 400, "symbols.0", "mode"],
      ["POST /chaos/feed-disruption", { source: "binance", latency_ms: 5 }, 400, "source", "mode"],
      ["POST /chaos/price-shock", { respect_halt: "yes" }, 400, "respect_halt", "type"],
      ["POST /chaos/feed-disruption", { source: "kraken" }, 400, "source", "one_of"],
    ] as const) {
      const [method = "", url = ""] = path.split(" ");
      const answer = await service.admin(method, url, wish);
      const error = answer.body.errors?.[0];
      const told = JSON.stringify(answer.body);
      assert.deepEqual([answer.status, error?.field], [status, field], `${path} ${told}`);
      if (field !== "speed" && field !== "align") assert.equal(error.rule, rule, told);
    }
    assert.equal((await service.admin("PUT", "/admin/sources/kraken", {})).status, 404);
    assert.deepEqual((await sent(service, "GET", "/admin/replay")).replays, []);
    const { mode } = await sent(service, "PUT", "/admin/symbols/BTC", {});
    assert.equal(mode, "realistic");
  });
});

describe("A world in the mode consensus", () => {
  it("shows its sources, drops the wrong one, halts and resumes, and leaves the truth in the audit trail", async () => {
    await using service = await startService({ PRICE_MODE: "static,BTC/USD=consensus" });
    await service.advance("30s");
    const bitcoin = async () => (await service.api("/prices/BTC")).body;
    const { confidence, source } = await bitcoin();
    assert.equal(source, "consensus");
    assert.ok(confidence > 0.9, `${confidence}`);
    const wrong = await sent(service, "PUT", "/admin/sources/binance", { price_factor: 0.75 });
    assert.equal(wrong.symbols[0].disturbance.price_factor, 0.75);
    await service.advance("10s");
    const { sources } = await sent(service, "GET", "/admin/sources");
    assert.deepEqual(
      sources.map(({ name, priority, symbols }: Json) => [name, priority, symbols[0].state]),
      [
        ["coingecko", 1, "used"],
        ["coinmarketcap", 2, "used"],
        ["binance", 3, "outlier"],
      ],
    );
    assert.ok(sources[0].symbols[0].staleness_ms <= 3_000);
    assert.ok((await bitcoin()).confidence < confidence - 0.1);

    const { body: metrics } = await service.admin("GET", "/metrics");
    for (const series of [
      /market_data_source_latency_ms\{.*source="binance".*\} \d/,
      /market_data_price_deviation\{.*source="binance".*\} -0\.2/,
      /market_data_source_errors_total\{.*source="binance".*\} 1/,
      /market_data_confidence_score\{.*symbol="BTC\/USD".*\} 0\./,
    ]) {
      assert.match(metrics, series);
    }
    const status = await sent(service, "GET", "/debug/data-sources/status");
    assert.equal(status.symbols[0].quotes.length, 3);

    await sent(service, "PUT", "/admin/sources/coingecko", { price_factor: 0.75 });
    await sent(service, "PUT", "/admin/sources/coinmarketcap", { price_factor: 0.75 });
    await service.advance("10s");
    assert.equal((await bitcoin()).state, "halted");
    const leg = await service.admin("PUT", "/admin/symbols/BTC-USDT", { active: true });
    assert.deepEqual([leg.status, leg.body.errors[0].field], [400, "active"]);
    const resumed = await sent(service, "PUT", "/admin/symbols/BTC", { active: true });
    assert.equal(resumed.state, "live");
    await service.advance("2s");
    assert.ok(Math.abs((await bitcoin()).price / 33_750 - 1) < 0.001);
    await archived(service);
    const { events } = await sent(service, "GET", "/admin/audit/events");
    const actions = new Set(events.map(({ action }: Json) => action));
    for (const action of ["consensus.halted", "consensus.resumed", "source.disturbed"]) {
      assert.ok(actions.has(action), action);
    }
  });

  it("loses the quotes of a source by a chaos action, and has them back at its end", async () => {
    await using service = await startService({ PRICE_MODE: "static,BTC/USD=consensus" });
    await service.advance("30s");
    const parameters = { source: "coingecko", packet_loss_percentage: 100, duration_seconds: 60 };
    const { scenario_id } = await sent(service, "POST", "/chaos/feed-disruption", parameters);
    await service.advance("40s");
    const coingecko = async () => {
      const { sources } = await sent(service, "GET", "/admin/sources");
      const { state, failovers, disturbance } = sources[0].symbols[0];
      return [state, failovers, disturbance?.packet_loss_percentage];
    };
    assert.deepEqual(await coingecko(), ["stale", 1, 100]);
    const { scenarios } = await sent(service, "GET", "/chaos/active-scenarios");
    assert.equal(scenarios[0].scenario_id, scenario_id);
    await service.advance("30s");
    assert.deepEqual(await coingecko(), ["used", 1, undefined]);
  });
});
