import { type Timestamp, timestamp } from "@tse/domain";
import { CANDLE_INTERVALS, type CandleInterval } from "@tse/market-data-adapter";
import type { SymbolTerms } from "../feed/symbol-terms.ts";
import type { MarketCandle } from "./market-candle.ts";

/** One tick, as far as candles care. */
export interface Point {
  readonly time: Timestamp;
  readonly price: number;
  readonly volume: number;
  readonly sequence: number;
  readonly source: string;
}

/** Whole numbers below this add up exactly in a double. */
const EXACT = 2 ** 52;

/** The candle of one interval that is being made: a fold over ticks, or over the candles of minutes. */
export class CandleFold {
  readonly interval: CandleInterval;
  readonly #terms: SymbolTerms;
  readonly #length: number;
  #start = 0;
  #open = 0;
  #high = 0;
  #low = 0;
  #close = 0;
  #volume = 0;
  /** The newest part of the sum as a double, which is far quicker; it moves over before it is inexact. */
  #quotePart = 0;
  #quoteVolume = 0n;
  #ticks = 0;
  #sequence = 0;
  #source = "";

  constructor(terms: SymbolTerms, interval: CandleInterval) {
    this.interval = interval;
    this.#terms = terms;
    this.#length = CANDLE_INTERVALS[interval];
  }

  get isEmpty(): boolean {
    return this.#ticks === 0;
  }

  /** Excluded end of the candle's time. */
  get end(): number {
    return this.#start + this.#length;
  }

  /** Whether a time belongs to this candle, or to one that is yet to begin. */
  takes(time: Timestamp): boolean {
    return this.isEmpty || (time >= this.#start && time < this.end);
  }

  add(point: Point): void {
    const { price, volume } = point;
    this.#begin(point.time, price);
    if (price > this.#high) this.#high = price;
    if (price < this.#low) this.#low = price;
    this.#close = price;
    this.#volume += volume;
    this.#addQuote(price, volume);
    this.#ticks += 1;
    this.#sequence = point.sequence;
    this.#source = point.source;
  }

  /** Takes in a candle of a shorter interval that follows what is here. */
  merge(candle: MarketCandle): void {
    this.#begin(candle.startTime, candle.open);
    this.#high = Math.max(this.#high, candle.high);
    this.#low = Math.min(this.#low, candle.low);
    this.#close = candle.close;
    this.#volume += candle.volume;
    this.#quoteVolume += candle.quoteVolume;
    this.#ticks += candle.ticks;
    this.#sequence = candle.sequence;
    this.#source = candle.source;
  }

  /** The candle so far. @param rest what belongs to it as well and was not merged yet */
  candle(isClosed: boolean, rest?: MarketCandle): MarketCandle {
    const startTime = timestamp(this.#start);
    const whole: MarketCandle = {
      terms: this.#terms,
      interval: this.interval,
      startTime,
      endTime: timestamp(this.end),
      open: this.#open,
      high: this.#high,
      low: this.#low,
      close: this.#close,
      volume: this.#volume,
      quoteVolume: this.#quoteVolume + BigInt(this.#quotePart),
      ticks: this.#ticks,
      sequence: this.#sequence,
      source: this.#source,
      isClosed,
    };
    if (rest === undefined) return whole;
    return {
      ...whole,
      high: Math.max(whole.high, rest.high),
      low: Math.min(whole.low, rest.low),
      close: rest.close,
      volume: whole.volume + rest.volume,
      quoteVolume: whole.quoteVolume + rest.quoteVolume,
      ticks: whole.ticks + rest.ticks,
      sequence: rest.sequence,
      source: rest.source,
    };
  }

  clear(): void {
    this.#ticks = 0;
  }

  #begin(time: Timestamp, open: number): void {
    if (!this.isEmpty) return;
    this.#start = Math.floor(time / this.#length) * this.#length;
    this.#open = open;
    this.#high = open;
    this.#low = open;
    this.#volume = 0;
    this.#quotePart = 0;
    this.#quoteVolume = 0n;
  }

  #addQuote(price: number, volume: number): void {
    const amount = price * volume;
    if (amount >= EXACT) {
      this.#quoteVolume += BigInt(price) * BigInt(volume);
      return;
    }
    if (this.#quotePart + amount >= EXACT) {
      this.#quoteVolume += BigInt(this.#quotePart);
      this.#quotePart = 0;
    }
    this.#quotePart += amount;
  }
}
