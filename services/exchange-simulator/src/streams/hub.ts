import type { AccountNumber, InstrumentId } from "@tse/domain";
import type { MetricsPort } from "@tse/service-kit";
import type { Exchange, Unit } from "../exchange.ts";
import type { OrderHistory } from "../views/orders.ts";
import type { Tape } from "../views/tape.ts";
import { AccountStreams } from "./account-streams.ts";
import { CHANNELS, type Channel, encodeEvent } from "./encoding.ts";
import type { EventStream, Subscriber } from "./event-stream.ts";
import type { Feed } from "./feed.ts";
import { MarketStreams } from "./market-streams.ts";

/** A stream by what it is about. Whether the client may see it is decided before. */
export type StreamName =
  | { readonly channel: "orderbook" | "ticker"; readonly instrument: InstrumentId }
  | { readonly channel: "trades"; readonly instrument: InstrumentId | undefined }
  | { readonly channel: "orders" | "balances"; readonly account: AccountNumber };

export interface FollowOptions {
  /** Sequence of the last event that the client saw. */
  readonly resumeAfter?: number | undefined;
  /** Most price levels of a side in the snapshot of a book. */
  readonly depth?: number | undefined;
}

export interface Subscription {
  /** Resolves when the client was sent where it begins; rejects when the exchange has stopped. */
  readonly started: Promise<void>;
  /** Ends it. Ending it twice does nothing. */
  close(): void;
}

export interface HubParts {
  readonly exchange: Exchange;
  readonly orders: Pick<OrderHistory, "order" | "open">;
  readonly tape: Pick<Tape, "day" | "count">;
  readonly metrics: MetricsPort;
  /** Longest that an event waits for others to share a write with. */
  readonly flushMs: number;
}

/** Tickers change with every quote; nobody reads them faster than this. */
const TICKER_MS = 100;

/**
 * Turns units into streams and streams into what clients are sent. A unit is durable when it gets
 * here, so everything that is sent is. Within one stream events keep their order; between streams
 * there is none. Flushing is paced by real time: it serves connections, which live in real time.
 */
export class StreamHub {
  readonly #parts: HubParts;
  readonly #markets: MarketStreams;
  readonly #accounts: AccountStreams;
  readonly #followers = new Map<Channel, number>(CHANNELS.map((channel) => [channel, 0]));
  #flushTimer: NodeJS.Timeout | undefined;
  #tickerTimer: NodeJS.Timeout | undefined;

  constructor(parts: HubParts) {
    this.#parts = parts;
    this.#markets = new MarketStreams(parts);
    this.#accounts = new AccountStreams(parts);
  }

  /** See `Streams`. */
  goOn(): void {
    this.#markets.goOn();
  }

  /** See `Streams`. */
  recovered(): void {
    this.#markets.recovered();
  }

  /** Subscribe this to the exchange, after the views. */
  readonly record = (unit: Unit): void => {
    this.#markets.record(unit);
    this.#accounts.record(unit);
    this.#flushSoon();
    if (this.#markets.tickersAreStale) this.#renewTickersSoon();
  };

  /** How many follow each channel. */
  get followers(): ReadonlyMap<Channel, number> {
    return this.#followers;
  }

  /** Begins where the client left off when that is still kept, else with the stream's opening. */
  follow(name: StreamName, subscriber: Subscriber, options: FollowOptions): Subscription {
    const feed = this.#join(name);
    let isOpen = true;
    let unfollow = () => {};
    const start = async (): Promise<void> => {
      const sequence = await this.#begin(feed, subscriber, options, () => isOpen);
      if (isOpen) unfollow = feed.stream.follow(subscriber, sequence);
    };
    return {
      started: start(),
      close: () => {
        if (!isOpen) return;
        isOpen = false;
        unfollow();
        this.#leave(name);
      },
    };
  }

  /** Sends what waits and stops. */
  close(): void {
    this.#flush();
    clearTimeout(this.#tickerTimer);
  }

  /** @returns the sequence after which the client is sent everything */
  async #begin(
    { stream, opening }: Feed,
    subscriber: Subscriber,
    { resumeAfter, depth }: FollowOptions,
    isOpen: () => boolean,
  ): Promise<number> {
    if (resumeAfter !== undefined && stream.holds(resumeAfter)) return resumeAfter;
    if (opening === undefined) return stream.head;

    let first = await opening(depth);
    while (!stream.holds(first.sequence)) first = await opening(depth);
    if (isOpen()) {
      subscriber.deliver(encodeEvent(stream.kind.topic, subscriber.encoding, first), 0);
    }
    return first.sequence;
  }

  #join(name: StreamName): Feed {
    this.#count(name.channel, 1);
    switch (name.channel) {
      case "orderbook":
      case "ticker":
        return this.#markets.of(name.instrument)[name.channel] as Feed;
      case "trades":
        return (
          name.instrument === undefined
            ? this.#markets.allTrades
            : this.#markets.of(name.instrument).trades
        ) as Feed;
      default:
        return this.#accounts.join(name.account)[name.channel] as Feed;
    }
  }

  #leave(name: StreamName): void {
    this.#count(name.channel, -1);
    if (name.channel === "orders" || name.channel === "balances") {
      this.#accounts.leave(name.account);
    }
  }

  #count(channel: Channel, change: 1 | -1): void {
    const count = (this.#followers.get(channel) ?? 0) + change;
    this.#followers.set(channel, count);
    this.#parts.metrics.setGauge("exchange_stream_subscribers", count, { channel });
  }

  #flushSoon(): void {
    this.#flushTimer ??= setTimeout(() => this.#flush(), this.#parts.flushMs).unref();
  }

  #flush(): void {
    clearTimeout(this.#flushTimer);
    this.#flushTimer = undefined;
    for (const stream of this.#streams()) stream.flush();
  }

  *#streams(): Generator<EventStream> {
    yield* this.#markets.streams();
    yield* this.#accounts.streams();
  }

  #renewTickersSoon(): void {
    this.#tickerTimer ??= setTimeout(() => {
      this.#tickerTimer = undefined;
      // A failure means that the exchange stopped: there is nothing left to tell.
      this.#markets.renewTickers().then(
        () => this.#flushSoon(),
        () => {},
      );
    }, TICKER_MS).unref();
  }
}
