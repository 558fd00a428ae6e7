import type { Connections } from "@tse/service-kit";
import { type HttpHost, SseConnection, validationFailed } from "@tse/service-kit";
import { count, id, vocabulary } from "@tse/service-kit/schema";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Exchange } from "../exchange.ts";
import { accountOf } from "../gateways/native/access.ts";
import { rejected } from "../gateways/native/problems.ts";
import { symbolPath } from "../gateways/native/wire/markets.ts";
import { refusals } from "../gateways/native/wire/problem.ts";
import { symbol } from "../gateways/native/wire/scalars.ts";
import type { KeyRing } from "../keys.ts";
import { findInstrument } from "../symbols.ts";
import type { StreamHub, StreamName } from "./hub.ts";

export interface SseParts {
  readonly exchange: Pick<Exchange, "venue">;
  readonly hub: Pick<StreamHub, "follow">;
  readonly connections: Connections;
  readonly keys: Pick<KeyRing, "principal">;
  readonly onSlow: () => void;
}

interface Request {
  readonly name: StreamName;
  readonly depth?: number | undefined;
  readonly resumeAfter?: string | undefined;
}

const tags = ["Streams"];

/** Checked together with the header that goes before it. */
const resumeAfter = z
  .string()
  .register(vocabulary, {
    description: "Sequence of the last event that the client saw; `Last-Event-ID` goes before it.",
    pattern: "^[0-9]{1,16}$",
    examples: ["17"],
  })
  .optional();

const accountQuery = z.strictObject({
  accountId: id("The key's own account when absent.").optional(),
  resumeAfter,
});
const tradeQuery = z.strictObject({ symbol: symbol.optional(), resumeAfter });
const bookQuery = z.strictObject({
  depth: count("Price levels of a side in the snapshot.", 1, 1000, 1000),
  resumeAfter,
});

const described = (summary: string) => ({
  tags,
  summary,
  response: {
    200: {
      description: "Events until either side ends it; `end` says why the service did.",
      content: { "text/event-stream": { schema: z.string() } },
    },
    ...refusals(401, 403, 404),
  },
});

/** Streams as server-sent events. Each has a client's `Last-Event-ID`, or `resumeAfter`, to go on from. */
export function sseRoutes(app: HttpHost, parts: SseParts): void {
  for (const channel of ["orders", "balances"] as const) {
    app.get(
      `/stream/${channel}`,
      {
        config: { scope: "read" },
        exposeHeadRoute: false,
        schema: { ...described(`Changes of an account's ${channel}`), querystring: accountQuery },
      },
      (request, reply) => {
        const { accountId, resumeAfter } = request.query;
        const { number } = accountOf(request, accountId, parts.exchange.venue);
        serve(request, reply, { name: { channel, account: number }, resumeAfter }, parts);
      },
    );
  }
  app.get(
    "/stream/trades",
    {
      exposeHeadRoute: false,
      schema: {
        ...described("Public trades, of one instrument or of all"),
        querystring: tradeQuery,
      },
    },
    (request, reply) => {
      const { symbol, resumeAfter } = request.query;
      const instrument = symbol === undefined ? undefined : instrumentOf(symbol, parts);
      serve(request, reply, { name: { channel: "trades", instrument }, resumeAfter }, parts);
    },
  );
  app.get(
    "/stream/orderbook/:symbol",
    {
      exposeHeadRoute: false,
      schema: {
        ...described("An order book: a snapshot, then its changes"),
        params: symbolPath,
        querystring: bookQuery,
      },
    },
    (request, reply) => {
      const { depth, resumeAfter } = request.query;
      const instrument = instrumentOf(request.params.symbol, parts);
      serve(
        request,
        reply,
        { name: { channel: "orderbook", instrument }, depth, resumeAfter },
        parts,
      );
    },
  );
}

/** Takes the reply over and follows the stream until either side ends it. */
function serve(
  request: FastifyRequest,
  reply: FastifyReply,
  asked: Request,
  parts: SseParts,
): void {
  const resumeAfter = resumePoint(request, asked.resumeAfter);
  const { keyId } = request.principal ?? {};
  const isAllowed =
    keyId === undefined ? undefined : () => parts.keys.principal(keyId, request.ip) !== undefined;

  reply.hijack();
  // The client may have left while its request waited for its turn.
  if (reply.raw.destroyed) return;
  reply.raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    "Content-Type": "text/event-stream",
    "X-Accel-Buffering": "no",
  });
  reply.raw.flushHeaders();

  const connection = new SseConnection(reply.raw, {
    isAllowed,
    onSlow: parts.onSlow,
    onEnd: () => {
      subscription.close();
      parts.connections.remove(connection);
    },
  });
  parts.connections.add(connection);
  const { depth } = asked;
  const subscription = parts.hub.follow(asked.name, connection, { resumeAfter, depth });
  subscription.started.catch(() => connection.end("shutting_down"));
}

/** What an `EventSource` sends when it reconnects goes before what its address says. */
function resumePoint(request: FastifyRequest, fromQuery: string | undefined): number | undefined {
  const header = request.headers["last-event-id"];
  const text = header === undefined || header === "" ? fromQuery : String(header);
  if (text === undefined) return undefined;
  const sequence = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(sequence)) return sequence;
  throw validationFailed([
    {
      field: header === undefined ? "resumeAfter" : "Last-Event-ID",
      rule: "sequence",
      message: "must be the sequence of an event",
    },
  ]);
}

function instrumentOf(symbol: string, { exchange }: SseParts) {
  const instrument = findInstrument(exchange.venue, symbol);
  if (instrument === undefined) throw rejected({ code: "symbol_not_found", field: "symbol" });
  return instrument.id;
}
