import { duration } from "@tse/domain";
import {
  createHttpHost,
  type HttpHost,
  type Logger,
  type PrometheusMetrics,
  RateLimiter,
  realClock,
  serveMetrics,
} from "@tse/service-kit";
import { apiRoutes } from "./api/api-routes.ts";
import type { MarketDataConfig } from "./config.ts";
import type { Core } from "./core.ts";
import { type MarketDataHandlers, serveConnect } from "./grpc/grpc-host.ts";
import type { Observation } from "./observation.ts";
import { SocketServer } from "./streams/socket-server.ts";

export interface ProductionParts {
  readonly core: Core;
  readonly config: MarketDataConfig;
  readonly observation: Observation;
  readonly handlers: MarketDataHandlers;
  readonly metrics: PrometheusMetrics;
  readonly logger: Logger;
}

const REQUESTS_A_MINUTE = 6_000;
const MINUTE = duration(60_000_000);
const SOCKET_MESSAGES_A_SECOND = 500;
const SECOND = duration(1_000_000);

/** The listener that clients see. Not listening yet. */
export function createProduction(parts: ProductionParts): HttpHost {
  const { core, config, observation, metrics, logger } = parts;
  const limited = config.limits === "on";
  const host = createHttpHost({ logger, metrics, cors: { origins: ["*"] }, compress: true });
  const sockets = new SocketServer({
    ...core,
    logger,
    limiter: limited
      ? // Protects the process, which lives in real time, also while the world stands still.
        new RateLimiter(realClock(), { limit: SOCKET_MESSAGES_A_SECOND, window: SECOND })
      : undefined,
  });
  host.server.on("upgrade", sockets.upgrade);
  const routes = apiRoutes({
    ...core,
    health: observation.health,
    limiter: limited
      ? new RateLimiter(realClock(), { limit: REQUESTS_A_MINUTE, window: MINUTE })
      : undefined,
    version: config.version,
  });
  routes(host);
  serveConnect(host, config.service, parts.handlers);
  serveMetrics(host, metrics, observation.refresh);
  return host;
}
