import { InvariantViolation } from "@tse/domain";
import {
  createHttpHost,
  type HttpHost,
  PrometheusMetrics,
  type RootLogger,
} from "@tse/service-kit";
import { auditVenue } from "@tse/simulation";
import { adminRoutes } from "./admin/admin-routes.ts";
import type { Archive } from "./archive/archive.ts";
import type { ExchangeConfig } from "./config.ts";
import type { Core } from "./core.ts";
import { constantLabels, type Observation } from "./observation.ts";
import type { Streams } from "./streams/streams.ts";

export interface AdminListenerParts {
  readonly core: Core;
  readonly config: ExchangeConfig;
  readonly observation: Observation;
  readonly streams: Streams;
  readonly archive: Archive;
  readonly logger: RootLogger;
  readonly token: string;
  /** Told when the venue breaks a rule of its own: stop the process. */
  readonly onFatal: (error: unknown) => void;
}

/** The operators' listener. Not listening yet. */
export function createAdminListener(parts: AdminListenerParts): HttpHost {
  const { core, config, observation, streams, archive, logger, token, onFatal } = parts;
  const { health, metrics, refresh: refreshMetrics } = observation;
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
    archive,
    streams,
    health,
    metrics,
    hiddenMetrics,
    refreshMetrics,
    rootLogger: logger,
    participants: () => core.participants.states(),
    audit: () => auditVenue(core.venue),
    onViolation({ violations, sequence, lastCommand }) {
      logger.error("invariant violated", { sequence, last_command: lastCommand, violations });
      const rules = violations.map(({ invariant }) => invariant).join(", ");
      onFatal(new InvariantViolation(`the venue broke ${rules} at ${sequence}`));
    },
    stateHash: () => core.venue.stateHash(),
  });
  routes(host);
  return host;
}
