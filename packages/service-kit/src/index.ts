export { type ClockRoutesParts, clockRoutes } from "./admin/clock-routes.ts";
export { logChanges } from "./admin/log-changes.ts";
export { requireToken } from "./admin/require-token.ts";
export {
  type ClockChange,
  type ClockOptions,
  type ClockRefusal,
  type ClockState,
  ControllableClock,
  realClock,
  SPEED_MAX,
  SPEED_MIN,
} from "./clock/controllable-clock.ts";
export { formatTime, parseTime } from "./clock/system-time.ts";
export { ADAPTER_SETTINGS } from "./config/adapter-settings.ts";
export {
  boolean,
  decimal,
  durationText,
  integer,
  list,
  oneOf,
  type Parser,
  type Peer,
  parseDuration,
  peer,
  text,
} from "./config/parsers.ts";
export { processSources } from "./config/process-sources.ts";
export {
  type Config,
  type ConfigSources,
  defaultText,
  describeSettings,
  helpText,
  InvalidConfiguration,
  readConfig,
  type Setting,
  setting,
} from "./config/read-config.ts";
export { adminPortOf, type ServiceNames, serviceSettings } from "./config/service-settings.ts";
export { type ConnectOptions, connectService } from "./connect/connect-service.ts";
export type { GrpcFigures } from "./grpc/call-figures.ts";
export type { CanonicalStatus } from "./grpc/canonical-status.ts";
export { GrpcCallFailed } from "./grpc/grpc-call-failed.ts";
export {
  type GrpcCallOptions,
  GrpcChannel,
  type GrpcChannelOptions,
  type GrpcClient,
} from "./grpc/grpc-channel.ts";
export { GrpcHost, type GrpcHostOptions, type GrpcListener } from "./grpc/grpc-host.ts";
export {
  type CallContext,
  type Reply,
  type ServiceHandlers,
  type StreamHandler,
  streaming,
  type TypedService,
  type UnaryHandler,
} from "./grpc/handlers.ts";
export { type Outlet, pump } from "./grpc/outlet.ts";
export {
  type Check,
  type CheckResult,
  Health,
  type HealthOptions,
  type Liveness,
  type Phase,
  type Readiness,
  type ReadinessListener,
  type Verdict,
} from "./health/health.ts";
export type { CorsOptions } from "./http/cors.ts";
export { type DocumentationOptions, documentation } from "./http/documentation.ts";
export { validationFailed } from "./http/framework-problems.ts";
export { createHttpHost, type HttpHost, type HttpHostOptions } from "./http/host.ts";
export {
  closeHost,
  type Listener,
  type ListenOptions,
  listen,
  PortUnavailable,
} from "./http/listen.ts";
export { serveMergedMetrics, serveMetrics } from "./http/metrics-route.ts";
export { type PlatformParts, platformRoutes } from "./http/platform-routes.ts";
export {
  type ErrorRenderer,
  type FieldError,
  Problem,
  type ProblemContext,
  type ProblemOptions,
  pathOf,
  type RenderedProblem,
  renderProblem,
} from "./http/problem.ts";
export { type ErrorEntry, type SystemRoutesParts, systemRoutes } from "./http/system-routes.ts";
export { Lifecycle, type LifecycleOptions, type Step } from "./lifecycle/lifecycle.ts";
export { type SignalOptions, type SignalSource, stopOnSignals } from "./lifecycle/signals.ts";
export { giveUp, type StartFailure, startFailure } from "./lifecycle/start-failure.ts";
export {
  createLogger,
  LOG_LEVELS,
  type LogFields,
  type Logger,
  type LogLevel,
  type LogOptions,
  type RootLogger,
  silentLogger,
} from "./log/logger.ts";
export type { Labels, MetricsHandler, MetricsPort } from "./metrics/metrics-port.ts";
export {
  DURATION_BUCKETS,
  LATENCY_BUCKETS,
  type MetricsOptions,
  PrometheusMetrics,
} from "./metrics/prometheus-metrics.ts";
export {
  type RateDecision,
  type RateLimit,
  RateLimiter,
  rateLimitHeaders,
} from "./rate/rate-limiter.ts";
export { Recent } from "./recent.ts";
export { keepSecret, readSecret } from "./secrets/kept-secret.ts";
export { type Connection, Connections, ENDINGS, type Ending } from "./streams/connections.ts";
export { deflatedTextFrame, sseComment, sseEvent, textFrame } from "./streams/frames.ts";
export { addressOf, handshakeCorrelationId, refuseHandshake } from "./streams/handshake.ts";
export { SocketConnection, type SocketHandlers } from "./streams/socket-connection.ts";
export { SseConnection, type SseOptions } from "./streams/sse-connection.ts";
