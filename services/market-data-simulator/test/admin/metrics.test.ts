import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HealthStatus, MarketDataService } from "@tse/contracts";
import { GrpcChannel } from "@tse/service-kit";
import { openSocket, type RunningService, startService } from "../support/running.ts";

const STORM = `format: 1
name: storm
kind: volatility_spike
title: A storm
duration: 10m
release: 2m
effects:
  - { on: volatility, assets: [ETH], course: constant, times: 3 }
  - { on: depth, assets: [ETH], course: constant, times: 0.5 }
  - { on: price, assets: [BTC], path: move, change: -5 %, over: 1m, shape: linear }
`;

/** Of both listeners, beside those of requests and of the process. */
const FEED_METRICS = [
  "market_data_source_latency_ms{source,symbol}",
  "market_data_source_errors_total{source,error_type}",
  "market_data_price_updates_total{symbol,source}",
  "market_data_price_deviation{source,symbol}",
  "market_data_staleness_seconds{symbol}",
  "market_data_confidence_score{symbol}",
  "market_data_publication_latency_ms_bucket{symbol,client_type}",
  "market_data_subscriber_count{symbol}",
  "market_data_active_streams{}",
  "market_data_dropped_ticks_total{reason}",
  "market_data_memory_usage_bytes{buffer_type}",
];

const OPERATORS_METRICS = [
  "market_data_scenario_active{scenario_type,symbol}",
  "market_data_price_manipulation_active{symbol,manipulation_type}",
  "market_data_artificial_volatility{symbol}",
];

/** On every series, and `le` on those of a histogram. */
const COMMON = ["le", "service", "instance", "version"];

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

function samplesOf(text: string): readonly Sample[] {
  return [...text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)].map(([, name = "", labels, value]) => ({
    name,
    labels: Object.fromEntries(
      [...(labels ?? "").matchAll(/(\w+)="([^"]*)"/g)]
        .map(([, label = "", of = ""]) => [label, of] as const)
        .filter(([label]) => !COMMON.includes(label)),
    ),
    value: Number(value),
  }));
}

/** `name{label,label}` of every series. */
const kindsOf = (samples: readonly Sample[]) =>
  new Set(samples.map(({ name, labels }) => `${name}{${Object.keys(labels).join()}}`));

async function scraped({ http, admin }: RunningService) {
  const production = await (await fetch(`${http}/metrics`)).text();
  const { body } = await admin("GET", "/metrics");
  return { production: samplesOf(production), admin: samplesOf(body) };
}

/** Values of one metric that aren't 0, by its labels. */
function valuesOf(samples: readonly Sample[], metric: string): Record<string, number> {
  const found = samples.filter(({ name, value }) => name === metric && value !== 0);
  return Object.fromEntries(
    found.map(({ labels, value }) => [Object.values(labels).join(" "), value]),
  );
}

describe("Metrics", () => {
  it("are all there, those of scenarios for operators only", async () => {
    await using service = await startService({ PRICE_MODE: "static,BTC/USD=consensus" });
    const socket = await openSocket(`${service.ws}/api/v1/ws`);
    await socket.ask({ op: "subscribe", channels: [{ channel: "price", symbol: "BTC/USD" }] });
    const channel = new GrpcChannel(service.grpc);
    const { status } = await channel.client(MarketDataService).healthCheck({});
    assert.equal(status, HealthStatus.SERVING);
    await service.api("/prices");
    await service.admin("POST", "/admin/scenarios", { yaml: STORM });
    await service.advance("10s");
    await socket.until("price", 11);
    const { production, admin } = await scraped(service);
    const [seen, seenByOperators] = [kindsOf(production), kindsOf(admin)];
    for (const kind of [
      ...FEED_METRICS,
      "http_requests_total{method,route,code}",
      "http_request_duration_seconds_bucket{method,route,code}",
      "grpc_requests_total{grpc_service,method,code}",
      "grpc_request_duration_seconds_bucket{grpc_service,method,code}",
      "nodejs_heap_size_used_bytes{}",
      "nodejs_eventloop_lag_seconds{}",
    ]) {
      assert.ok(seen.has(kind), kind);
      assert.ok(seenByOperators.has(kind), kind);
    }
    for (const kind of OPERATORS_METRICS) {
      assert.ok(seenByOperators.has(kind), kind);
      const [name] = kind.split("{");
      assert.ok(!production.some((sample) => sample.name === name), kind);
    }
    socket.close();
    channel.close();
  });

  it("say what scenarios do now, and 0 when they are over", async () => {
    await using service = await startService({ PRICE_MODE: "static" });
    const scenarios = async () => {
      const { admin } = await scraped(service);
      return {
        active: valuesOf(admin, "market_data_scenario_active"),
        manipulation: valuesOf(admin, "market_data_price_manipulation_active"),
        volatility: valuesOf(admin, "market_data_artificial_volatility"),
      };
    };
    const none = { active: {}, manipulation: {}, volatility: {} };
    assert.deepEqual(await scenarios(), none);
    await service.admin("POST", "/admin/scenarios", { yaml: STORM });
    await service.advance("1m");
    assert.deepEqual(await scenarios(), {
      active: Object.fromEntries(
        ["BTC/USD", "ETH/USD", "BTC/USDT", "ETH/USDT", "ETH/BTC"].map((symbol) => [
          `volatility_spike ${symbol}`,
          1,
        ]),
      ),
      manipulation: {
        "BTC/USD price": 1,
        "BTC/USDT price": 1,
        "ETH/USD volatility": 1,
        "ETH/USDT volatility": 1,
        "ETH/BTC price": 1,
        "ETH/BTC volatility": 1,
      },
      volatility: { "ETH/USD": 3, "ETH/USDT": 3, "ETH/BTC": 3 },
    });
    await service.advance("10m");
    const { active, manipulation, volatility } = await scenarios();
    assert.deepEqual([active, manipulation], [{}, {}]);
    assert.ok((volatility["ETH/USD"] as number) > 1, "it is being released");
    await service.advance("2m");
    assert.deepEqual(await scenarios(), none);
  });
});
