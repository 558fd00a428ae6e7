import type { InstrumentId, Timestamp, Trade, TradeSeq } from "@tse/domain";
import type { VenueView } from "@tse/venue";
import type { Unit } from "../exchange.ts";
import type { CandleInterval } from "./candle-interval.ts";
import { type Candle, type CandleQuery, Candles, type Statistics } from "./candles.ts";
import type { PublicTrade } from "./public-trade.ts";

/** Trades of one instrument that are kept one by one. */
const TRADES_KEPT = 10_000;
const DAY_MINUTES = 24 * 60;

interface Reel {
  /** Oldest first; at most twice `TRADES_KEPT`. */
  readonly trades: PublicTrade[];
  readonly candles: Candles;
}

/**
 * What everybody may know of every instrument's trades: the newest 10,000 one by one, candles, and
 * the day's statistics. Folded from released units, so whatever it shows is durable.
 */
export class Tape {
  readonly #venue: Pick<VenueView, "instrument">;
  readonly #reels = new Map<InstrumentId, Reel>();

  constructor(venue: Pick<VenueView, "instrument">) {
    this.#venue = venue;
  }

  /** Subscribe this to the exchange before anything that reads. */
  readonly record = (unit: Unit): void => {
    for (const event of unit.events) {
      if (event.kind === "trade") this.#add(event, unit.time);
    }
  };

  /** The newest `limit` trades, oldest first. */
  recent(instrument: InstrumentId, limit: number): readonly PublicTrade[] {
    return this.#trades(instrument).slice(-limit);
  }

  /** Up to `limit` trades that follow `tradeSeq`, oldest first. */
  after(instrument: InstrumentId, tradeSeq: TradeSeq, limit: number): readonly PublicTrade[] {
    const trades = this.#trades(instrument);
    const start = firstWhere(trades, (trade) => trade.tradeSeq > tradeSeq);
    return trades.slice(start, start + limit);
  }

  /** Trades executed from `from` to `to`, both inclusive, oldest first. */
  between(instrument: InstrumentId, from: Timestamp, to: Timestamp): readonly PublicTrade[] {
    const trades = this.#trades(instrument);
    const start = firstWhere(trades, (trade) => trade.executedAt >= from);
    return trades.slice(
      start,
      firstWhere(trades, (trade) => trade.executedAt > to),
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

  #trades(instrument: InstrumentId): readonly PublicTrade[] {
    return this.#reels.get(instrument)?.trades ?? [];
  }

  #add(event: Trade, executedAt: Timestamp): void {
    const { tradeSeq, price, quantity, notional, takerSide, takerOrder, makerOrder } = event;
    const trade: PublicTrade = {
      tradeSeq,
      price,
      quantity,
      notional,
      takerSide,
      executedAt,
      takerOrder,
      makerOrder,
    };
    const { trades, candles } = this.#reel(event.instrument);
    candles.add(trade);
    trades.push(trade);
    if (trades.length >= 2 * TRADES_KEPT) trades.splice(0, trades.length - TRADES_KEPT);
  }

  #reel(instrument: InstrumentId): Reel {
    let reel = this.#reels.get(instrument);
    if (reel === undefined) {
      const { minorPerTickLot } = this.#venue.instrument(instrument);
      reel = { trades: [], candles: new Candles(minorPerTickLot) };
      this.#reels.set(instrument, reel);
    }
    return reel;
  }
}

/** Index of the first trade for which `holds` is true, as it then is for all that follow. */
function firstWhere(
  trades: readonly PublicTrade[],
  holds: (trade: PublicTrade) => boolean,
): number {
  let low = 0;
  let high = trades.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(trades[middle] as PublicTrade)) high = middle;
    else low = middle + 1;
  }
  return low;
}
