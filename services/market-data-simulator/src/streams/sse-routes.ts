import type { Timestamp } from "@tse/domain";
import {
  type Connections,
  type HttpHost,
  SseConnection,
  sseEvent,
  validationFailed,
} from "@tse/service-kit";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { subscriberLimit, symbolNotFound } from "../api/problems.ts";
import { pace, refusals, symbolList } from "../api/wire.ts";
import type { FanOut, Wanted } from "../fan-out/fan-out.ts";
import type { MarketTopics } from "../fan-out/market-topics.ts";
import { Subscriber } from "../fan-out/subscriber.ts";
import type { Feed } from "../feed/feed.ts";
import type { SymbolTerms } from "../feed/symbol-terms.ts";
import { currentPrice } from "../render/market.ts";
import { assetOf } from "./event-text.ts";
import { BytesOutlet } from "./outlets.ts";
import type { StreamBytes } from "./stream-bytes.ts";

export interface SseParts {
  readonly feed: Feed;
  readonly fanOut: FanOut;
  readonly topics: MarketTopics;
  readonly connections: Connections;
  readonly bytes: Pick<StreamBytes, "sse">;
  readonly now: () => Timestamp;
}

const query = z.strictObject({ symbols: symbolList.optional(), interval: pace.optional() });

const description = {
  tags: ["Streams"],
  summary: "Prices as server-sent events: first all, then each as it comes",
  response: {
    200: {
      description: "`prices`, then `price` events; `end` says why the service ends it.",
      content: { "text/event-stream": { schema: z.string() } },
    },
    ...refusals(404),
  },
};

/**
 * Prices for user interfaces. An event's id is its tick's time: an `EventSource` that reconnects gets every tick behind
 * it that is still held.
 */
export function sseRoutes(app: HttpHost, parts: SseParts): void {
  app.get(
    "/stream/prices",
    { exposeHeadRoute: false, schema: { ...description, querystring: query } },
    (request, reply) => {
      const { symbols: text, interval } = request.query;
      const symbols = namedSymbols(text, parts.feed);
      const wanted = symbols.flatMap(({ symbol }): Wanted[] => {
        const topic = parts.topics.find({ channel: "price", symbol });
        return topic === undefined
          ? []
          : [{ topic, interval, ...resumption(request, parts, symbol) }];
      });
      serve(reply, parts, symbols, wanted);
    },
  );
}

/** The symbols that a client names, or all of them. @throws Problem `symbol_not_found` */
export function namedSymbols(text: string | undefined, feed: Feed): readonly SymbolTerms[] {
  if (text === undefined) return feed.symbols;
  const named = text.split(",").map((each) => {
    const terms = feed.find(each.trim());
    if (terms === undefined) throw symbolNotFound("symbols");
    return terms;
  });
  return [...new Set(named)];
}

/** Takes the reply over and follows the prices until either side ends it. */
function serve(
  reply: FastifyReply,
  parts: SseParts,
  symbols: readonly SymbolTerms[],
  wanted: readonly Wanted[],
): void {
  const { fanOut, connections, bytes } = parts;
  reply.hijack();
  // The client may have left while its request waited for its turn.
  if (reply.raw.destroyed) return;
  let subscriber: ReturnType<FanOut["subscribe"]> | undefined;
  const isIn = () => (subscriber instanceof Subscriber ? subscriber : undefined);
  const connection: SseConnection = new SseConnection(reply.raw, {
    onSlow: () => {},
    onEnd: () => {
      const one = isIn();
      if (one !== undefined) fanOut.remove(one);
      connections.remove(connection);
    },
    onReady: () => {
      const one = isIn();
      if (one !== undefined) fanOut.resume(one);
    },
  });
  subscriber = fanOut.subscribe(new BytesOutlet("sse", connection, bytes.sse));
  const refusal = subscriber instanceof Subscriber ? fanOut.follow(subscriber, wanted) : subscriber;
  if (refusal !== undefined) {
    const { status, code } = subscriberLimit(refusal);
    const head = { "Content-Type": "application/problem+json" };
    const one = isIn();
    if (one !== undefined) fanOut.remove(one);
    reply.raw.writeHead(status, head).end(JSON.stringify({ status, code }));
    return;
  }
  reply.raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    "Content-Type": "text/event-stream",
    "X-Accel-Buffering": "no",
  });
  reply.raw.flushHeaders();
  connections.add(connection);
  connection.deliver(sseEvent("prices", JSON.stringify(allPrices(parts, symbols))), 0);
}

function allPrices({ feed, now }: SseParts, symbols: readonly SymbolTerms[]) {
  const entries = symbols.flatMap(({ symbol }) => {
    const price = currentPrice(feed, symbol, now());
    return price === undefined ? [] : [[assetOf(symbol), price] as const];
  });
  return Object.fromEntries(entries);
}

/** Where one symbol goes on for a client that reconnects. */
function resumption(request: FastifyRequest, { feed }: SseParts, symbol: string) {
  const header = request.headers["last-event-id"];
  // The first event has every symbol's newest tick: only later ones follow.
  if (header === undefined || header === "") return { resumeAfter: feed.sequence(symbol) };
  const time = /^\d{1,16}$/.test(String(header)) ? Number(header) : Number.NaN;
  if (!Number.isSafeInteger(time)) {
    const message = "must be the id of an event";
    throw validationFailed([{ field: "Last-Event-ID", rule: "id", message }]);
  }
  for (const tick of feed.log(symbol).newestFirst()) {
    if (tick.timestamp <= time) return { resumeAfter: tick.sequence };
  }
  return { resumeAfter: Math.max(0, feed.log(symbol).oldestSequence - 1) };
}
