import { CANDLE_INTERVALS } from "@tse/market-data-adapter";
import { Recent } from "@tse/service-kit";
import type { MarketCandle } from "./market-candle.ts";

/** The last 24 hours of one symbol. Prices and volumes in the units of ticks. */
export interface Day {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly last: number;
  readonly volume: number;
  /** Sum of price × volume. */
  readonly quoteVolume: bigint;
  /** Ticks. */
  readonly count: number;
}

const MINUTE = CANDLE_INTERVALS["1m"];
const MINUTES = CANDLE_INTERVALS["1d"] / MINUTE;
const MINUTES_A_YEAR = 365 * MINUTES;

/** Statistics of a rolling day: the running minute and the 1,439 before it. Sums are kept, not made anew. */
export class DayStatistics {
  /** Closed minutes, oldest first; those before `#first` are no longer in the window. */
  readonly #minutes = new Recent<MarketCandle>(MINUTES);
  #first = 0;
  #high = 0;
  #low = Number.MAX_SAFE_INTEGER;
  #volume = 0;
  #quoteVolume = 0n;
  #count = 0;

  /** A minute is over. In order of time. */
  add(minute: MarketCandle): void {
    this.forget(minute.endTime);
    if (this.#minutes.length === MINUTES) this.#first -= 1;
    this.#minutes.add(minute);
    this.#volume += minute.volume;
    this.#quoteVolume += minute.quoteVolume;
    this.#count += minute.ticks;
    this.#high = Math.max(this.#high, minute.high);
    this.#low = Math.min(this.#low, minute.low);
  }

  /** Leaves out what is more than a day old at `time`. */
  forget(time: number): void {
    const start = (Math.floor(time / MINUTE) + 1 - MINUTES) * MINUTE;
    let lostExtreme = false;
    for (;;) {
      const oldest = this.#minutes.at(this.#first);
      if (oldest === undefined || oldest.startTime >= start) break;
      this.#first += 1;
      this.#volume -= oldest.volume;
      this.#quoteVolume -= oldest.quoteVolume;
      this.#count -= oldest.ticks;
      lostExtreme ||= oldest.high === this.#high || oldest.low === this.#low;
    }
    if (lostExtreme) this.#findExtremes();
  }

  /** @param running the minute that is being made; `undefined` without a tick in 24 hours */
  day(running: MarketCandle | undefined): Day | undefined {
    const first = this.#minutes.at(this.#first);
    if (first === undefined) return running && asDay(running);
    const closed: Day = {
      open: first.open,
      high: this.#high,
      low: this.#low,
      last: this.#minutes.at(this.#minutes.length - 1)?.close ?? first.close,
      volume: this.#volume,
      quoteVolume: this.#quoteVolume,
      count: this.#count,
    };
    return running === undefined ? closed : joined(closed, asDay(running));
  }

  /** Deviation of a year's log return, from the closes of the day's minutes; `undefined` with fewer than three. */
  volatility(): number | undefined {
    const closes = [...this.#minutes.from(this.#first)].map(({ close }) => close);
    if (closes.length < 3) return undefined;
    const returns = closes.slice(1).map((close, index) => Math.log(close / (closes[index] ?? 1)));
    const mean = returns.reduce((sum, each) => sum + each, 0) / returns.length;
    const squares = returns.reduce((sum, each) => sum + (each - mean) ** 2, 0);
    return Math.sqrt((squares / (returns.length - 1)) * MINUTES_A_YEAR);
  }

  #findExtremes(): void {
    this.#high = 0;
    this.#low = Number.MAX_SAFE_INTEGER;
    for (let index = this.#first; index < this.#minutes.length; index++) {
      const { high, low } = this.#minutes.at(index) as MarketCandle;
      if (high > this.#high) this.#high = high;
      if (low < this.#low) this.#low = low;
    }
  }
}

function asDay({ open, high, low, close, volume, quoteVolume, ticks }: MarketCandle): Day {
  return { open, high, low, last: close, volume, quoteVolume, count: ticks };
}

function joined(earlier: Day, later: Day): Day {
  return {
    open: earlier.open,
    high: Math.max(earlier.high, later.high),
    low: Math.min(earlier.low, later.low),
    last: later.last,
    volume: earlier.volume + later.volume,
    quoteVolume: earlier.quoteVolume + later.quoteVolume,
    count: earlier.count + later.count,
  };
}
