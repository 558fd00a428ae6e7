import {
  type FieldError,
  type Health,
  type HttpHost,
  type RateLimiter,
  systemRoutes,
  validationFailed,
} from "@tse/service-kit";
import { checkRequests } from "@tse/service-kit/schema";
import type { FastifyRequest } from "fastify";
import type { OrderEntry } from "../../entry.ts";
import type { Exchange } from "../../exchange.ts";
import type { IdempotentReplies } from "../../idempotency/idempotent-replies.ts";
import { IdempotentRequests } from "../../idempotency/idempotent-requests.ts";
import type { KeyRing } from "../../keys.ts";
import type { Records } from "../../records/records.ts";
import { unavailable } from "../../unavailable.ts";
import type { FeedStates } from "../../views/feed-states.ts";
import type { OrderHistory } from "../../views/orders.ts";
import type { Tape } from "../../views/tape.ts";
import { accessHook, scopeHook } from "./access.ts";
import { describeNative } from "./describe-native.ts";
import { PostAnswers } from "./post-answers.ts";
import { errorCatalogue } from "./problems.ts";
import { accountRoutes } from "./routes/account-routes.ts";
import { fundsRoutes } from "./routes/funds-routes.ts";
import { keyRoutes } from "./routes/key-routes.ts";
import { marketRoutes } from "./routes/market-routes.ts";
import { orderRoutes } from "./routes/order-routes.ts";
import { tradeRoutes } from "./routes/trade-routes.ts";
import { IDEMPOTENCY_KEY, idempotentHeaders } from "./wire/idempotency.ts";

export interface NativeDeps {
  readonly exchange: Exchange;
  readonly entry: Pick<OrderEntry, "submit">;
  readonly keys: KeyRing;
  readonly orders: OrderHistory;
  readonly feeds: FeedStates;
  /** What was, of any age. */
  readonly records: Records;
  readonly replies: IdempotentReplies;
  readonly tape: Tape;
  readonly health: Pick<Health, "liveness" | "readiness">;
  /** Whether anybody may open an account of their own. */
  readonly openSignup: boolean;
  /** Requests of each key, or address without a key; `undefined`: no limit. */
  readonly limiter: Pick<RateLimiter, "take"> | undefined;
  readonly version: string;
  /** More routes of this protocol, below `/api/v1` and behind the same access rules. */
  readonly more?: readonly ((app: HttpHost) => void)[];
}

/**
 * The native REST API below `/api/v1`, its description and the page to read it. A handler parses,
 * asks, renders; it decides nothing.
 *
 * Order of checks: a given key is right, its rate, the body's syntax, the request's shape, the key's
 * scope, then what the request names, then the venue's own checks.
 */
export function nativeRoutes(deps: NativeDeps): (app: HttpHost) => void {
  return (app) => {
    describeNative(app, deps);
    app.register(
      (scope: HttpHost, _options, done) => {
        speakNative(scope);
        systemRoutes(scope, {
          clock: deps.exchange.clock,
          health: deps.health,
          errors: errorCatalogue(),
        });
        scope.register((limited: HttpHost, _none, ready) => {
          tradingRoutes(limited, deps);
          ready();
        });
        done();
      },
      { prefix: "/api/v1" },
    );
  };
}

/** The routes that count against a rate limit and may need a key. */
function tradingRoutes(app: HttpHost, given: NativeDeps): void {
  const { exchange, replies, orders, feeds, keys } = given;
  const requests = new IdempotentRequests({ replies, clock: exchange.clock });
  const views = { venue: exchange.venue, orders, feeds };
  const deps = { ...given, answers: new PostAnswers({ requests, replies, views, keys }) };
  app.addHook("onRequest", accessHook(deps));
  app.addHook("preHandler", scopeHook);
  marketRoutes(app, deps);
  accountRoutes(app, deps);
  keyRoutes(app, deps);
  fundsRoutes(app, deps);
  orderRoutes(app, deps);
  tradeRoutes(app, deps);
  for (const routes of deps.more ?? []) routes(app);
}

declare module "fastify" {
  interface FastifyContextConfig {
    /**
     * What the route makes of an `Idempotency-Key`: its answer is kept, or it needs none, because it changes
     * nothing. A route without it refuses the header.
     */
    readonly idempotencyKey?: "kept" | "needless";
  }
}

/** What all routes of this protocol share: how requests are checked, and how failures are told. */
export function speakNative(app: HttpHost): void {
  app.decorateRequest("principal", undefined);
  checkRequests(app);
  app.addHook("onRoute", (route) => {
    if (route.config?.idempotencyKey === undefined) return;
    route.schema = { headers: idempotentHeaders, ...route.schema };
  });
  app.addHook("onRequest", async (request) => refuseIdempotencyKey(request));
  app.setErrorHandler((error) => {
    throw unavailable(error) ?? error;
  });
}

/** Who sends it counts on a promise: where it isn't made, that is said. */
function refuseIdempotencyKey({ headers, routeOptions }: FastifyRequest): void {
  if (headers[IDEMPOTENCY_KEY] === undefined) return;
  if (routeOptions.config.idempotencyKey !== undefined) return;
  const error: FieldError = {
    field: IDEMPOTENCY_KEY,
    rule: "unsupported",
    message: "is not supported here; the POST routes of the production API take it",
  };
  throw validationFailed([error]);
}
