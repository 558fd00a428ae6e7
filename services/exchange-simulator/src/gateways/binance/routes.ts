import type { HttpHost } from "@tse/service-kit";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { OrderEntry } from "../../entry.ts";
import type { Exchange } from "../../exchange.ts";
import type { KeyRing } from "../../keys.ts";
import type { Records } from "../../records/records.ts";
import { unavailable } from "../../unavailable.ts";
import type { OrderHistory } from "../../views/orders.ts";
import type { Tape } from "../../views/tape.ts";
import { accountHandlers } from "./account-handlers.ts";
import { Authentication, namedKey } from "./authentication.ts";
import { besideHandlers } from "./beside-handlers.ts";
import { type Endpoint, SIGNED, type SignedValues } from "./endpoint.ts";
import { ENDPOINTS, type EndpointName } from "./endpoints.ts";
import { FAILURES, Refused } from "./failures.ts";
import { generalHandlers } from "./general-handlers.ts";
import type { Call, Caller, Handlers } from "./handler.ts";
import { type BinanceLimits, Limits } from "./limits.ts";
import { marketHandlers } from "./market-handlers.ts";
import { readParameters, type Sent, sentParameters } from "./parameters.ts";
import { tradingHandlers } from "./trading-handlers.ts";

export interface BinanceDeps {
  readonly exchange: Exchange;
  readonly entry: Pick<OrderEntry, "submit">;
  readonly keys: KeyRing;
  readonly orders: OrderHistory;
  /** Of any age. */
  readonly records: Pick<Records, "orders" | "tape">;
  readonly tape: Tape;
  /** `undefined`: none. */
  readonly limits: BinanceLimits | undefined;
  /** New orders that the venue itself takes of an account a second, in the long run. */
  readonly ordersPerSecond: number;
}

type Handler = (call: Call<Endpoint>) => unknown;

/**
 * The Binance dialect, on a listener that may serve other protocols beside it. Its errors need
 * `errorRenderers` in the host's options.
 */
export function binanceRoutes(deps: BinanceDeps): (app: HttpHost) => void {
  const limits = new Limits(deps.exchange.clock, deps.limits);
  const gate = { limits, authentication: new Authentication(deps.keys, deps.exchange.clock) };
  const handlers: Handlers<EndpointName> = {
    ...generalHandlers(deps.exchange, limits),
    ...marketHandlers(deps),
    ...tradingHandlers({ ...deps, limits }),
    ...accountHandlers(deps),
    ...besideHandlers(deps.exchange),
  };
  countMakers(deps, limits);
  return (app) => {
    for (const name of Object.keys(ENDPOINTS) as EndpointName[]) {
      const { method, path } = ENDPOINTS[name];
      const answer = answering(ENDPOINTS[name], handlers[name] as Handler, gate);
      app.route({ method, url: path, handler: answer });
    }
  };
}

/** A resting order's first fill lowers its account's count of unfilled orders. */
function countMakers({ exchange, orders }: BinanceDeps, limits: Limits): void {
  exchange.subscribe(({ events }) => {
    for (const event of events) {
      if (event.kind !== "trade") continue;
      const fills = orders.order(event.makerOrder)?.fills ?? [];
      if (fills[0]?.tradeSeq === event.tradeSeq) limits.countMaker(event.makerAccount);
    }
  });
}

interface Gate {
  readonly limits: Limits;
  readonly authentication: Authentication;
}

type Answer = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/** What every request goes through: its weight, its parameters, its sender, its handler. */
function answering(endpoint: Endpoint, handler: Handler, gate: Gate): Answer {
  const { limits } = gate;
  return async (request, reply) => {
    const address = request.ip;
    reply.headers(limits.weightHeaders(address));
    const received = receivedFrom(request);
    const weight = weightOf(endpoint, received.sent);
    limits.takeWeight(address, weight);
    reply.headers(limits.weightHeaders(address));

    const call = admitted(endpoint, gate, request, received);
    const headers = (more: Readonly<Record<string, string>>): void => void reply.headers(more);
    const body = await handled(handler, { ...call, headers });
    if (endpoint.freeOnSuccess === true) {
      limits.returnWeight(address, weight);
      reply.headers(limits.weightHeaders(address));
    }
    return body;
  };
}

/** An exchange that can't work now is nothing that the client did. */
async function handled(handler: Handler, call: Call<Endpoint>): Promise<unknown> {
  try {
    return await handler(call);
  } catch (error) {
    if (unavailable(error) === undefined) throw error;
    throw new Refused(FAILURES.disconnected, { cause: error });
  }
}

interface Received {
  readonly query: string;
  readonly body: string;
  readonly sent: Sent;
}

const FORM = /^application\/x-www-form-urlencoded\b/i;

function receivedFrom(request: FastifyRequest): Received {
  const { url, headers, rawBody } = request;
  const query = url.includes("?") ? url.slice(url.indexOf("?") + 1) : "";
  const form = FORM.test(headers["content-type"] ?? "") ? rawBody : "";
  return { query, body: rawBody, sent: sentParameters(query, form) };
}

function weightOf({ weight }: Endpoint, sent: Sent): number {
  return typeof weight === "number" ? weight : weight(sent);
}

/** Reads the parameters and tells who calls. */
function admitted(
  { parameters, security }: Endpoint,
  { authentication }: Gate,
  request: FastifyRequest,
  { query, body, sent }: Received,
): Omit<Call<Endpoint>, "headers"> {
  if (security === "none") return { values: readParameters(parameters, sent), caller: undefined };

  const key = namedKey(request.headers["x-mbx-apikey"]);
  const values = readParameters({ ...parameters, ...SIGNED }, sent);
  const signed = {
    key,
    address: request.ip,
    query,
    body,
    values: values as unknown as SignedValues,
  };
  const { account } = authentication.check(signed, security);
  const caller: Caller = { account, origin: { actor: key, correlationId: request.id } };
  return { values, caller };
}
