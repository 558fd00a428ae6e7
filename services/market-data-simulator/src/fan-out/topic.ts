import type { Timestamp } from "@tse/domain";
import type { CandleInterval } from "@tse/market-data-adapter";
import type { MarketCandle } from "../candles/market-candle.ts";
import type { Depth } from "../feed/depth.ts";
import type { Tick } from "../feed/tick.ts";
import type { Snapshot } from "./snapshot.ts";

export const CHANNELS = ["price", "candle", "depth", "snapshot"] as const;

export type Channel = (typeof CHANNELS)[number];

/** What a topic's events are about. */
export type TopicItem =
  | { readonly channel: "price"; readonly tick: Tick }
  | { readonly channel: "candle"; readonly candle: MarketCandle }
  | { readonly channel: "depth"; readonly depth: Depth }
  | { readonly channel: "snapshot"; readonly snapshot: Snapshot };

export interface TopicName {
  readonly channel: Channel;
  readonly symbol: string;
  /** Of the channel `candle`. */
  readonly interval?: CandleInterval;
}

/** One event as every subscriber of a kind gets it: the same object, so that it is encoded once. */
export interface StreamEvent {
  readonly topic: TopicName;
  readonly item: TopicItem;
  /** Sequence of the tick that it shows or follows from. */
  readonly sequence: number;
  readonly timestamp: Timestamp;
  /** Events of the topic between the one before and this, that this subscriber didn't get. */
  readonly skipped: number;
  /** Whether it shows how things stand to one who just came. */
  readonly isFirst: boolean;
  /** Kept by whoever encodes it. */
  readonly encoded: { websocket?: Buffer; deflated?: Buffer; sse?: Buffer };
}

/** Where a topic's items are. Positions are whole numbers that rise by one. */
export interface ItemLog {
  /** Position of the newest item; 0 before the first. */
  readonly newest: number;
  /** Position of the oldest item held. */
  readonly oldest: number;
  at(position: number): TopicItem | undefined;
}

/** The newest items of a topic that has no log elsewhere. */
export class ItemRing implements ItemLog {
  readonly #items: (TopicItem | undefined)[];
  newest = 0;

  constructor(capacity: number) {
    this.#items = new Array<TopicItem | undefined>(capacity).fill(undefined);
  }

  get oldest(): number {
    return Math.max(1, this.newest - this.#items.length + 1);
  }

  add(item: TopicItem): void {
    this.newest += 1;
    this.#items[this.newest % this.#items.length] = item;
  }

  at(position: number): TopicItem | undefined {
    const isHeld = position >= this.oldest && position <= this.newest;
    return isHeld ? this.#items[position % this.#items.length] : undefined;
  }
}

/** One stream of events that any number of subscribers follow. */
export class Topic<Follower> {
  readonly name: TopicName;
  /** Topics are served in the order of their making, so that equal subscriptions are sent equal bytes. */
  readonly order: number;
  readonly log: ItemLog;
  readonly followers = new Set<Follower>();
  /** Process time in ms at which the newest item came. */
  publishedAt = 0;
  readonly #events = new Map<number | string, StreamEvent>();

  constructor(name: TopicName, order: number, log: ItemLog) {
    this.name = name;
    this.order = order;
    this.log = log;
  }

  /** A new item stands in the log. */
  renew(publishedAt: number): void {
    this.publishedAt = publishedAt;
    this.#events.clear();
  }

  /** The event that shows an item, one object for all who get it alike; `undefined` for one not held any more. */
  event(position: number, skipped: number, isFirst: boolean): StreamEvent | undefined {
    const isPlain = skipped === 0 && !isFirst;
    const key = isPlain ? position : `${position} ${skipped} ${isFirst}`;
    const known = this.#events.get(key);
    if (known !== undefined) return known;
    const item = this.log.at(position);
    if (item === undefined) return undefined;
    const { sequence, timestamp } = placeOf(item);
    const topic = this.name;
    const event = { topic, item, sequence, timestamp, skipped, isFirst, encoded: {} };
    this.#events.set(key, event);
    return event;
  }
}

export function placeOf(item: TopicItem): { sequence: number; timestamp: Timestamp } {
  switch (item.channel) {
    case "price":
      return item.tick;
    case "candle":
      return { sequence: item.candle.sequence, timestamp: item.candle.startTime };
    case "depth":
      return item.depth.tick;
    case "snapshot":
      return item.snapshot.tick;
  }
}
