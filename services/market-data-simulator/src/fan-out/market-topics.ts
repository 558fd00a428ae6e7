import type { Timestamp } from "@tse/domain";
import type { MarketCandle } from "../candles/market-candle.ts";
import { INTERVALS } from "../candles/symbol-candles.ts";
import type { Feed } from "../feed/feed.ts";
import type { Tick } from "../feed/tick.ts";
import type { FanOut, SharedTopic } from "./fan-out.ts";
import { snapshotOf } from "./snapshot.ts";
import { type ItemLog, ItemRing, type TopicItem, type TopicName } from "./topic.ts";

/** World time between two events of the slower channels. */
const DEPTH_EVERY = 1_000_000;
export const SNAPSHOT_EVERY = 10_000_000;

/** Candles that a subscriber may be behind by before it misses one. */
const CANDLES_HELD = 64;

interface OwnTopic {
  readonly topic: SharedTopic;
  readonly ring: ItemRing;
}

/** The topics of one symbol. */
interface SymbolTopics {
  readonly price: SharedTopic;
  readonly candles: ReadonlyMap<string, OwnTopic>;
  readonly depth: OwnTopic;
  readonly snapshot: OwnTopic;
}

/** Puts everything that the feed makes into topics: prices as they come, the rest at its own pace. */
export class MarketTopics {
  readonly #feed: Feed;
  readonly #fanOut: FanOut;
  readonly #topics: ReadonlyMap<string, SymbolTopics>;
  readonly #ends: readonly (() => void)[];
  #lastTime: Timestamp | undefined;

  constructor(feed: Feed, fanOut: FanOut) {
    this.#feed = feed;
    this.#fanOut = fanOut;
    this.#topics = new Map(feed.symbols.map(({ symbol }) => [symbol, this.#topicsOf(symbol)]));
    this.#ends = [
      feed.onTicks((ticks) => this.#publishTicks(ticks)),
      feed.onCandle((candle) => this.#publishCandle(candle)),
    ];
  }

  /**
   * The topic to follow, its newest item up to date; `undefined` when there is none of this name.
   */
  find(name: TopicName): SharedTopic | undefined {
    const topic = this.#fanOut.topic(name);
    if (topic !== undefined && topic.followers.size === 0) this.#refresh(name);
    return topic;
  }

  close(): void {
    for (const end of this.#ends) end();
  }

  #topicsOf(symbol: string): SymbolTopics {
    const own = (name: Omit<TopicName, "symbol">, capacity: number): OwnTopic => {
      const ring = new ItemRing(capacity);
      return { ring, topic: this.#fanOut.addTopic({ ...name, symbol }, ring) };
    };
    return {
      price: this.#fanOut.addTopic({ channel: "price", symbol }, tickItems(this.#feed, symbol)),
      candles: new Map(
        INTERVALS.map((interval) => [interval, own({ channel: "candle", interval }, CANDLES_HELD)]),
      ),
      depth: own({ channel: "depth" }, 2),
      snapshot: own({ channel: "snapshot" }, 2),
    };
  }

  #publishTicks(ticks: readonly Tick[]): void {
    const time = ticks[0]?.timestamp ?? this.#feed.time;
    const before = this.#lastTime ?? 0;
    this.#lastTime = time;
    const isNew = (every: number) => Math.floor(time / every) > Math.floor(before / every);
    const due = { depth: isNew(DEPTH_EVERY), snapshot: isNew(SNAPSHOT_EVERY) };
    for (const { terms } of ticks) {
      const { price, candles, depth, snapshot } = this.#of(terms.symbol);
      this.#fanOut.publish(price);
      for (const each of candles.values()) this.#refreshFollowed(each);
      if (due.depth) this.#refreshFollowed(depth);
      if (due.snapshot) this.#refreshFollowed(snapshot);
    }
  }

  #refreshFollowed({ topic }: OwnTopic): void {
    if (topic.followers.size > 0) this.#refresh(topic.name);
  }

  #publishCandle(candle: MarketCandle): void {
    const own = this.#of(candle.terms.symbol).candles.get(candle.interval);
    if (own !== undefined) this.#add(own, { channel: "candle", candle });
  }

  /** Adds how things stand now to a topic that has no log of its own. */
  #refresh(name: TopicName): void {
    const { candles, depth, snapshot } = this.#of(name.symbol);
    const own = { price: undefined, candle: candles.get(name.interval ?? ""), depth, snapshot };
    const target = own[name.channel];
    const item = this.#itemOf(name);
    if (target !== undefined && item !== undefined) this.#add(target, item);
  }

  #itemOf({ channel, symbol, interval }: TopicName): TopicItem | undefined {
    switch (channel) {
      case "price":
        return undefined;
      case "candle": {
        const candle = interval && this.#feed.candles(symbol).running(interval);
        return candle && { channel, candle };
      }
      case "depth": {
        const depth = this.#feed.depth(symbol);
        return depth && { channel, depth };
      }
      case "snapshot": {
        const snapshot = snapshotOf(this.#feed, symbol);
        return snapshot && { channel, snapshot };
      }
    }
  }

  #add({ topic, ring }: OwnTopic, item: TopicItem): void {
    ring.add(item);
    this.#fanOut.publish(topic);
  }

  #of(symbol: string): SymbolTopics {
    return this.#topics.get(symbol) as SymbolTopics;
  }
}

/** The feed's own log of a symbol, as a topic reads it: positions are sequences. */
function tickItems(feed: Feed, symbol: string): ItemLog {
  const log = feed.log(symbol);
  return {
    get newest() {
      return log.newest?.sequence ?? 0;
    },
    get oldest() {
      return log.oldestSequence;
    },
    at(position) {
      const tick = log.at(position);
      return tick && { channel: "price", tick };
    },
  };
}
