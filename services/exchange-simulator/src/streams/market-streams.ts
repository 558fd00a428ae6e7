import { type InstrumentId, type LevelChanged, textOf, type VenueEvent } from "@tse/domain";
import type { VenueView } from "@tse/venue";
import type { Exchange, Unit } from "../exchange.ts";
import { renderBook, renderTicker, renderTrade } from "../gateways/native/render/markets.ts";
import type { PublicTrade } from "../views/public-trade.ts";
import type { Tape } from "../views/tape.ts";
import { EventStream } from "./event-stream.ts";
import type { Feed, Opening } from "./feed.ts";

export interface MarketParts {
  readonly exchange: Pick<Exchange, "venue" | "clock" | "durable">;
  readonly tape: Pick<Tape, "day" | "count">;
}

interface TradeFact extends PublicTrade {
  readonly instrument: InstrumentId;
}

interface InstrumentFeeds {
  readonly orderbook: Feed<LevelChanged>;
  readonly trades: Feed<TradeFact>;
  readonly ticker: Feed<unknown>;
}

/** Sequences of the last events before a stream begins, as functions of the journal. */
interface Heads {
  readonly book: number;
  readonly trades: number;
}

/** Levels of a side in a snapshot when the client names no other number. */
const DEPTH = 1_000;

/** What everybody may follow: books, trades and tickers of every instrument. */
export class MarketStreams {
  readonly #parts: MarketParts;
  readonly #byInstrument = new Map<InstrumentId, InstrumentFeeds>();
  #allTrades!: Feed<TradeFact>;
  /** Instruments whose ticker may have changed since it was last read. */
  readonly #stale = new Set<InstrumentId>();

  /** For a venue that stands where the first unit follows: sequences go on from there. */
  constructor(parts: MarketParts) {
    this.#parts = parts;
    this.goOn();
  }

  /** Begins anew where the venue stands. Before anybody follows. */
  goOn(): void {
    const render = (trade: TradeFact) => this.#renderTrade(trade);
    const topic = { channel: "trades" } as const;
    const { lastTrade } = this.#venue;
    this.#allTrades = { stream: new EventStream({ topic, type: "trade", render }, lastTrade) };
    this.#byInstrument.clear();
    for (const { id } of this.#venue.instruments()) {
      const heads = { book: this.#venue.bookSequence(id), trades: this.#parts.tape.count(id) };
      this.#byInstrument.set(id, this.#feedsOf(id, heads));
    }
  }

  /**
   * The venue stands where the journal ends: tickers, which nobody could follow yet, are numbered behind all
   * that any run before could have sent, at most one a unit.
   */
  recovered(): void {
    for (const [id, feeds] of this.#byInstrument) {
      this.#byInstrument.set(id, { ...feeds, ticker: this.#tickerOf(id) });
    }
  }

  /** Trades of all instruments; the trade's own number is their sequence. */
  get allTrades(): Feed<TradeFact> {
    return this.#allTrades;
  }

  /** The feeds of an instrument. */
  of(instrument: InstrumentId): InstrumentFeeds {
    let feeds = this.#byInstrument.get(instrument);
    if (feeds === undefined) {
      // Listed later: nothing happened before the first event that is recorded.
      feeds = this.#feedsOf(instrument, { book: 0, trades: 0 });
      this.#byInstrument.set(instrument, feeds);
    }
    return feeds;
  }

  *streams(): Generator<EventStream> {
    yield this.allTrades.stream as EventStream;
    for (const { orderbook, trades, ticker } of this.#byInstrument.values()) {
      yield orderbook.stream as EventStream;
      yield trades.stream as EventStream;
      yield ticker.stream as EventStream;
    }
  }

  record(unit: Unit): void {
    for (const event of unit.events) this.#recordEvent(unit, event);
  }

  /** Renews the tickers that somebody follows and that may have changed. */
  async renewTickers(): Promise<void> {
    const { venue } = this.#parts.exchange;
    const stale = [...this.#stale].filter((id) => this.of(id).ticker.stream.subscribers > 0);
    if (stale.length === 0) return;

    this.#stale.clear();
    const unit = venue.sequence;
    const tickers = stale.map((id) => this.#renderTicker(id));
    await this.#parts.exchange.durable();
    for (const [index, id] of stale.entries()) {
      this.of(id).ticker.stream.append(unit, tickers[index]);
    }
  }

  /** Whether `renewTickers` has anything to do. */
  get tickersAreStale(): boolean {
    return this.#stale.size > 0;
  }

  #recordEvent(unit: Unit, event: VenueEvent): void {
    if (event.kind === "level_changed") {
      const { orderbook } = this.of(event.instrument);
      orderbook.stream.append(unit.sequence, event, event.bookSequence);
      this.#noteStale(event.instrument);
    } else if (event.kind === "trade") {
      const fact = { ...event, executedAt: unit.time };
      this.allTrades.stream.append(unit.sequence, fact, event.tradeSeq);
      this.of(event.instrument).trades.stream.append(unit.sequence, fact);
      this.#noteStale(event.instrument);
    }
  }

  #noteStale(instrument: InstrumentId): void {
    if (this.of(instrument).ticker.stream.subscribers > 0) this.#stale.add(instrument);
  }

  #feedsOf(id: InstrumentId, heads: Heads): InstrumentFeeds {
    const { symbol } = this.#venue.instrument(id);
    return {
      orderbook: {
        stream: new EventStream(
          {
            topic: { channel: "orderbook", symbol },
            type: "update",
            render: (change: LevelChanged) => this.#renderChange(change),
          },
          heads.book,
        ),
        opening: (depth = DEPTH) => this.#openBook(id, depth),
      },
      trades: {
        stream: new EventStream(
          {
            topic: { channel: "trades", symbol },
            type: "trade",
            render: (trade: TradeFact) => this.#renderTrade(trade),
          },
          heads.trades,
        ),
      },
      ticker: this.#tickerOf(id),
    };
  }

  #tickerOf(id: InstrumentId): Feed<unknown> {
    const { symbol } = this.#venue.instrument(id);
    return {
      stream: new EventStream(
        {
          topic: { channel: "ticker", symbol },
          type: "ticker",
          render: (ticker: unknown) => ticker,
        },
        this.#venue.sequence,
      ),
      opening: () => this.#openTicker(id),
    };
  }

  get #venue(): VenueView {
    return this.#parts.exchange.venue;
  }

  async #openBook(id: InstrumentId, depth: number): Promise<Opening> {
    const sequence = this.#venue.bookSequence(id);
    const now = this.#parts.exchange.clock.now();
    const data = renderBook(this.#venue.instrument(id), this.#venue, depth, now);
    await this.#parts.exchange.durable();
    return { type: "snapshot", sequence, data };
  }

  async #openTicker(id: InstrumentId): Promise<Opening> {
    const sequence = this.of(id).ticker.stream.head;
    const data = this.#renderTicker(id);
    await this.#parts.exchange.durable();
    return { type: "ticker", sequence, data };
  }

  #renderChange({ instrument: id, side, price, quantity, bookSequence }: LevelChanged): unknown {
    const instrument = this.#venue.instrument(id);
    const level = [textOf(price, instrument.tickSize), textOf(quantity, instrument.lotSize)];
    const [bids, asks] = side === "buy" ? [[level], []] : [[], [level]];
    return { symbol: instrument.symbol, sequence: bookSequence, bids, asks };
  }

  #renderTrade(trade: TradeFact): unknown {
    const instrument = this.#venue.instrument(trade.instrument);
    return { symbol: instrument.symbol, ...renderTrade(trade, instrument) };
  }

  #renderTicker(id: InstrumentId): unknown {
    const { exchange, tape } = this.#parts;
    const now = exchange.clock.now();
    return renderTicker(this.#venue.instrument(id), this.#venue, tape.day(id, now), now);
  }
}
