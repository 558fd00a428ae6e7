import { createHttpHost, type HttpHost, type Logger } from "@tse/service-kit";
import type { ExchangeConfig } from "./config.ts";
import type { Core } from "./core.ts";
import { serveMetrics } from "./metrics-route.ts";
import type { Observation } from "./observation.ts";

export interface AdminListenerParts {
  readonly core: Core;
  readonly config: ExchangeConfig;
  readonly observation: Observation;
  readonly logger: Logger;
  readonly token: string;
}

/** The operators' listener. Not listening yet. */
export function createAdminListener({ observation, logger }: AdminListenerParts): HttpHost {
  const { metrics } = observation;
  const host = createHttpHost({ logger, metrics });
  serveMetrics(host, metrics);
  return host;
}
