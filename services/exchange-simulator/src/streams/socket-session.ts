import { InvariantViolation, type Scope } from "@tse/domain";
import type { SocketConnection } from "@tse/service-kit";
import { type Logger, Problem, type RateLimiter, validationFailed } from "@tse/service-kit";
import { reachableAccount } from "../gateways/native/access.ts";
import { forbidden, rateLimited, unauthenticated } from "../gateways/native/problems.ts";
import { instrumentNamed } from "../gateways/native/routes/market-routes.ts";
import type { OrderDeps } from "../gateways/native/routes/order-routes.ts";
import type { KeyRing, Principal } from "../keys.ts";
import { unavailable } from "../unavailable.ts";
import type { Topic } from "./encoding.ts";
import type { StreamHub, StreamName, Subscription } from "./hub.ts";
import { cancelBySocket, placeBySocket, type Trader } from "./order-operations.ts";
import {
  binaryMessage,
  type Parsed,
  parseMessage,
  type RequestId,
  type SocketRequest,
  type WantedChannel,
} from "./socket-messages.ts";

export interface SessionParts extends OrderDeps {
  readonly keys: Pick<KeyRing, "bearer" | "principal">;
  readonly hub: Pick<StreamHub, "follow">;
  /** Of messages of each connection, by its number; `undefined`: no limit. */
  readonly limiter: Pick<RateLimiter, "take"> | undefined;
  readonly logger: Logger;
}

export interface SessionClient {
  readonly connection: SocketConnection;
  /** 1, 2, 3, … for each connection since the start. */
  readonly number: number;
  readonly address: string;
  /** Of the request that opened the connection. Its messages are numbered below it. */
  readonly correlationId: string;
  readonly principal: Principal | undefined;
}

/** A stream that was asked for: what the hub calls it, and what the client does. */
interface Wanted {
  readonly name: StreamName;
  readonly topic: Topic;
  readonly depth: number | undefined;
  readonly resumeAfter: number | undefined;
}

/** The answer to a request, and what is to be done once it is sent. */
interface Answer {
  readonly result: Readonly<Record<string, unknown>>;
  readonly afterwards?: () => void;
}

/** What was refused, as far as it could be read. */
interface Refused {
  readonly id?: RequestId;
  readonly op?: string | undefined;
  readonly correlationId: string;
}

const SUBSCRIPTIONS_MAX = 200;

/**
 * What one client does over its socket: who it is, what it follows, what it asks. Messages are taken in
 * order and their commands reach the exchange in that order; answers come when they are ready.
 */
export class SocketSession {
  readonly #parts: SessionParts;
  readonly #client: SessionClient;
  readonly #subscriptions = new Map<string, Subscription & { readonly isPrivate: boolean }>();
  #keyId: string | undefined;
  #messages = 0;

  constructor(parts: SessionParts, client: SessionClient) {
    this.#parts = parts;
    this.#client = client;
    this.#keyId = client.principal?.keyId;
  }

  /** Whether the key it uses may still be used. */
  get isAllowed(): boolean {
    return this.#keyId === undefined || this.#principal() !== undefined;
  }

  /** @param text `undefined` for a binary message */
  receive(text: string | undefined): void {
    this.#messages += 1;
    const correlationId = `${this.#client.correlationId}.${this.#messages}`;
    const decision = this.#parts.limiter?.take(String(this.#client.number));
    if (decision?.allowed === false) {
      this.#refuse(rateLimited({}), { correlationId });
      return;
    }
    const parsed: Parsed = text === undefined ? binaryMessage() : parseMessage(text);
    if ("problem" in parsed) this.#refuse(parsed.problem, { ...parsed, correlationId });
    else void this.#answer(parsed.request, correlationId);
  }

  close(): void {
    for (const subscription of this.#subscriptions.values()) subscription.close();
    this.#subscriptions.clear();
  }

  async #answer(request: SocketRequest, correlationId: string): Promise<void> {
    const { id, op } = request;
    try {
      const { result, afterwards } = await this.#carryOut(request, correlationId);
      this.#client.connection.send({ type: "reply", op, id, result });
      afterwards?.();
    } catch (error) {
      this.#refuse(this.#toProblem(error, correlationId), { id, op, correlationId });
      // A bug isn't over when its request was answered: it goes on as an uncaught error.
      if (error instanceof InvariantViolation) throw error;
    }
  }

  #carryOut(request: SocketRequest, correlationId: string): Answer | Promise<Answer> {
    switch (request.op) {
      case "auth":
        return this.#authenticate(request.key);
      case "subscribe":
        return this.#subscribe(request.channels);
      case "unsubscribe":
        return this.#unsubscribe(request.channels);
      case "order.place":
        return asAnswer(placeBySocket(request.params, this.#trader(correlationId), this.#parts));
      case "order.cancel":
        return asAnswer(cancelBySocket(request.params, this.#trader(correlationId), this.#parts));
    }
  }

  #authenticate(key: string): Answer {
    const principal = this.#parts.keys.bearer(`Bearer ${key}`, this.#client.address);
    if (principal === undefined) throw unauthenticated();

    if (principal.keyId !== this.#keyId) this.#closePrivate();
    this.#keyId = principal.keyId;
    const scopes = [...principal.scopes];
    return { result: { keyId: principal.keyId, accountId: principal.account.id, scopes } };
  }

  /** All of the channels or none. One that is followed already begins anew. */
  #subscribe(channels: readonly WantedChannel[]): Answer {
    const wanted = channels.map((channel) => this.#wanted(channel));
    const keys = new Set([...this.#subscriptions.keys(), ...wanted.map(keyOf)]);
    if (keys.size > SUBSCRIPTIONS_MAX) {
      const message = `makes more than ${SUBSCRIPTIONS_MAX} subscriptions on this connection`;
      throw validationFailed([{ field: "channels", rule: "limit", message }]);
    }
    return {
      result: { channels: wanted.map(({ topic }) => topic) },
      afterwards: () => {
        for (const each of wanted) this.#follow(each);
      },
    };
  }

  #unsubscribe(channels: readonly WantedChannel[]): Answer {
    const wanted = channels.map((channel) => this.#wanted(channel));
    for (const each of wanted) {
      this.#subscriptions.get(keyOf(each))?.close();
      this.#subscriptions.delete(keyOf(each));
    }
    return { result: { channels: wanted.map(({ topic }) => topic) } };
  }

  #follow(wanted: Wanted): void {
    const { connection } = this.#client;
    this.#subscriptions.get(keyOf(wanted))?.close();
    const subscription = this.#parts.hub.follow(wanted.name, connection, wanted);
    subscription.started.catch(() => connection.end("shutting_down"));
    const isPrivate = "account" in wanted.name;
    this.#subscriptions.set(keyOf(wanted), { ...subscription, isPrivate });
  }

  #wanted({ channel, symbol, accountId, depth, resumeAfter }: WantedChannel): Wanted {
    const options = { depth, resumeAfter };
    const { exchange } = this.#parts;
    if (channel === "orders" || channel === "balances") {
      const account = reachableAccount(this.#require("read"), accountId, exchange.venue);
      const topic = { channel, accountId: account.id };
      return { name: { channel, account: account.number }, topic, ...options };
    }
    if (symbol === undefined) {
      return { name: { channel: "trades", instrument: undefined }, topic: { channel }, ...options };
    }
    const instrument = instrumentNamed(symbol, exchange);
    const topic = { channel, symbol: instrument.symbol };
    return { name: { channel, instrument: instrument.id }, topic, ...options };
  }

  #closePrivate(): void {
    for (const [key, subscription] of this.#subscriptions) {
      if (!subscription.isPrivate) continue;
      subscription.close();
      this.#subscriptions.delete(key);
    }
  }

  #principal(): Principal | undefined {
    return this.#keyId === undefined
      ? undefined
      : this.#parts.keys.principal(this.#keyId, this.#client.address);
  }

  #require(scope: Scope): Principal {
    const principal = this.#principal();
    if (principal === undefined) throw unauthenticated();
    if (!principal.scopes.has(scope)) throw forbidden(`This needs a key with the scope ${scope}`);
    return principal;
  }

  /** Who trades by the message that is being read. */
  #trader(correlationId: string): Trader {
    const principal = this.#require("trade");
    return { principal, origin: { actor: principal.keyId, correlationId } };
  }

  #refuse(problem: Problem, { id, op, correlationId }: Refused): void {
    const { status, code, title, detail, extra } = problem;
    const errors = problem.errors.length === 0 ? undefined : problem.errors;
    const error = { status, code, title, detail, errors, ...extra, correlationId };
    this.#client.connection.send({ type: "error", op, id, error });
  }

  #toProblem(error: unknown, correlationId: string): Problem {
    if (error instanceof Problem) return error;
    const known = unavailable(error);
    if (known !== undefined) return known;
    this.#parts.logger.error("socket request failed", { error, correlation_id: correlationId });
    return new Problem({
      status: 500,
      code: "internal",
      title: "The service failed",
      cause: error,
    });
  }
}

function keyOf({ topic }: Wanted): string {
  return `${topic.channel} ${topic.symbol ?? topic.accountId ?? ""}`;
}

async function asAnswer(reply: Promise<Readonly<Record<string, unknown>>>): Promise<Answer> {
  return { result: await reply };
}
