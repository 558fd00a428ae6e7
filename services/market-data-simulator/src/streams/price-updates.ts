import { PACE_MIN } from "../api/wire.ts";
import type { FanOut, SubscriberLimit, Wanted } from "../fan-out/fan-out.ts";
import type { MarketTopics } from "../fan-out/market-topics.ts";
import { changeOf, changePercentOf } from "../fan-out/snapshot.ts";
import {
  type ClientKind,
  type EventOutlet,
  type StreamEnding,
  Subscriber,
} from "../fan-out/subscriber.ts";
import type { StreamEvent } from "../fan-out/topic.ts";
import type { Feed } from "../feed/feed.ts";
import { priceNumber, priceText, type Tick, volumeNumber } from "../feed/tick.ts";

/** One price of a stream, as gRPC's `PriceUpdate` has it; the same for a subscriber in this process. */
export interface PriceUpdate {
  readonly symbol: string;
  readonly price: number;
  /** The exact price. */
  readonly priceDecimal: string;
  readonly bid: number;
  readonly ask: number;
  /** Traded since the tick before, in the base asset. */
  readonly volume: number;
  /** Microseconds of world time. */
  readonly timestamp: number;
  readonly source: string;
  readonly sequence: number;
  /** Ticks of the symbol between the update before and this. */
  readonly skipped: number;
  /** The last 24 hours of the shared path. */
  readonly changeInfo: {
    readonly changeAmount: number;
    readonly changePercentage: number;
    readonly dailyHigh: number;
    readonly dailyLow: number;
    readonly dailyVolume: number;
  };
}

/** What a subscriber asks for, as gRPC's `StreamPricesRequest` has it. */
export interface StreamRequest {
  /** At least one. */
  readonly symbols: readonly string[];
  /** 0 for each tick; below 100 it is 100. */
  readonly updateIntervalMs: number;
  /** 0 for the usual one; 1 to 10,000. */
  readonly bufferSize: number;
  /** Rather be cut off than miss a tick. */
  readonly everyTick: boolean;
  /** Last sequence that the subscriber has; 0 for none. */
  readonly resumeAfter: number;
}

/** Where updates go. */
export interface UpdateReader {
  readonly kind: ClientKind;
  /** Whether it takes more now; when it does again, `UpdateStream.resume` is to be called. */
  readonly isReady: boolean;
  /** @param updates at least one; the same objects as others get */
  take(updates: readonly PriceUpdate[]): void;
  /** The service ends the stream. */
  end(why: StreamEnding): void;
}

/** A subscription that is open. */
export interface UpdateStream {
  resume(): void;
  close(): void;
}

/** Why there is no stream. */
export type StreamRefusal =
  | SubscriberLimit
  | { readonly code: "symbol_not_found"; readonly symbol: string }
  | { readonly code: "validation_failed"; readonly field: string; readonly message: string };

const SYMBOLS_MAX = 500;
const BUFFER_MAX = 10_000;

/** Prices for programs: a gRPC stream and a subscriber in this process are the same thing, over a wire and without one. */
export class PriceStreams {
  readonly #feed: Feed;
  readonly #fanOut: FanOut;
  readonly #topics: MarketTopics;
  /** Updates made already, one for everybody who is told the same. */
  readonly #updates = new WeakMap<StreamEvent, PriceUpdate>();

  constructor(parts: { feed: Feed; fanOut: FanOut; topics: MarketTopics }) {
    this.#feed = parts.feed;
    this.#fanOut = parts.fanOut;
    this.#topics = parts.topics;
  }

  /** Opens a stream: each symbol's newest price first, or what came behind `resumeAfter`, then each as it comes. */
  open(request: StreamRequest, reader: UpdateReader): UpdateStream | StreamRefusal {
    const wrong = problemOf(request);
    if (wrong !== undefined) return { code: "validation_failed", ...wrong };
    const wanted: Wanted[] = [];
    for (const text of request.symbols) {
      const symbol = this.#feed.find(text)?.symbol;
      const topic = symbol && this.#topics.find({ channel: "price", symbol });
      if (topic === undefined || topic === "") return { code: "symbol_not_found", symbol: text };
      const { resumeAfter } = request;
      wanted.push({
        topic,
        interval: intervalOf(request.updateIntervalMs, this.#feed.interval),
        resumeAfter: resumeAfter === 0 ? undefined : resumeAfter,
      });
    }
    return this.#open(request, reader, wanted);
  }

  #open(
    { bufferSize, everyTick }: StreamRequest,
    reader: UpdateReader,
    wanted: readonly Wanted[],
  ): UpdateStream | StreamRefusal {
    const options = { everyTick, ...(bufferSize > 0 && { bufferSize }) };
    const subscriber = this.#fanOut.subscribe(this.#outletOf(reader), options);
    if (!(subscriber instanceof Subscriber)) return subscriber;
    const refusal = this.#fanOut.follow(subscriber, wanted);
    if (refusal !== undefined) {
      this.#fanOut.remove(subscriber);
      return refusal;
    }
    return {
      resume: () => this.#fanOut.resume(subscriber),
      close: () => this.#fanOut.remove(subscriber),
    };
  }

  #outletOf(reader: UpdateReader): EventOutlet {
    return {
      kind: reader.kind,
      get isReady() {
        return reader.isReady;
      },
      send: (events) => reader.take(events.map((event) => this.#updateOf(event))),
      end: (why) => reader.end(why),
    };
  }

  #updateOf(event: StreamEvent): PriceUpdate {
    const known = this.#updates.get(event);
    if (known !== undefined) return known;
    const { item, skipped } = event;
    const { tick } = item as { readonly tick: Tick };
    const made = { ...tickUpdate(tick), skipped, changeInfo: this.#changeOf(tick) };
    this.#updates.set(event, made);
    return made;
  }

  #changeOf({ terms }: Tick): PriceUpdate["changeInfo"] {
    const day = this.#feed.candles(terms.symbol).day();
    return {
      changeAmount: day === undefined ? 0 : priceNumber(changeOf(day), terms),
      changePercentage: day === undefined ? 0 : changePercentOf(day),
      dailyHigh: priceNumber(day?.high ?? 0, terms),
      dailyLow: priceNumber(day?.low ?? 0, terms),
      dailyVolume: volumeNumber(day?.volume ?? 0),
    };
  }
}

function tickUpdate({ terms, price, bid, ask, volume, timestamp, source, sequence }: Tick) {
  return {
    symbol: terms.symbol,
    price: priceNumber(price, terms),
    priceDecimal: priceText(price, terms),
    bid: priceNumber(bid, terms),
    ask: priceNumber(ask, terms),
    volume: volumeNumber(volume),
    timestamp,
    source,
    sequence,
  };
}

function problemOf({
  symbols,
  bufferSize,
  updateIntervalMs,
  resumeAfter,
}: StreamRequest): { field: string; message: string } | undefined {
  if (symbols.length === 0) return { field: "symbols", message: "needs at least one symbol" };
  if (symbols.length > SYMBOLS_MAX) {
    return { field: "symbols", message: `has at most ${SYMBOLS_MAX} symbols` };
  }
  if (bufferSize < 0 || bufferSize > BUFFER_MAX) {
    return { field: "buffer_size", message: `must be from 1 to ${BUFFER_MAX}, or 0` };
  }
  if (updateIntervalMs < 0) return { field: "update_interval_ms", message: "must not be negative" };
  if (resumeAfter < 0) return { field: "resume_after", message: "must not be negative" };
  return undefined;
}

/** An interval that is not longer than the feed's own means each tick. */
function intervalOf(ms: number, own: number): number {
  const length = ms === 0 ? 0 : Math.max(ms * 1_000, PACE_MIN);
  return length <= own ? 0 : length;
}
