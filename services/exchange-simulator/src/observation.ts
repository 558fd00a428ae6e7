import { Health, LATENCY_BUCKETS, type Logger, PrometheusMetrics } from "@tse/service-kit";
import type { Chaos } from "./chaos/chaos.ts";
import type { ExchangeConfig } from "./config.ts";
import type { Core } from "./core.ts";

/** What tells others how the service is. */
export interface Observation {
  readonly health: Health;
  readonly metrics: PrometheusMetrics;
}

export function createObservation(config: ExchangeConfig, core: Core, logger: Logger): Observation {
  const { service, version, environment } = config;
  const instance = config.instance ?? service;
  const metrics = new PrometheusMetrics({
    constantLabels: constantLabels(config),
    buckets: { exchange_order_latency_seconds: LATENCY_BUCKETS },
    help: {
      exchange_stream_subscribers: "Subscriptions to streams that are open now, by channel.",
      exchange_stream_slow_consumers_total:
        "Stream connections closed because their client read too slowly, by transport.",
    },
  });
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

  health.register("journal", () => ({ verdict: "up", state: "memory" }), { critical: true });
  health.register("marketDataFeed", () => feedState(core), { critical: false });
  followDowntime(health, core.chaos);
  return { health, metrics };
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
