import { assert, type Ticks, type Timestamp, timestamp } from "@tse/domain";
import { CandleTotal } from "./candle-total.ts";
import type { PublicTrade } from "./public-trade.ts";

/*
 * One candle is one row of doubles:
 *
 * | 0     | 1    | 2    | 3   | 4     | 5      | 6           | 7          | 8 … 15                     |
 * | start | open | high | low | close | trades | first trade | last trade | four sums: high, low parts |
 *
 * The sums are those of `CandleTotal`: volume, tick-lots, and the same of buying takers.
 */
const WIDTH = 16;
const SUMS = 8;
const FIRST_ALLOCATION = 64;

/** For a snapshot: the rows one after another, oldest first. */
export interface CandleSeriesState {
  readonly rows: Float64Array;
  readonly dropped: number;
}

/**
 * The candles of one instrument and one stored interval that had a trade, oldest first. The newest
 * `capacity` are kept, in one typed array that grows up to that: a month of minutes is 5.5 MB and
 * nothing for the garbage collector to walk.
 */
export class CandleSeries {
  readonly #capacity: number;
  #rows = new Float64Array(0);
  #allocated = 0;
  #first = 0;
  #length = 0;
  /** Start of the newest candle that was dropped: what began by then is incomplete. */
  #dropped = Number.NEGATIVE_INFINITY;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get length(): number {
    return this.#length;
  }

  /** Whether every trade from `time` on is still in here. */
  covers(time: Timestamp): boolean {
    return time > this.#dropped;
  }

  start(index: number): Timestamp {
    return timestamp(this.#rows[this.#offset(index)] as number);
  }

  close(index: number): Ticks {
    return this.#rows[this.#offset(index) + 4] as Ticks;
  }

  save(): CandleSeriesState {
    const rows = new Float64Array(this.#length * WIDTH);
    for (let index = 0; index < this.#length; index += 1) {
      const from = this.#offset(index);
      rows.set(this.#rows.subarray(from, from + WIDTH), index * WIDTH);
    }
    return { rows, dropped: this.#dropped };
  }

  /** Into a series without a candle. */
  restore({ rows, dropped }: CandleSeriesState): void {
    this.#dropped = dropped;
    for (let from = 0; from < rows.length; from += WIDTH) {
      this.#append(timestamp(rows[from] as number));
      this.#rows.set(rows.subarray(from, from + WIDTH), this.#offset(this.#length - 1));
    }
  }

  /** Index of the first candle that starts at `time` or later; `length` when there is none. */
  indexFrom(time: Timestamp): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.start(middle) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Counts a trade into the candle that starts at `start`: the newest one or a new one. */
  add(start: Timestamp, trade: PublicTrade): void {
    const newest = this.#length - 1;
    assert(newest < 0 || start >= this.start(newest), "trades are counted in order of time");
    const total = new CandleTotal();
    if (newest >= 0 && start === this.start(newest)) this.addTo(total, newest);
    else this.#append(start);
    total.addTrade(trade);
    this.#write(this.#length - 1, total);
  }

  /** Adds a candle to `total`, which must have no later one. */
  addTo(total: CandleTotal, index: number): void {
    const row = this.#offset(index);
    const column = (position: number): number => this.#rows[row + position] as number;

    if (total.trades === 0) {
      total.open = column(1);
      total.firstTrade = column(6);
    }
    total.high = Math.max(total.high, column(2));
    total.low = Math.min(total.low, column(3));
    total.close = column(4);
    total.trades += column(5);
    total.lastTrade = column(7);
    total.sums.forEach((sum, position) => {
      sum.addParts(column(SUMS + 2 * position), column(SUMS + 2 * position + 1));
    });
  }

  #write(index: number, total: CandleTotal): void {
    const row = this.#offset(index);
    const { open, high, low, close, trades, firstTrade, lastTrade } = total;
    this.#rows.set([open, high, low, close, trades, firstTrade, lastTrade], row + 1);
    total.sums.forEach((sum, position) => {
      this.#rows.set([sum.high, sum.low], row + SUMS + 2 * position);
    });
  }

  #append(start: Timestamp): void {
    if (this.#length === this.#capacity) {
      this.#dropped = this.start(0);
      this.#first = (this.#first + 1) % this.#allocated;
      this.#length -= 1;
    } else if (this.#length === this.#allocated) {
      this.#grow();
    }
    this.#length += 1;
    this.#rows[this.#offset(this.#length - 1)] = start;
  }

  /** Only a full array that never dropped a candle grows, so its oldest row is the first. */
  #grow(): void {
    this.#allocated = Math.min(this.#capacity, Math.max(FIRST_ALLOCATION, 2 * this.#allocated));
    const rows = new Float64Array(this.#allocated * WIDTH);
    rows.set(this.#rows);
    this.#rows = rows;
  }

  #offset(index: number): number {
    return ((this.#first + index) % this.#allocated) * WIDTH;
  }
}
