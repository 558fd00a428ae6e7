import {
  clockRoutes,
  createHttpHost,
  formatTime,
  type HttpHost,
  logChanges,
  type PrometheusMetrics,
  type RootLogger,
  requireToken,
  serveMergedMetrics,
} from "@tse/service-kit";
import { checkRequests } from "@tse/service-kit/schema";
import { auditRoutes } from "./admin/audit-routes.ts";
import { chaosRoutes } from "./admin/chaos-routes.ts";
import { correlationRoutes } from "./admin/correlation-routes.ts";
import { datasetRoutes } from "./admin/dataset-routes.ts";
import { faultRoutes } from "./admin/fault-routes.ts";
import { priceAdminRoutes } from "./admin/price-routes.ts";
import { replayRoutes } from "./admin/replay-routes.ts";
import { scenarioRoutes } from "./admin/scenario-routes.ts";
import { sourceRoutes } from "./admin/source-routes.ts";
import { systemRoutes } from "./admin/system-routes.ts";
import { timelineRoutes } from "./admin/timeline-routes.ts";
import type { MarketStore } from "./archive/store.ts";
import type { Core } from "./core.ts";
import type { Observation } from "./observation.ts";
import { ScenarioGauges } from "./scenarios/scenario-gauges.ts";

export interface AdminListenerParts {
  readonly core: Core;
  readonly store: MarketStore;
  readonly observation: Observation;
  /** As the production listener shows them. */
  readonly metrics: PrometheusMetrics;
  /** Shown here only; its own requests are among them. */
  readonly hiddenMetrics: PrometheusMetrics;
  readonly logger: RootLogger;
  readonly token: string;
}

/** The operators' listener: nothing of it is on the production listener, and its token opens nothing there. */
export function createAdminListener(parts: AdminListenerParts): HttpHost {
  const { core, store, observation, metrics, hiddenMetrics, logger, token } = parts;
  const { clock, feed, driver, faults, audit } = core;
  const host = createHttpHost({
    logger,
    metrics: hiddenMetrics,
    problemTypeBase: "/admin/errors#",
  });
  host.addHook("onRequest", requireToken(token));
  host.register((scope: HttpHost, _options, done) => {
    checkRequests(scope);
    logChanges(scope);
    systemRoutes(scope, { core, store, health: observation.health, rootLogger: logger });
    clockRoutes(scope, {
      clock,
      async onChange({ mode, now, speed }, { id: correlationId }) {
        const details = { mode, now: formatTime(now), speed };
        const entity = { entityType: "clock", entityId: "world" };
        audit.record({
          action: "clock.changed",
          ...entity,
          details,
          actor: "admin",
          correlationId,
        });
      },
    });
    auditRoutes(scope, store);
    const { datasets } = core;
    const modes = { feed, driver, audit, datasets, repositories: store.adapter };
    const now = () => clock.now();
    const refreshHealth = () => observation.health.refresh("feed");
    priceAdminRoutes(scope, { ...modes, now, refreshHealth });
    replayRoutes(scope, modes);
    sourceRoutes(scope, { ...modes, faults, now });
    faultRoutes(scope, { feed, faults });
    const { scenarios, catalogue } = core;
    scenarioRoutes(scope, { feed, scenarios, catalogue });
    timelineRoutes(scope, { feed, repositories: store.adapter });
    datasetRoutes(scope, { feed, repositories: store.adapter });
    chaosRoutes(scope, { feed, faults, scenarios, catalogue });
    correlationRoutes(scope, core);
    const gauges = new ScenarioGauges(feed, hiddenMetrics);
    serveMergedMetrics(scope, [metrics, hiddenMetrics], () => {
      observation.refresh();
      gauges.refresh();
    });
    done();
  });
  return host;
}
