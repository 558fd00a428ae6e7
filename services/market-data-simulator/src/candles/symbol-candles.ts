import type { Timestamp } from "@tse/domain";
import { CANDLE_INTERVALS, type CandleInterval } from "@tse/market-data-adapter";
import { Recent } from "@tse/service-kit";
import type { SymbolTerms } from "../feed/symbol-terms.ts";
import { CandleFold, type Point } from "./candle-fold.ts";
import { type Day, DayStatistics } from "./day-statistics.ts";
import type { MarketCandle } from "./market-candle.ts";

export const INTERVALS = Object.keys(CANDLE_INTERVALS) as readonly CandleInterval[];

/** Closed candles of each interval that are held: a day and an hour of minutes. */
const HELD = 1_500;

const LONGER = INTERVALS.filter((interval) => interval !== "1m");

/** Told of each candle as it closes, shorter ones first. */
export type CandleListener = (candle: MarketCandle) => void;

/**
 * The candles of one symbol in six intervals. Minutes are made of the ticks, longer ones of the minutes; a span
 * without a tick has no candle.
 *
 * A tick counts in the minute that its time falls into. Once a minute was closed nothing is added to it any more:
 * an earlier tick than the newest minute's start is late, and is refused.
 */
export class SymbolCandles {
  /** Told of each candle that closes. */
  onClosed: CandleListener = () => {};
  readonly #day = new DayStatistics();
  readonly #minute: CandleFold;
  readonly #longer: readonly CandleFold[];
  readonly #closed = new Map(INTERVALS.map((each) => [each, new Recent<MarketCandle>(HELD)]));
  /** Before this everything is closed. */
  #closedUntil = 0;

  constructor(terms: SymbolTerms) {
    this.#minute = new CandleFold(terms, "1m");
    this.#longer = LONGER.map((interval) => new CandleFold(terms, interval));
  }

  /** @returns false for a tick that is too late */
  add(point: Point): boolean {
    if (point.time < this.#closedUntil) return false;
    if (!this.#minute.takes(point.time)) this.#closeMinute();
    this.#closeLonger(point.time);
    this.#minute.add(point);
    return true;
  }

  /** Closes what is over by `time`, whether a tick came since or not. */
  closeUpTo(time: Timestamp): void {
    if (!this.#minute.isEmpty && this.#minute.end <= time) this.#closeMinute();
    this.#closeLonger(time);
    this.#day.forget(time);
  }

  /** The candle that is being made; `undefined` before its first tick. */
  running(interval: CandleInterval): MarketCandle | undefined {
    const minute = this.#minute.isEmpty ? undefined : this.#minute.candle(false);
    if (interval === "1m") return minute;
    const fold = this.#longer.find((each) => each.interval === interval) as CandleFold;
    if (!fold.isEmpty) return fold.candle(false, minute);
    if (minute === undefined) return undefined;
    const alone = new CandleFold(minute.terms, interval);
    alone.merge(minute);
    return alone.candle(false);
  }

  /** The last 24 hours; `undefined` without a tick in them. */
  day(): Day | undefined {
    return this.#day.day(this.running("1m"));
  }

  /** Deviation of a year's log return over the last 24 hours; `undefined` with fewer than three minutes. */
  volatility(): number | undefined {
    return this.#day.volatility();
  }

  /** Closed candles held, oldest first. */
  closed(interval: CandleInterval): Recent<MarketCandle> {
    return this.#closed.get(interval) as Recent<MarketCandle>;
  }

  #closeMinute(): void {
    const minute = this.#minute.candle(true);
    this.#minute.clear();
    this.#closeLonger(minute.startTime);
    for (const fold of this.#longer) fold.merge(minute);
    this.#day.add(minute);
    this.#keep(minute);
    this.#closeLonger(minute.endTime);
  }

  #closeLonger(time: Timestamp): void {
    for (const fold of this.#longer) {
      if (fold.isEmpty || fold.end > time) continue;
      // What the running minute holds belongs to a later candle: minutes never lie across an end.
      const candle = fold.candle(true);
      fold.clear();
      this.#keep(candle);
    }
  }

  #keep(candle: MarketCandle): void {
    this.#closed.get(candle.interval)?.add(candle);
    if (candle.interval === "1m") this.#closedUntil = candle.endTime;
    this.onClosed(candle);
  }
}
