import {
  createHttpHost,
  type HttpHost,
  PrometheusMetrics,
  type RootLogger,
} from "@tse/service-kit";
import { auditVenue } from "@tse/simulation";
import { adminRoutes } from "./admin/admin-routes.ts";
import type { ExchangeConfig } from "./config.ts";
import type { Core } from "./core.ts";
import { constantLabels, type Observation } from "./observation.ts";
import type { Streams } from "./streams/streams.ts";

export interface AdminListenerParts {
  readonly core: Core;
  readonly config: ExchangeConfig;
  readonly observation: Observation;
  readonly streams: Streams;
  readonly logger: RootLogger;
  readonly token: string;
}

/** The operators' listener. Not listening yet. */
export function createAdminListener(parts: AdminListenerParts): HttpHost {
  const { core, config, observation, streams, logger, token } = parts;
  const { health, metrics } = observation;
  // Its own requests are hidden, too: their routes would tell clients what is being done to them.
  const hiddenMetrics = new PrometheusMetrics({
    constantLabels: constantLabels(config),
    runtime: false,
  });
  const host = createHttpHost({
    logger,
    metrics: hiddenMetrics,
    problemTypeBase: "/admin/errors#",
  });
  const routes = adminRoutes({
    ...core,
    token,
    streams,
    health,
    metrics,
    hiddenMetrics,
    rootLogger: logger,
    participants: () => core.participants.states(),
    audit: () => auditVenue(core.venue),
    stateHash: () => core.venue.stateHash(),
  });
  routes(host);
  return host;
}
