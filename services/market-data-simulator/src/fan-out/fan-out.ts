import { performance } from "node:perf_hooks";
import { assert } from "@tse/domain";
import type { MetricsPort } from "@tse/service-kit";
import { countDropped } from "../dropped-ticks.ts";
import type { Following, FollowOptions } from "./following.ts";
import {
  CLIENT_KINDS,
  type EventOutlet,
  type StreamEnding,
  Subscriber,
  type SubscriberOptions,
} from "./subscriber.ts";
import { type ItemLog, type StreamEvent, Topic, type TopicName } from "./topic.ts";

export interface FanOutOptions {
  /** Longest that an event waits for others to share a write with, in ms of real time. */
  readonly flushMs: number;
  /** Most subscribers at a time. */
  readonly subscribersMax: number;
  /** Most subscribers of one symbol at a time. */
  readonly symbolSubscribersMax: number;
  readonly metrics: MetricsPort;
  /** Called before each flush: what was made for the last one may be forgotten. */
  readonly onFlush?: () => void;
  /** What every subscriber is reached through, such as faults on purpose. */
  readonly through?: (outlet: EventOutlet, number: number) => EventOutlet;
  /** Told of the number of each subscriber that is gone. */
  readonly onGone?: (number: number) => void;
}

/** No room for another subscriber. */
export interface SubscriberLimit {
  readonly code: "subscriber_limit";
  readonly limit: number;
  /** The symbol that has too many; `undefined`: all together are too many. */
  readonly symbol?: string;
}

/** What one subscriber wants to follow. */
export interface Wanted extends FollowOptions {
  readonly topic: SharedTopic;
}

export type SharedTopic = Topic<Following<Subscriber>>;

/** Items that are gathered at most before they are sent: a clock that leaps leaves nobody behind. */
const GATHERED_MAX = 64;

const BUFFER_SIZE = 256;

/**
 * Sends the events of every topic to all who follow it. Events of a short while leave together; each is encoded once,
 * and equal batches are joined once. A subscriber that is not ready is left alone until it is: nothing is kept for it.
 *
 * Flushes go by real time. A prompt subscriber doesn't wait for them: what it is told, and when in world time, follows
 * from the feed and the faults alone.
 */
export class FanOut {
  readonly #options: FanOutOptions;
  readonly #topics = new Map<string, SharedTopic>();
  readonly #subscribers = new Set<Subscriber>();
  readonly #bySymbol = new Map<string, number>();
  readonly #waiting = new Set<Subscriber>();
  /** Kinds of client that the newest item of each topic was handed to in this flush. */
  readonly #handed = new Map<SharedTopic, Set<string>>();
  #timer: NodeJS.Timeout | undefined;
  #gathered = 0;
  #numbers = 0;

  constructor(options: FanOutOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#subscribers.size;
  }

  /** Subscribers of each symbol, in any channel. */
  get bySymbol(): ReadonlyMap<string, number> {
    return this.#bySymbol;
  }

  addTopic(name: TopicName, log: ItemLog): SharedTopic {
    const key = keyOf(name);
    assert(!this.#topics.has(key), "a topic is made once");
    const topic: SharedTopic = new Topic(name, this.#topics.size, log);
    this.#topics.set(key, topic);
    return topic;
  }

  topic(name: TopicName): SharedTopic | undefined {
    return this.#topics.get(keyOf(name));
  }

  /**
   * A new item stands in the topic's log: those who follow it get it with the next flush, prompt ones before this returns.
   */
  publish(topic: SharedTopic): void {
    topic.renew(performance.now());
    if (topic.followers.size === 0) return;
    for (const { owner } of topic.followers) this.#tell(owner);
    if (this.#waiting.size === 0) return;
    this.#gathered += 1;
    if (this.#gathered >= GATHERED_MAX * Math.max(1, this.#bySymbol.size)) this.flush();
    else this.#schedule();
  }

  /** A new subscriber, which follows nothing yet. */
  subscribe(
    outlet: EventOutlet,
    options: Partial<SubscriberOptions> = {},
  ): Subscriber | SubscriberLimit {
    const { subscribersMax: limit, through } = this.#options;
    if (this.#subscribers.size >= limit) return { code: "subscriber_limit", limit };
    const { bufferSize = BUFFER_SIZE, everyTick = false } = options;
    this.#numbers += 1;
    const way = through?.(outlet, this.#numbers) ?? outlet;
    const subscriber = new Subscriber(this.#numbers, way, { bufferSize, everyTick });
    this.#subscribers.add(subscriber);
    return subscriber;
  }

  /** All of the topics or none. */
  follow(subscriber: Subscriber, wanted: readonly Wanted[]): SubscriberLimit | undefined {
    const { symbolSubscribersMax: limit } = this.#options;
    const before = symbolsOf(subscriber.topics);
    for (const symbol of symbolsOf(wanted.map(({ topic }) => topic))) {
      if (!before.has(symbol) && (this.#bySymbol.get(symbol) ?? 0) >= limit) {
        return { code: "subscriber_limit", limit, symbol };
      }
    }
    for (const { topic, ...options } of wanted) subscriber.follow(topic, options);
    this.#recount(before, symbolsOf(subscriber.topics));
    this.resume(subscriber);
    return undefined;
  }

  unfollow(subscriber: Subscriber, topics: readonly SharedTopic[]): void {
    const before = symbolsOf(subscriber.topics);
    for (const topic of topics) subscriber.unfollow(topic);
    this.#recount(before, symbolsOf(subscriber.topics));
  }

  /** Sends it nothing more. */
  remove(subscriber: Subscriber): void {
    if (!this.#subscribers.delete(subscriber)) return;
    this.#recount(symbolsOf(subscriber.topics), new Set());
    this.#waiting.delete(subscriber);
    subscriber.close();
    this.#options.onGone?.(subscriber.number);
  }

  /** Outlets that were not ready may be so again. */
  resumeAll(): void {
    for (const subscriber of this.#subscribers) this.resume(subscriber);
  }

  /** Its outlet takes more again. */
  resume(subscriber: Subscriber): void {
    if (!this.#subscribers.has(subscriber)) return;
    this.#tell(subscriber);
    if (this.#waiting.size > 0) this.#schedule();
  }

  /** Sends everything that waits to everybody who is ready. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#gathered = 0;
    this.#options.onFlush?.();
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const subscriber of waiting) this.#serve(subscriber);
    this.#measure();
  }

  /** Sends what waits, tells everybody that the service stops, and forgets them. */
  close(): void {
    this.flush();
    for (const subscriber of [...this.#subscribers]) this.#end(subscriber, "shutting_down");
    clearTimeout(this.#timer);
  }

  /** Ends one subscriber by its number. @returns whether there was one */
  disconnect(number: number): boolean {
    const found = [...this.#subscribers].find((each) => each.number === number);
    if (found !== undefined) this.#end(found, "disconnected");
    return found !== undefined;
  }

  #tell(subscriber: Subscriber): void {
    if (subscriber.isPrompt) this.#serve(subscriber);
    else this.#waiting.add(subscriber);
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => this.flush(), this.#options.flushMs).unref();
  }

  #serve(subscriber: Subscriber): void {
    const { outlet } = subscriber;
    if (!outlet.isReady) {
      if (subscriber.isToBeCut) this.#cut(subscriber);
      return;
    }
    const events: StreamEvent[] = [];
    const { conflated, isOverrun } = subscriber.collect(events);
    if (isOverrun) {
      this.#cut(subscriber);
      return;
    }
    if (conflated > 0) countDropped(this.#options.metrics, "conflated", conflated);
    if (events.length === 0) return;
    outlet.send(events);
    this.#noteHanded(subscriber);
    if (subscriber.isCatchingUp) this.resume(subscriber);
  }

  #cut(subscriber: Subscriber): void {
    countDropped(this.#options.metrics, "slow_consumer");
    this.#end(subscriber, "slow_consumer");
  }

  #end(subscriber: Subscriber, why: StreamEnding): void {
    this.remove(subscriber);
    subscriber.outlet.end(why);
  }

  #noteHanded({ topics, outlet, isPrompt }: Subscriber): void {
    if (isPrompt) return;
    for (const topic of topics) {
      if (topic.name.channel !== "price") continue;
      const kinds = this.#handed.get(topic) ?? new Set();
      this.#handed.set(topic, kinds.add(outlet.kind));
    }
  }

  /** One observation a tick and kind of client: of the last one that it was handed to. */
  #measure(): void {
    const now = performance.now();
    for (const [topic, kinds] of this.#handed) {
      const symbol = topic.name.symbol;
      for (const kind of CLIENT_KINDS) {
        if (!kinds.has(kind)) continue;
        const labels = { symbol, client_type: kind };
        const late = now - topic.publishedAt;
        this.#options.metrics.observeHistogram("market_data_publication_latency_ms", late, labels);
      }
    }
    this.#handed.clear();
  }

  #recount(before: ReadonlySet<string>, after: ReadonlySet<string>): void {
    for (const symbol of after) if (!before.has(symbol)) this.#count(symbol, 1);
    for (const symbol of before) if (!after.has(symbol)) this.#count(symbol, -1);
  }

  #count(symbol: string, change: 1 | -1): void {
    this.#bySymbol.set(symbol, (this.#bySymbol.get(symbol) ?? 0) + change);
  }
}

function keyOf({ channel, symbol, interval }: TopicName): string {
  return `${channel} ${symbol} ${interval ?? ""}`;
}

function symbolsOf(topics: readonly SharedTopic[]): ReadonlySet<string> {
  return new Set(topics.map(({ name }) => name.symbol));
}
