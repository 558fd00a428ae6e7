import { performance } from "node:perf_hooks";
import type { Clock } from "@tse/domain";
import type { ControllableClock } from "@tse/service-kit";
import {
  type CheckResult,
  type Connections,
  formatTime,
  Health,
  LATENCY_BUCKETS,
  type Logger,
  PrometheusMetrics,
} from "@tse/service-kit";
import type { Archive } from "./archive/archive.ts";
import type { MarketStore } from "./archive/store.ts";
import { instanceOf, type MarketDataConfig } from "./config.ts";
import { beginDropped } from "./dropped-ticks.ts";
import type { FanOut } from "./fan-out/fan-out.ts";
import type { Feed } from "./feed/feed.ts";
import { UNIT_OF_ACCOUNT } from "./feed/symbol-terms.ts";
import { priceNumber } from "./feed/tick.ts";
import { beginSourceErrors } from "./modes/source-errors.ts";
import { SCENARIO_HELP } from "./scenarios/scenario-gauges.ts";

/** What tells others how the service is. */
export interface Observation {
  readonly health: Health;
  /** Brings the gauges up to date that nobody sets when they change. */
  readonly refresh: () => void;
}

export interface ObservationParts {
  readonly config: MarketDataConfig;
  readonly clock: ControllableClock;
  readonly feed: Feed;
  readonly fanOut: FanOut;
  /** Clients of WebSockets and server-sent events. */
  readonly connections: Pick<Connections, "unsent">;
  readonly store: MarketStore;
  readonly archive: Archive;
  readonly metrics: PrometheusMetrics;
  readonly logger: Logger;
}

const LATENCY_MS_BUCKETS = LATENCY_BUCKETS.map((seconds) => seconds * 1_000);

/** A tick and what holds it, in bytes: measured with a heap of a million of them. */
const TICK_BYTES = 150;

export function createMetrics(config: MarketDataConfig): PrometheusMetrics {
  const metrics = new PrometheusMetrics({
    constantLabels: constantLabels(config),
    buckets: { market_data_publication_latency_ms: LATENCY_MS_BUCKETS },
    help: {
      market_data_price_updates_total: "Ticks published, by symbol and source.",
      market_data_staleness_seconds: "World time since the symbol's last tick.",
      market_data_source_latency_ms: "What a source's newest quote needed to arrive.",
      market_data_source_errors_total: "Times that a source was left out, by reason.",
      market_data_price_deviation:
        "A source's newest quote by the published price, minus 1: 0.01 is 1 % above.",
      market_data_confidence_score: "Confidence of the symbol's last tick, 0 to 1.",
      market_data_publication_latency_ms:
        "From a tick's making to its last subscriber's socket, once a tick and kind of client.",
      market_data_subscriber_count: "Subscribers that follow a symbol now, in any channel.",
      market_data_active_streams: "Subscribers now.",
      market_data_dropped_ticks_total:
        "Ticks that a subscriber or the archive was not given, by reason.",
      market_data_memory_usage_bytes:
        "Of what buffers hold, by kind: exact for what clients have not taken yet, else an estimate.",
      data_adapter_backend_state: "1 connected, 0.5 degraded, 0 not configured.",
    },
  });
  beginDropped(metrics);
  return metrics;
}

/** For what only operators see: what they do, and how often, would tell clients what is being done to them. */
export function createHiddenMetrics(config: MarketDataConfig): PrometheusMetrics {
  const labels = constantLabels(config);
  return new PrometheusMetrics({ constantLabels: labels, runtime: false, help: SCENARIO_HELP });
}

/** On every series of this service. */
function constantLabels(config: MarketDataConfig) {
  return { service: config.service, instance: instanceOf(config), version: config.version };
}

export function createObservation(parts: ObservationParts): Observation {
  const { config, clock, metrics, logger, feed, store } = parts;
  const { service, version, environment } = config;
  const health = new Health({
    service,
    instance: instanceOf(config),
    version,
    environment,
    clock,
    logger,
    metrics,
    onPhase(phase) {
      // Answers the request for an advance under way, for which the listener's stop would wait.
      if (phase === "stopping") clock.endChanges();
    },
  });
  health.register("feed", () => feedState(feed, clock), { critical: false });
  health.register("database", () => databaseState(store), { critical: false });
  for (const backend of ["postgres", "redis"]) {
    health.register(backend, () => backendState(store, backend), { critical: false });
  }
  health.register("archive", () => archiveState(parts.archive), { critical: false });
  feed.onTicks((ticks) => {
    for (const { terms, source } of ticks) {
      const labels = { symbol: terms.symbol, source: source.split(":")[0] ?? source };
      metrics.incCounter("market_data_price_updates_total", labels);
    }
  });
  return { health, refresh: () => showGauges(parts) };
}

function feedState(feed: Feed, clock: Clock): CheckResult {
  const now = clock.now();
  const states = feed.symbols.map(({ symbol }) => ({ symbol, state: feed.state(symbol, now) }));
  const named = (wanted: string) =>
    states.filter(({ state }) => state === wanted).map(({ symbol }) => symbol);
  const [stale, halted] = [named("stale"), named("halted")];
  const ages = feed.symbols.map(({ symbol }) => now - (feed.latest(symbol)?.timestamp ?? 0));
  const ageMs = Math.max(0, Math.floor(Math.min(...ages) / 1_000));
  if (stale.length + halted.length > 0) {
    return { verdict: "degraded", state: "degraded", details: { stale, halted, ageMs } };
  }
  return { verdict: "up", state: "live", details: { ageMs } };
}

/** The embedded database and memory have no connection that could fail. */
function databaseState({ kind, adapter }: MarketStore): CheckResult {
  const backend = kind === "embedded" ? "pglite" : kind;
  const known = adapter.state.find((each) => each.backend === backend);
  const condition = known?.condition ?? "connected";
  const isUp = condition !== "degraded";
  return { verdict: isUp ? "up" : "degraded", state: condition, details: { backend } };
}

function backendState({ adapter }: MarketStore, name: string): CheckResult {
  const backend = adapter.state.find((each) => each.backend === name);
  if (backend === undefined) return { verdict: "up", state: "not-configured" };
  const { condition, since, lastError, reconnectAttempts } = backend;
  return {
    verdict: condition === "degraded" ? "degraded" : "up",
    state: condition,
    details: { since: formatTime(since), lastError: lastError ?? null, reconnectAttempts },
  };
}

/** More than this waiting, history is no longer what happened just now. */
const BEHIND = 5_000;

/** Storage that is away says so itself at once; here it counts when it stays so. */
const AWAY_FOR_LONG_MS = 10_000;

export function archiveState({
  pricesWaiting: waiting,
  failure,
}: Pick<Archive, "pricesWaiting" | "failure">): CheckResult {
  const details = { waiting };
  if (failure !== undefined) {
    const isLong = performance.now() - failure.since >= AWAY_FOR_LONG_MS;
    if (isLong || failure.code !== "storage_unavailable") {
      return { verdict: "degraded", state: "blocked", details: { ...details, code: failure.code } };
    }
  }
  return waiting > BEHIND
    ? { verdict: "degraded", state: "behind", details }
    : { verdict: "up", state: "running", details };
}

function showGauges(parts: ObservationParts): void {
  const { feed, fanOut, connections, archive, clock, metrics } = parts;
  const now = clock.now();
  let held = 0;
  for (const { symbol } of feed.symbols) {
    const tick = feed.latest(symbol);
    const age = Math.max(0, now - (tick?.timestamp ?? now)) / 1_000_000;
    metrics.setGauge("market_data_staleness_seconds", age, { symbol });
    metrics.setGauge("market_data_confidence_score", tick?.confidence ?? 0, { symbol });
    const count = fanOut.bySymbol.get(symbol) ?? 0;
    metrics.setGauge("market_data_subscriber_count", count, { symbol });
    held += feed.log(symbol).length;
    showSources(feed, symbol, metrics);
  }
  metrics.setGauge("market_data_active_streams", fanOut.size);
  const memory = {
    ticks: held * TICK_BYTES,
    archive: archive.pricesWaiting * TICK_BYTES,
    clients: connections.unsent,
  };
  for (const [kind, bytes] of Object.entries(memory)) {
    metrics.setGauge("market_data_memory_usage_bytes", bytes, { buffer_type: kind });
  }
}

/** Of symbols that follow sources. */
function showSources(feed: Feed, symbol: string, metrics: PrometheusMetrics): void {
  const tick = feed.latest(symbol);
  if (tick === undefined || tick.terms.quote !== UNIT_OF_ACCOUNT) return;
  const price = priceNumber(tick.price, tick.terms);
  for (const { source, quote, latency } of feed.market.sources(tick.terms.base) ?? []) {
    beginSourceErrors(metrics, source);
    if (quote === undefined) continue;
    const labels = { source, symbol };
    metrics.setGauge("market_data_source_latency_ms", latency / 1_000, labels);
    metrics.setGauge("market_data_price_deviation", quote.price / price - 1, labels);
  }
}
