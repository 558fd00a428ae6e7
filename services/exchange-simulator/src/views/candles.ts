import {
  type Amount,
  amount,
  assert,
  type Lots,
  type Ticks,
  type Timestamp,
  type TradeSeq,
  timestamp,
} from "@tse/domain";
import {
  type BaseInterval,
  CANDLE_INTERVALS,
  type CandleInterval,
  isCandleInterval,
} from "./candle-interval.ts";
import { CandleSeries, type CandleSeriesState } from "./candle-series.ts";
import { CandleTotal } from "./candle-total.ts";
import type { PublicTrade } from "./public-trade.ts";

/** Sums are in lots and in the quote asset; a sum has no bound, so lots are a bigint here. */
export interface Candle {
  readonly openTime: Timestamp;
  /** Where the next candle begins. */
  readonly closeTime: Timestamp;
  readonly open: Ticks;
  readonly high: Ticks;
  readonly low: Ticks;
  readonly close: Ticks;
  readonly volume: bigint;
  readonly notional: Amount;
  readonly trades: number;
  /** The part of `volume` and `notional` whose taker bought. */
  readonly takerBuyVolume: bigint;
  readonly takerBuyNotional: Amount;
}

export interface CandleQuery {
  /** World time: candles reach up to the one that covers it. */
  readonly now: Timestamp;
  /** At most this many: the oldest from `from`, or, without it, the newest. */
  readonly limit: number;
  /** Only candles that open then or later. */
  readonly from?: Timestamp | undefined;
  /** Only candles that open then or earlier. */
  readonly to?: Timestamp | undefined;
}

/** Trades of the minutes from `openTime` to `closeTime`, both inclusive. */
export interface Statistics {
  readonly openTime: Timestamp;
  readonly closeTime: Timestamp;
  /** With no trade in the window, all four are the last trade's price before it. */
  readonly open: Ticks;
  readonly high: Ticks;
  readonly low: Ticks;
  readonly last: Ticks;
  readonly lastQuantity: Lots;
  /** The last price before the window; `open` when the market's first trade is in it. */
  readonly previousClose: Ticks;
  readonly volume: bigint;
  readonly notional: Amount;
  readonly trades: number;
  /** `undefined` when there was no trade. */
  readonly firstTrade: TradeSeq | undefined;
  readonly lastTrade: TradeSeq | undefined;
}

/** For a snapshot. */
export interface CandlesState {
  readonly series: Readonly<Record<BaseInterval, CandleSeriesState>>;
  readonly last: PublicTrade | undefined;
}

/** How many candles of each stored interval are kept: at least an hour, 30 days, 2 and 20 years. */
const KEPT: Readonly<Record<BaseInterval, number>> = {
  "1s": 3_600,
  "1m": 43_200,
  "1h": 17_544,
  "1d": 7_305,
};
const BASE_INTERVALS = Object.keys(KEPT).filter(isCandleInterval) as readonly BaseInterval[];

/**
 * The candles of one instrument, of every interval, added up from four stored ones. From the oldest
 * candle that is whole to now they have no gap: an interval without a trade is flat at the price
 * before it. All integers, so that a candle equals the sum of its trades to the last digit.
 */
export class Candles {
  readonly #minorPerTickLot: bigint;
  readonly #series: Readonly<Record<BaseInterval, CandleSeries>>;
  #last: PublicTrade | undefined;

  /** @param kept other numbers of stored candles, for tests */
  constructor(minorPerTickLot: number, kept: Partial<Record<BaseInterval, number>> = {}) {
    const series = (base: BaseInterval): CandleSeries => new CandleSeries(kept[base] ?? KEPT[base]);
    this.#minorPerTickLot = BigInt(minorPerTickLot);
    this.#series = {
      "1s": series("1s"),
      "1m": series("1m"),
      "1h": series("1h"),
      "1d": series("1d"),
    };
  }

  /** In order of execution. */
  add(trade: PublicTrade): void {
    for (const base of BASE_INTERVALS) {
      const { number, start } = CANDLE_INTERVALS[base];
      this.#series[base].add(start(number(trade.executedAt)), trade);
    }
    this.#last = trade;
  }

  save(): CandlesState {
    const saved = BASE_INTERVALS.map((base) => [base, this.#series[base].save()]);
    return { series: Object.fromEntries(saved), last: this.#last };
  }

  /** Into candles without a trade. */
  restore({ series, last }: CandlesState): void {
    for (const base of BASE_INTERVALS) this.#series[base].restore(series[base]);
    this.#last = last;
  }

  /** Oldest first; empty before the first trade. */
  read(interval: CandleInterval, query: CandleQuery): readonly Candle[] {
    const { base, number, start } = CANDLE_INTERVALS[interval];
    const series = this.#series[base];
    if (series.length === 0) return [];

    let first = number(series.start(0));
    if (!series.covers(start(first))) first += 1;
    let last = number(this.#notBefore(query.now));
    if (query.to !== undefined) last = Math.min(last, number(query.to));
    if (query.from !== undefined) {
      first = Math.max(first, number(timestamp(query.from - 1)) + 1);
      last = Math.min(last, first + query.limit - 1);
    }
    first = Math.max(first, last - query.limit + 1);

    const candles: Candle[] = [];
    let index = series.indexFrom(start(first));
    for (let at = first; at <= last; at += 1) {
      const total = new CandleTotal();
      const end = start(at + 1);
      for (; index < series.length && series.start(index) < end; index += 1) {
        series.addTo(total, index);
      }
      candles.push(this.#candle(start(at), end, flatWhenEmpty(total, series, index)));
    }
    return candles;
  }

  /**
   * The `minutes` whole minutes that end with the one running at `now`, up to `now`; `undefined`
   * before the first trade. `minutes` is at most 43,200.
   */
  statistics(now: Timestamp, minutes: number): Statistics | undefined {
    if (this.#last === undefined) return undefined;
    const series = this.#series["1m"];
    const closeTime = this.#notBefore(now);
    const { number, start } = CANDLE_INTERVALS["1m"];
    const openTime = start(number(closeTime) - minutes + 1);

    const first = series.indexFrom(openTime);
    const total = new CandleTotal();
    for (let index = first; index < series.length; index += 1) series.addTo(total, index);
    const { trades, firstTrade, lastTrade } = total;
    const flat = flatWhenEmpty(total, series, first);
    const { open, high, low, volume, notional } = this.#candle(openTime, closeTime, flat);
    return {
      openTime,
      closeTime,
      open,
      high,
      low,
      last: this.#last.price,
      lastQuantity: this.#last.quantity,
      previousClose: first > 0 ? series.close(first - 1) : open,
      volume,
      notional,
      trades,
      firstTrade: trades > 0 ? (firstTrade as TradeSeq) : undefined,
      lastTrade: trades > 0 ? (lastTrade as TradeSeq) : undefined,
    };
  }

  /** A command may be stamped ahead of a reader's clock, which is then behind its own trades. */
  #notBefore(now: Timestamp): Timestamp {
    return timestamp(Math.max(now, this.#last?.executedAt ?? now));
  }

  #candle(openTime: Timestamp, closeTime: Timestamp, total: CandleTotal): Candle {
    const notional = (tickLots: bigint): Amount => amount(tickLots * this.#minorPerTickLot);
    return {
      openTime,
      closeTime,
      open: total.open as Ticks,
      high: total.high as Ticks,
      low: total.low as Ticks,
      close: total.close as Ticks,
      volume: total.volume.value,
      notional: notional(total.tickLots.value),
      trades: total.trades,
      takerBuyVolume: total.takerBuyVolume.value,
      takerBuyNotional: notional(total.takerBuyTickLots.value),
    };
  }
}

/** @param index of the first stored candle after this stretch of time */
function flatWhenEmpty(total: CandleTotal, series: CandleSeries, index: number): CandleTotal {
  if (total.trades > 0) return total;
  assert(index > 0, "a trade precedes every candle");
  const price = series.close(index - 1);
  return Object.assign(total, { open: price, high: price, low: price, close: price });
}
