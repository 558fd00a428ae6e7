import { InvariantViolation } from "@tse/domain";
import { type Logger, Problem, type RateLimiter, type SocketConnection } from "@tse/service-kit";
import { rateLimited, subscriberLimit, symbolNotFound } from "../api/problems.ts";
import type { FanOut, Wanted } from "../fan-out/fan-out.ts";
import type { MarketTopics } from "../fan-out/market-topics.ts";
import type { Subscriber } from "../fan-out/subscriber.ts";
import type { TopicName } from "../fan-out/topic.ts";
import type { Feed } from "../feed/feed.ts";
import {
  parseMessage,
  type RequestId,
  type SocketRequest,
  type WantedChannel,
} from "./socket-messages.ts";

export interface SessionParts {
  readonly feed: Pick<Feed, "find">;
  readonly fanOut: FanOut;
  readonly topics: MarketTopics;
  /** Of messages of each connection, by its number; `undefined`: no limit. */
  readonly limiter: Pick<RateLimiter, "take"> | undefined;
  readonly logger: Logger;
}

export interface SessionClient {
  readonly connection: Pick<SocketConnection, "send">;
  readonly subscriber: Subscriber;
  /** Of the request that opened the connection. Its messages are numbered below it. */
  readonly correlationId: string;
}

/** What was refused, as far as it could be read. */
interface Refused {
  readonly id?: RequestId;
  readonly op?: string | undefined;
  readonly correlationId: string;
}

/** What one client does over its socket. Messages are taken in order. */
export class SocketSession {
  readonly #parts: SessionParts;
  readonly #client: SessionClient;
  #messages = 0;

  constructor(parts: SessionParts, client: SessionClient) {
    this.#parts = parts;
    this.#client = client;
  }

  /** @param text `undefined` for a binary message */
  receive(text: string | undefined): void {
    this.#messages += 1;
    const correlationId = `${this.#client.correlationId}.${this.#messages}`;
    const decision = this.#parts.limiter?.take(String(this.#client.subscriber.number));
    if (decision?.allowed === false) {
      this.#refuse(rateLimited({}), { correlationId });
      return;
    }
    const parsed = parseMessage(text);
    if ("problem" in parsed) this.#refuse(parsed.problem, { ...parsed, correlationId });
    else this.#answer(parsed.request, correlationId);
  }

  #answer(request: SocketRequest, correlationId: string): void {
    const { id, op } = request;
    try {
      const wanted = request.channels.map((channel, index) => this.#wanted(channel, index));
      const channels = wanted.map(({ topic }) => topic.name);
      if (op === "unsubscribe") this.#unsubscribe(wanted);
      else this.#subscribe(wanted, request);
      this.#client.connection.send({ type: "reply", op, id, result: { channels } });
    } catch (error) {
      this.#refuse(this.#toProblem(error, correlationId), { id, op, correlationId });
      // A bug isn't over when its request was answered: it goes on as an uncaught error.
      if (error instanceof InvariantViolation) throw error;
    }
  }

  /** All of the channels or none. What they bring leaves with the next flush, behind the reply. */
  #subscribe(
    wanted: readonly Wanted[],
    { everyTick, bufferSize }: Extract<SocketRequest, { op: "subscribe" }>,
  ): void {
    const { subscriber } = this.#client;
    subscriber.choose({
      ...(everyTick !== undefined && { everyTick }),
      ...(bufferSize !== undefined && { bufferSize }),
    });
    const refusal = this.#parts.fanOut.follow(subscriber, wanted);
    if (refusal !== undefined) throw subscriberLimit(refusal);
  }

  #unsubscribe(wanted: readonly Wanted[]): void {
    const topics = wanted.map(({ topic }) => topic);
    this.#parts.fanOut.unfollow(this.#client.subscriber, topics);
  }

  #wanted(given: WantedChannel, index: number): Wanted {
    const field = `channels.${index}.symbol`;
    const terms = this.#parts.feed.find(given.symbol);
    if (terms === undefined) throw symbolNotFound(field);
    const { channel } = given;
    const interval = given.channel === "candle" ? { interval: given.interval } : {};
    const name: TopicName = { channel, symbol: terms.symbol, ...interval };
    const topic = this.#parts.topics.find(name);
    if (topic === undefined) throw symbolNotFound(field);
    if (given.channel !== "price") return { topic };
    return { topic, interval: given.interval, resumeAfter: given.resumeAfter };
  }

  #refuse(problem: Problem, { id, op, correlationId }: Refused): void {
    const { status, code, title, detail } = problem;
    const errors = problem.errors.length === 0 ? undefined : problem.errors;
    const error = { status, code, title, detail, errors, correlationId };
    this.#client.connection.send({ type: "error", op, id, error });
  }

  #toProblem(error: unknown, correlationId: string): Problem {
    if (error instanceof Problem) return error;
    this.#parts.logger.error("socket request failed", { error, correlation_id: correlationId });
    return new Problem({
      status: 500,
      code: "internal",
      title: "The service failed",
      cause: error,
    });
  }
}
