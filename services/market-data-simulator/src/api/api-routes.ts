import type { Clock } from "@tse/domain";
import {
  type Connections,
  documentation,
  type Health,
  type HttpHost,
  type RateLimiter,
  rateLimitHeaders,
  systemRoutes,
} from "@tse/service-kit";
import { checkRequests } from "@tse/service-kit/schema";
import type { FanOut } from "../fan-out/fan-out.ts";
import type { MarketTopics } from "../fan-out/market-topics.ts";
import type { Feed } from "../feed/feed.ts";
import type { History } from "../history/history.ts";
import { sseRoutes } from "../streams/sse-routes.ts";
import type { StreamBytes } from "../streams/stream-bytes.ts";
import type { Subscriptions } from "../streams/subscriptions.ts";
import { historyRoutes } from "./history-routes.ts";
import { marketRoutes } from "./market-routes.ts";
import { priceRoutes } from "./price-routes.ts";
import { ERRORS, rateLimited } from "./problems.ts";
import { subscriptionRoutes } from "./subscription-routes.ts";

export interface ApiDeps {
  readonly feed: Feed;
  readonly history: History;
  readonly fanOut: FanOut;
  readonly topics: MarketTopics;
  readonly connections: Connections;
  readonly subscriptions: Subscriptions;
  readonly bytes: Pick<StreamBytes, "sse">;
  readonly clock: Clock;
  readonly health: Pick<Health, "liveness" | "readiness">;
  /** Requests of each address; `undefined`: no limit. */
  readonly limiter: Pick<RateLimiter, "take"> | undefined;
  readonly version: string;
}

const DESCRIPTION = `Prices of a simulated world: one path of ticks for each symbol, whoever asks.

Two clients see the same price with the same \`sequence\`, over REST, WebSocket, server-sent events and
gRPC. Prices and volumes are decimal strings, times are RFC 3339 in UTC. No key is needed. Every answer
that isn't success is \`application/problem+json\` with a stable \`code\`.

A WebSocket at \`/api/v1/ws\` takes \`{"op":"subscribe","channels":[{"channel":"price","symbol":"BTC/USD"}]}\`;
channels are \`price\` (with \`interval\` and \`resumeAfter\`), \`candle\` (with \`interval\`), \`depth\` and
\`snapshot\`. An event's \`skipped\` counts the events of its channel that this client was not sent before it.`;

const TAGS = [
  { name: "System", description: "How the service is, and what its errors mean." },
  { name: "Prices", description: "What every symbol costs now." },
  { name: "History", description: "Ticks, candles, correlations." },
  { name: "Streams", description: "Subscriptions, WebSocket, server-sent events." },
  { name: "Market", description: "The same by asset, for user interfaces." },
];

/** The REST API below `/api/v1`, its description and the page to read it. */
export function apiRoutes(deps: ApiDeps): (app: HttpHost) => void {
  const { clock, health, version, connections } = deps;
  const now = () => clock.now();
  return (app) => {
    documentation(app, {
      title: "market-data-simulator",
      version,
      description: DESCRIPTION,
      tags: TAGS,
    });
    app.register(
      (scope: HttpHost, _options, done) => {
        checkRequests(scope);
        systemRoutes(scope, { clock, health, errors: ERRORS });
        scope.register((limited: HttpHost, _none, ready) => {
          limit(limited, deps.limiter);
          const parts = { ...deps, now, connections };
          priceRoutes(limited, parts);
          historyRoutes(limited, parts);
          subscriptionRoutes(limited, parts);
          marketRoutes(limited, parts);
          sseRoutes(limited, parts);
          ready();
        });
        done();
      },
      { prefix: "/api/v1" },
    );
  };
}

function limit(app: HttpHost, limiter: ApiDeps["limiter"]): void {
  if (limiter === undefined) return;
  app.addHook("onRequest", async (request, reply) => {
    const decision = limiter.take(request.ip);
    const headers = rateLimitHeaders(decision);
    if (!decision.allowed) throw rateLimited(headers);
    reply.headers(headers);
  });
}
