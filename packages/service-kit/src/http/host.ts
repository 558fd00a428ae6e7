import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { InvariantViolation } from "@tse/domain";
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
  type RawServerDefault,
} from "fastify";
import {
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from "fastify-type-provider-zod";
import { logFailure } from "../log/log-failure.ts";
import type { Logger } from "../log/logger.ts";
import type { MetricsPort } from "../metrics/metrics-port.ts";
import { answerClientError } from "./client-error.ts";
import { compressReplies } from "./compression.ts";
import { correlationFields, correlationIdOf, traceOf } from "./correlation.ts";
import { allowOrigin, type CorsOptions } from "./cors.ts";
import { frameworkLogger } from "./framework-logger.ts";
import { methodNotAllowed, notFound, shuttingDown, toProblem } from "./framework-problems.ts";
import { type ErrorRenderer, type Problem, ProblemRenderers, pathOf } from "./problem.ts";
import { readBodies } from "./request-bodies.ts";
import { recordRequest } from "./request-metrics.ts";
import { RouteTable } from "./route-table.ts";

/** A Fastify instance whose route schemas are zod's. */
export type HttpHost = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export interface HttpHostOptions {
  readonly logger: Logger;
  readonly metrics: MetricsPort;
  /** Off when absent. */
  readonly cors?: CorsOptions;
  readonly errorRenderers?: readonly ErrorRenderer[];
  /** Start of every problem's `type`; the code follows. */
  readonly problemTypeBase?: string;
  /** Whether longer replies are compressed for clients who ask for it; false when absent. */
  readonly compress?: boolean;
  /** 1 MiB by default. */
  readonly bodyLimitBytes?: number;
  /** For the head of a request to arrive; 10 s by default. */
  readonly headersTimeoutMs?: number;
  /** For all of a request to arrive; 30 s by default. */
  readonly requestTimeoutMs?: number;
  /** Told of a bug after its request was answered 500. By default it goes on as an uncaught error. */
  readonly onBug?: (bug: InvariantViolation) => void;
}

declare module "fastify" {
  interface FastifyRequest {
    /** Writes lines with this request's correlation id, which is `request.id`, and its trace. */
    readonly logger: Logger;
  }
  interface FastifyInstance {
    /** Open connections, also those that became WebSockets. */
    readonly connections: ReadonlySet<Socket>;
  }
}

const SLOW_MS = 100;

/** Fit for an API: nothing is cached, guessed, framed or run. A route that serves pages sets its own. */
const SECURITY_HEADERS = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

/**
 * An HTTP server that does for every route what a route shouldn't have to: measures, correlates, reads
 * bodies, and answers what isn't success as problem+json, without ever showing a stack. Not listening yet.
 */
export function createHttpHost(options: HttpHostOptions): HttpHost {
  const { logger, metrics, problemTypeBase = "/api/v1/errors#" } = options;
  const renderers = new ProblemRenderers(options.errorRenderers ?? [], problemTypeBase);
  const onBug = options.onBug ?? throwUncaught;
  const answer = (request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply => {
    const problem = toProblem(error);
    if (problem.cause instanceof InvariantViolation) onBug(problem.cause);
    return sendProblem({ request, reply, problem, renderers, logger });
  };

  const app: HttpHost = fastify({
    loggerInstance: frameworkLogger(() => logger),
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: "correlation_id",
    }),
    genReqId: correlationIdOf,
    childLoggerFactory: (parent, bindings, options, request) =>
      parent.child({ ...correlationFields("", request), ...bindings }, options),
    bodyLimit: options.bodyLimitBytes ?? 1_048_576,
    requestTimeout: options.requestTimeoutMs ?? 30_000,
    return503OnClosing: false,
    http: {
      headersTimeout: options.headersTimeoutMs ?? 10_000,
      connectionsCheckingInterval: 1_000,
      // Another offer may be ignored (RFC 9110, 7.8): the request is answered as it is.
      shouldUpgradeCallback: ({ headers }) =>
        headers.upgrade?.toLowerCase() === "websocket" && app.server.listenerCount("upgrade") > 0,
    },
    frameworkErrors(error, request, reply) {
      reply.headers(headersFor(request));
      answer(request, reply, error);
      recordRequest(metrics, {
        method: request.method,
        route: undefined,
        status: reply.statusCode,
        seconds: reply.elapsedTime / 1000,
      });
    },
    clientErrorHandler(error, socket) {
      const status = answerClientError(error, socket, problemTypeBase);
      if (status === undefined) return;
      recordRequest(metrics, { method: "unknown", route: undefined, status, seconds: 0 });
    },
  }).withTypeProvider<ZodTypeProvider>();

  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => answer(request, reply, error));
  app.decorateRequest("logger", {
    getter(this: FastifyRequest) {
      return logger.child(correlationFields(this.id, this.raw));
    },
  });
  readBodies(app as unknown as FastifyInstance);
  admitRequests(app, options);
  measureRequests(app, options);
  if (options.compress === true) compressReplies(app as unknown as FastifyInstance);
  return app;
}

/** On every answer. */
function headersFor(request: FastifyRequest): Readonly<Record<string, string>> {
  const traceparent = String(traceOf(request.raw));
  return { ...SECURITY_HEADERS, "X-Correlation-Id": request.id, traceparent };
}

/** A bug isn't over when its request was answered: whoever watches the process decides. */
export function throwUncaught(bug: InvariantViolation): void {
  setImmediate(() => {
    throw bug;
  });
}

/** Decides before the body is read: what doesn't fit a route goes no further. */
function admitRequests(app: HttpHost, { cors }: HttpHostOptions): void {
  const routes = new RouteTable();
  app.decorate("connections", trackConnections(app));
  let closing = false;

  app.addHook("onRoute", ({ url, method }) => routes.add(url, method));
  app.addHook("preClose", async () => {
    closing = true;
    // Node counts a connection that never sent a byte as busy; browsers keep such ones in reserve.
    for (const socket of app.connections) if (socket.bytesRead === 0) socket.destroy();
  });
  app.addHook("onRequest", (request, reply, done) => {
    reply.headers(headersFor(request));
    if (closing) return done(shuttingDown());
    if (cors !== undefined && allowOrigin(cors, request, reply)) return;
    done(request.is404 ? unrouted(routes, request.url) : undefined);
  });
  app.setNotFoundHandler((request) => {
    throw unrouted(routes, request.url);
  });
  app.addHook("onResponse", (_request, _reply, done) => {
    // A connection that was busy when closing began is idle only now.
    if (closing) setImmediate(() => app.server.closeIdleConnections());
    done();
  });
}

function trackConnections(app: HttpHost): ReadonlySet<Socket> {
  const connections = new Set<Socket>();
  app.server.on("connection", (socket: Socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
  return connections;
}

function unrouted(routes: RouteTable, url: string): Problem {
  const methods = routes.methodsOf(pathOf(url));
  return methods.length === 0 ? notFound() : methodNotAllowed(methods);
}

function measureRequests(app: HttpHost, { metrics }: HttpHostOptions): void {
  app.addHook("onResponse", (request, reply, done) => {
    const { url: route } = request.routeOptions;
    const { method } = request;
    const status = reply.statusCode;
    recordRequest(metrics, { method, route, status, seconds: reply.elapsedTime / 1000 });
    if (reply.elapsedTime > SLOW_MS) {
      const ms = Math.round(reply.elapsedTime);
      request.logger.info("slow request", { method, route, status, ms });
    }
    done();
  });
}

interface Answer {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly problem: Problem;
  readonly renderers: ProblemRenderers;
  readonly logger: Logger;
}

function sendProblem({ request, reply, problem, renderers, logger }: Answer): FastifyReply {
  const context = {
    method: request.method,
    path: pathOf(request.url),
    correlationId: request.id,
  };
  if (problem.status >= 500 && problem.cause !== undefined) {
    const fields = { method: request.method, route: request.routeOptions.url };
    const related = logger.child(correlationFields(request.id, request.raw));
    logFailure(related, "request failed", fields, problem);
  }
  const { status, contentType, body } = renderers.render(problem, context);
  // Text has no schema to be serialized by: what is sent is exactly what was rendered.
  return reply
    .code(status)
    .headers(problem.headers)
    .header("Content-Type", contentType)
    .serializer((payload: unknown) => payload as string)
    .send(body);
}
