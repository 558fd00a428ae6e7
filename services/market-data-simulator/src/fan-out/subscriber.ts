import { Following, type FollowOptions } from "./following.ts";
import type { StreamEvent, Topic } from "./topic.ts";

export const CLIENT_KINDS = ["grpc", "websocket", "sse", "process"] as const;

/** How a subscriber is reached. */
export type ClientKind = (typeof CLIENT_KINDS)[number];

/** Why a stream ends that the service ends. */
export type StreamEnding = "slow_consumer" | "shutting_down" | "disconnected";

/** The way to one subscriber. */
export interface EventOutlet {
  readonly kind: ClientKind;
  /** Whether it takes more now; when it does again, `Subscriber.resume` is to be called. */
  readonly isReady: boolean;
  /** @param events at least one, shared with others: not to be changed */
  send(events: readonly StreamEvent[]): void;
  /** Tells the client why, and closes. Ending twice does nothing. */
  end(why: StreamEnding): void;
}

export interface SubscriberOptions {
  /** Events that it may be behind by, over all its topics. */
  readonly bufferSize: number;
  /** Whether it would rather be cut off than miss an event. */
  readonly everyTick: boolean;
}

/** What one subscriber is told of a flush. */
export interface Collected {
  /** Events passed over because it was too slow. */
  readonly conflated: number;
  /** Whether it was too slow and wants every event. */
  readonly isOverrun: boolean;
}

const IN_TIME: Collected = { conflated: 0, isOverrun: false };
const OVERRUN: Collected = { conflated: 0, isOverrun: true };

/** One client's topics, and how far it came in each. */
export class Subscriber {
  /** 1, 2, 3, … in order of their coming. */
  readonly number: number;
  readonly outlet: EventOutlet;
  #options: SubscriberOptions;
  readonly #followings: Following<Subscriber>[] = [];

  constructor(number: number, outlet: EventOutlet, options: SubscriberOptions) {
    this.number = number;
    this.outlet = outlet;
    this.#options = options;
  }

  /** Whether it is told at the moment of publication: it has no wire to share writes on, and lives by the world's clock. */
  get isPrompt(): boolean {
    return this.outlet.kind === "process";
  }

  get topics(): readonly Topic<Following<Subscriber>>[] {
    return this.#followings.map(({ topic }) => topic);
  }

  /** Whether the last `collect` left something that is to be sent at once. */
  get isCatchingUp(): boolean {
    return this.#followings.some((each) => each.isCatchingUp);
  }

  /** Chooses anew how it is served; what isn't named stays. */
  choose(options: Partial<SubscriberOptions>): void {
    this.#options = { ...this.#options, ...options };
  }

  /** Of the topics that it follows; one that it follows already begins anew. */
  follow(topic: Topic<Following<Subscriber>>, options: FollowOptions): void {
    this.unfollow(topic);
    const interval = this.#options.everyTick ? 0 : options.interval;
    const following = new Following<Subscriber>(this, topic, { ...options, interval });
    topic.followers.add(following);
    this.#followings.push(following);
    this.#followings.sort((one, other) => one.topic.order - other.topic.order);
  }

  unfollow(topic: Topic<Following<Subscriber>>): void {
    const index = this.#followings.findIndex((each) => each.topic === topic);
    const [following] = index === -1 ? [] : this.#followings.splice(index, 1);
    if (following !== undefined) topic.followers.delete(following);
  }

  close(): void {
    for (const each of this.#followings) each.topic.followers.delete(each);
    this.#followings.length = 0;
  }

  /** Whether it is further behind than it may be. */
  isOverrun(): boolean {
    let behind = 0;
    for (const each of this.#followings) behind += each.behind;
    return behind > this.#options.bufferSize;
  }

  /** Adds what is to be sent now to `events`, in order of topic, then of time. */
  collect(events: StreamEvent[]): Collected {
    if (!this.isOverrun()) {
      for (const each of this.#followings) each.collect(events);
      return IN_TIME;
    }
    if (this.#options.everyTick) return OVERRUN;
    let conflated = 0;
    for (const each of this.#followings) {
      if (each.behind > 0) conflated += each.skipToNewest(events);
      else each.collect(events);
    }
    return { conflated, isOverrun: false };
  }

  /** Whether it asked rather to be cut off than to miss an event, and would miss one. */
  get isToBeCut(): boolean {
    return this.#options.everyTick && this.isOverrun();
  }
}
