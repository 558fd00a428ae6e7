import type { InstrumentId, Sequence, Timestamp, Trade, TradeSeq } from "@tse/domain";
import type { VenueView } from "@tse/venue";
import type { Unit } from "../exchange.ts";
import type { CandleInterval } from "./candle-interval.ts";
import {
  type Candle,
  type CandleQuery,
  Candles,
  type CandlesState,
  type Statistics,
} from "./candles.ts";
import { Forgotten, type ForgottenState } from "./forgotten.ts";
import type { PublicTrade } from "./public-trade.ts";
import { type Kept, Retention, type RetentionState } from "./retention.ts";

/** Trades of one instrument that are kept one by one. */
const TRADES_KEPT = 10_000;
/** Those of them that a snapshot holds even when SQL has them, and most that it holds. */
const TRADES_SAVED = 1_000;
const TRADES_SAVED_MOST = TRADES_KEPT;
const DAY_MINUTES = 24 * 60;

interface TapedTrade extends PublicTrade {
  /** The unit that made it. */
  readonly sequence: Sequence;
}

interface Reel {
  readonly trades: Kept<TapedTrade>;
  readonly candles: Candles;
  /** All that there ever were. */
  count: number;
}

/** For a snapshot. */
export interface TapeState extends RetentionState {
  readonly forgotten: ForgottenState<InstrumentId>;
  readonly reels: readonly {
    readonly instrument: InstrumentId;
    readonly trades: readonly TapedTrade[];
    readonly candles: CandlesState;
    readonly count: number;
  }[];
}

/**
 * What everybody may know of every instrument's trades: the newest 10,000 and those that aren't in SQL
 * yet one by one, candles, and the day's statistics. Folded from released units, so whatever it shows is durable.
 */
export class Tape {
  readonly #venue: Pick<VenueView, "instrument">;
  readonly #maxTrades: number;
  readonly #reels = new Map<InstrumentId, Reel>();
  readonly #retention = new Retention();
  readonly #forgotten = new Forgotten<InstrumentId>();

  constructor(venue: Pick<VenueView, "instrument">, maxTrades = TRADES_KEPT) {
    this.#venue = venue;
    this.#maxTrades = maxTrades;
  }

  /** Every trade of this unit and later ones is here. */
  get completeFrom(): Sequence {
    return this.#retention.completeFrom;
  }

  /** Subscribe this to the exchange before anything that reads. */
  readonly record = (unit: Unit): void => {
    for (const event of unit.events) {
      if (event.kind === "trade") this.#add(event, unit);
    }
  };

  /** Everything up to `sequence` is in SQL. */
  projected(sequence: Sequence): void {
    this.#retention.projected(sequence);
  }

  /** Trades of the instrument since the world began. */
  count(instrument: InstrumentId): number {
    return this.#reels.get(instrument)?.count ?? 0;
  }

  /** Every trade that has a greater number is here; -1: all are. */
  forgotten(instrument: InstrumentId): number {
    return this.#forgotten.of(instrument);
  }

  /** The newest `limit` trades, oldest first. */
  recent(instrument: InstrumentId, limit: number): readonly PublicTrade[] {
    return this.#reels.get(instrument)?.trades.slice(-limit) ?? [];
  }

  /** Trades executed from `from` to `to`, both inclusive, oldest first. */
  between(instrument: InstrumentId, from: Timestamp, to: Timestamp): readonly PublicTrade[] {
    const trades = this.#reels.get(instrument)?.trades;
    if (trades === undefined) return [];
    const start = trades.firstWhere((trade) => trade.executedAt >= from);
    return trades.slice(
      start,
      trades.firstWhere((trade) => trade.executedAt > to),
    );
  }

  /** Oldest first; without a gap from the first trade that is kept to `query.now`. */
  candles(
    instrument: InstrumentId,
    interval: CandleInterval,
    query: CandleQuery,
  ): readonly Candle[] {
    return this.#reels.get(instrument)?.candles.read(interval, query) ?? [];
  }

  /** The last 24 hours: 1,439 whole minutes and the one running at `now`. `undefined` before the first trade. */
  day(instrument: InstrumentId, now: Timestamp): Statistics | undefined {
    return this.statistics(instrument, now, DAY_MINUTES);
  }

  /** As `day`, of another number of minutes. */
  statistics(instrument: InstrumentId, now: Timestamp, minutes: number): Statistics | undefined {
    return this.#reels.get(instrument)?.candles.statistics(now, minutes);
  }

  /**
   * All candles, and of each instrument the newest 1,000 trades, and those before them that aren't in SQL
   * when SQL has everything up to `projected`: at most 10,000.
   */
  save(projected: Sequence): TapeState {
    let completeFrom = 0;
    const unsaved: (readonly [InstrumentId, TradeSeq])[] = [];
    const reels = [...this.#reels].map(([instrument, { trades, candles, count }]) => {
      const unprojected = trades.firstWhere(({ sequence }) => sequence > projected);
      const wanted = Math.min(unprojected, trades.length - TRADES_SAVED);
      const start = Math.max(0, wanted, trades.length - TRADES_SAVED_MOST);
      if (start > 0) {
        const { sequence, tradeSeq } = trades.at(start - 1);
        completeFrom = Math.max(completeFrom, sequence + 1);
        unsaved.push([instrument, tradeSeq]);
      }
      return { instrument, trades: trades.slice(start), candles: candles.save(), count };
    });
    const forgotten = this.#forgotten.save(unsaved);
    return { ...this.#retention.save(completeFrom), forgotten, reels };
  }

  /** Into a tape that has recorded nothing. */
  restore(state: TapeState): void {
    this.#retention.restore(state);
    this.#forgotten.restore(state.forgotten);
    for (const { instrument, trades, candles, count } of state.reels) {
      const reel = this.#reel(instrument);
      reel.count = count;
      for (const trade of trades) reel.trades.add(trade);
      reel.candles.restore(candles);
    }
  }

  #add(event: Trade, { sequence, time: executedAt }: Unit): void {
    const { tradeSeq, price, quantity, notional, takerSide, takerOrder, makerOrder } = event;
    const what = { tradeSeq, price, quantity, notional, takerSide };
    const trade: TapedTrade = { ...what, executedAt, takerOrder, makerOrder, sequence };
    const reel = this.#reel(event.instrument);
    reel.count += 1;
    reel.candles.add(trade);
    reel.trades.add(trade);
  }

  #reel(instrument: InstrumentId): Reel {
    let reel = this.#reels.get(instrument);
    if (reel === undefined) {
      const { minorPerTickLot } = this.#venue.instrument(instrument);
      const trades = this.#retention.list<TapedTrade>({
        bound: this.#maxTrades,
        sequenceOf: ({ sequence }) => sequence,
        forget: ({ tradeSeq }) => this.#forgotten.note(instrument, tradeSeq),
      });
      reel = { trades, candles: new Candles(minorPerTickLot), count: 0 };
      this.#reels.set(instrument, reel);
    }
    return reel;
  }
}
