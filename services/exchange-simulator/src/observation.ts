import { type Duration, duration } from "@tse/domain";
import {
  type CheckResult,
  formatTime,
  Health,
  LATENCY_BUCKETS,
  type Logger,
  PrometheusMetrics,
} from "@tse/service-kit";
import type { Archive } from "./archive/archive.ts";
import type { Chaos } from "./chaos/chaos.ts";
import type { ExchangeConfig } from "./config.ts";
import type { Core } from "./core.ts";
import type { WorldStorage } from "./recovery/world-storage.ts";

/** What tells others how the service is. */
export interface Observation {
  readonly health: Health;
  readonly metrics: PrometheusMetrics;
  /** Brings the gauges up to date that nobody sets when they change. */
  readonly refresh: () => void;
}

export interface ObservationParts {
  readonly config: ExchangeConfig;
  readonly core: Core;
  readonly world: WorldStorage;
  readonly archive: Archive;
  readonly metrics: PrometheusMetrics;
  readonly logger: Logger;
}

export function createMetrics(config: ExchangeConfig): PrometheusMetrics {
  return new PrometheusMetrics({
    constantLabels: constantLabels(config),
    buckets: { exchange_order_latency_seconds: LATENCY_BUCKETS },
    help: {
      exchange_stream_subscribers: "Subscriptions to streams that are open now, by channel.",
      exchange_stream_slow_consumers_total:
        "Stream connections closed because their client read too slowly, by transport.",
      data_adapter_backend_state: "1 connected, 0.5 degraded, 0 not configured.",
      data_adapter_projection_lag_units: "Durable commands whose rows are not stored yet.",
      data_adapter_projection_lag_seconds:
        "World time between the last command and the last one whose rows are stored.",
      data_adapter_journal_bytes: "Size of the journal's segments.",
    },
  });
}

export function createObservation(parts: ObservationParts): Observation {
  const { config, core, metrics, logger } = parts;
  const { service, version, environment } = config;
  const instance = config.instance ?? service;
  const identity = { service, instance, version, environment };
  const { clock } = core;
  const health = new Health({
    ...identity,
    clock,
    logger,
    metrics,
    onPhase(phase) {
      // Answers the request for an advance under way, for which the listener's stop would wait.
      if (phase === "stopping") clock.endChanges();
    },
  });

  health.register("journal", () => journalState(parts.world), { critical: true });
  health.register("history", () => historyState(parts), { critical: false });
  for (const backend of ["postgres", "redis"]) {
    health.register(backend, () => backendState(backend, parts.archive), { critical: false });
  }
  health.register("marketDataFeed", () => feedState(core), { critical: false });
  followDowntime(health, core.chaos);
  const refresh = () => showLag(parts);
  return { health, metrics, refresh };
}

function journalState({ files }: WorldStorage): CheckResult {
  if (files === undefined) return { verdict: "up", state: "memory" };
  const { log } = files;
  const details = { sequence: log.lastSequence, segments: log.segments, bytes: log.bytes };
  const isFull = log.nextSegment === "no_room";
  return isFull
    ? { verdict: "degraded", state: "no_room", details }
    : { verdict: "up", state: "file", details };
}

/** Behind by more than this, history is no longer what happened just now. */
const LAG_MAX = duration(60_000_000);

function historyState({ archive, core }: ObservationParts): CheckResult {
  const { store, state, position } = archive.status;
  const { units, time } = lagOf(archive, core);
  const details = { store, position, lagUnits: units, lagSeconds: time / 1_000_000 };
  const isUp = state === "running" && time <= LAG_MAX;
  return { verdict: isUp ? "up" : "degraded", state, details };
}

/** How far the rows are behind what is durable. */
export function lagOf(
  archive: Archive,
  { exchange }: Pick<Core, "exchange">,
): { units: number; time: Duration } {
  const { position, time } = archive.status;
  const units = Math.max(0, exchange.released - position);
  const behind = units === 0 || time === 0 ? 0 : exchange.lastTime - time;
  return { units, time: duration(Math.max(0, behind)) };
}

function backendState(name: string, archive: Archive): CheckResult {
  const backend = archive.status.backends.find((each) => each.backend === name);
  if (backend === undefined) return { verdict: "up", state: "not-configured" };
  const { condition, since, lastError, reconnectAttempts } = backend;
  return {
    verdict: condition === "degraded" ? "degraded" : "up",
    state: condition,
    details: { since: formatTime(since), lastError: lastError ?? null, reconnectAttempts },
  };
}

function showLag({ archive, core, world, metrics }: ObservationParts): void {
  const { units, time } = lagOf(archive, core);
  metrics.setGauge("data_adapter_projection_lag_units", units);
  metrics.setGauge("data_adapter_projection_lag_seconds", time / 1_000_000);
  metrics.setGauge("data_adapter_journal_bytes", world.files?.log.bytes ?? 0);
}

/** On every series of this service. */
export function constantLabels({ service, instance, version }: ExchangeConfig) {
  return { service, instance: instance ?? service, version };
}

/** Stale as soon as one market is: its makers have withdrawn. */
function feedState({ participants, clock }: Core) {
  const markets = participants.states();
  const stale = markets.filter(({ feed }) => feed === "stale").map(({ symbol }) => symbol);
  if (stale.length > 0) {
    return { verdict: "degraded", state: "stale", details: { symbols: stale } } as const;
  }
  const oldest = Math.min(...markets.map(({ pricedAt = 0 }) => pricedAt));
  const ageMs = Math.floor((clock.now() - oldest) / 1_000);
  return { verdict: "up", state: "live", details: { ageMs } } as const;
}

/** A simulated downtime is one to whoever asks for readiness. */
function followDowntime(health: Health, chaos: Chaos): void {
  chaos.record.subscribe(() => {
    if (health.phase !== "serving" && health.phase !== "downtime") return;
    health.phase = chaos.downtime() === undefined ? "serving" : "downtime";
  });
}
