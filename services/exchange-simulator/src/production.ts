import { duration } from "@tse/domain";
import {
  createHttpHost,
  type HttpHost,
  type Logger,
  RateLimiter,
  serveMetrics,
} from "@tse/service-kit";
import { refuseDuringDowntime } from "./chaos/maintenance.ts";
import { type ExchangeConfig, isLoopback } from "./config.ts";
import type { Core } from "./core.ts";
import { errorRenderers } from "./gateways/binance/error-renderer.ts";
import { DEFAULT_LIMITS } from "./gateways/binance/limits.ts";
import { binanceRoutes } from "./gateways/binance/routes.ts";
import { nativeRoutes } from "./gateways/native/native-routes.ts";
import type { Observation } from "./observation.ts";
import { Streams } from "./streams/streams.ts";

export interface ProductionParts {
  readonly core: Core;
  readonly config: ExchangeConfig;
  readonly observation: Observation;
  readonly logger: Logger;
}

/** The listener that clients see, and the streams that it opens. */
export interface Production {
  readonly host: HttpHost;
  readonly streams: Streams;
}

const REQUESTS_A_MINUTE = 6_000;
const MINUTE = duration(60_000_000);
const SOCKET_MESSAGES_A_SECOND = 500;

/** Every protocol of the exchange on one listener. Not listening yet. */
export function createProduction(parts: ProductionParts): Production {
  const { core, config, logger } = parts;
  const { health, metrics, refresh } = parts.observation;
  const limited = config.limits === "on";
  const host = createHttpHost({ logger, metrics, errorRenderers });
  host.addHook("onRequest", refuseDuringDowntime(core.chaos));

  const streams = new Streams({
    ...core,
    faults: core.chaos,
    metrics,
    logger,
    flushMs: config.streamFlushMs,
    messagesPerSecond: limited ? SOCKET_MESSAGES_A_SECOND : undefined,
  });
  core.exchange.subscribe(streams.record);
  host.server.on("upgrade", streams.upgrade);

  const native = nativeRoutes({
    ...core,
    health,
    openSignup: config.openSignup ?? isLoopback(config.host),
    limiter: limited
      ? new RateLimiter(core.clock, { limit: REQUESTS_A_MINUTE, window: MINUTE })
      : undefined,
    version: config.version,
    more: [(app) => streams.routes(app)],
  });
  native(host);
  const binance = binanceRoutes({
    ...core,
    limits: limited ? DEFAULT_LIMITS : undefined,
    ordersPerSecond: config.orderRateLimit,
  });
  binance(host);
  serveMetrics(host, metrics, refresh);
  return { host, streams };
}
