import { assert, type Duration, type Random, type Timestamp, timestamp } from "@tse/domain";
import type { MarketModel } from "../market-model.ts";
import { DayBlocks } from "./day-blocks.ts";
import type { MinuteHistory, RelativeMinute } from "./minute-history.ts";
import { MinutePath, SECONDS } from "./minute-path.ts";

export interface BootstrapAsset {
  readonly asset: string;
  /** What one unit is worth at the start, in the unit of account. */
  readonly start: number;
  /** Bounds of the price. `lowest` is above 0. */
  readonly lowest: number;
  readonly highest: number;
}

export interface BootstrapOptions {
  readonly unitOfAccount: string;
  /** What the candles' prices are in units of; assets of the history, one or more of them. */
  readonly assets: readonly BootstrapAsset[];
  readonly history: MinuteHistory;
  /** Mean length of a block in minutes, from 1; a day when absent. */
  readonly blockMinutes?: number;
  /** Distance of two grid points, above 0. Grid points are the multiples of it since 1970. */
  readonly step: Duration;
  readonly start: Timestamp;
  /** Blocks draw from a fork of it, and the seconds of each asset from another. */
  readonly random: Random;
}

const MICROSECONDS_PER_SECOND = 1_000_000;
const MINUTES_PER_YEAR = 365 * 1440;
/** Minutes in which half of what `volatility` knows is forgotten. */
const HALF_LIFE = 15;
const KEPT = 2 ** (-1 / HALF_LIFE);

/**
 * Prices put together from blocks of real days: the mode `bootstrap`. Each minute of the world is a minute
 * of the same time of day of the history, the same for all assets, so that their prices go together
 * as they did; see `DayBlocks`. The price moves on from wherever it is by what the candle moved by, and
 * stands at the candle's open, high, low and close in some second of it; see `MinutePath`.
 *
 * The price changes at whole seconds; grid points between have that of the second in front. A minute that
 * would take a price out of its bounds is mirrored, its rises made falls; one that still does is still.
 * Costs a few microseconds a minute and asset. The same seed and history give the same path, in one
 * advance or in many.
 */
export class BootstrapModel implements MarketModel {
  readonly #unitOfAccount: string;
  readonly #index = new Map<string, number>();
  readonly #strands: readonly Strand[];
  readonly #blocks: DayBlocks;
  readonly #length: Duration;
  #point: number;
  /** Minutes since 1970. */
  #minute: number;
  #second: number;

  constructor(options: BootstrapOptions) {
    const { assets, history, step, start, random } = options;
    assert(step > 0, "the grid has a step");
    for (const [index, { asset }] of assets.entries()) this.#index.set(asset, index);
    assert(this.#index.size === assets.length, "an asset has one path");
    assert(!this.#index.has(options.unitOfAccount), "the unit of account has no path");
    this.#unitOfAccount = options.unitOfAccount;
    this.#length = step;
    this.#point = Math.floor(start / step);
    const second = Math.floor(this.time / MICROSECONDS_PER_SECOND);
    this.#minute = Math.floor(second / SECONDS);
    this.#second = second % SECONDS;
    this.#blocks = new DayBlocks(history, options.blockMinutes ?? 1440, random.fork("blocks"));
    const seconds = random.fork("seconds");
    this.#strands = assets.map((asset) => new Strand(asset, history, seconds.fork(asset.asset)));
    const day = this.#blocks.next(this.#minute);
    for (const strand of this.#strands) strand.begin(day, this.#minute, this.#second);
  }

  get time(): Timestamp {
    return timestamp(this.#point * this.#length);
  }

  /** Minutes that were mirrored or held at a bound, of all assets. */
  get reflections(): number {
    return this.#strands.reduce((sum, { reflections }) => sum + reflections, 0);
  }

  advanceTo(time: Timestamp): void {
    const last = Math.floor(time / this.#length);
    if (last <= this.#point) return;
    this.#moveTo(last - 1);
    for (const strand of this.#strands) strand.count(this.#second);
    this.#moveTo(last);
  }

  logValue(asset: string): number {
    return asset === this.#unitOfAccount ? 0 : this.#strand(asset).logValue(this.#second);
  }

  fairLogValue(asset: string): number {
    return this.logValue(asset);
  }

  /** Imported prices have no side. */
  side(): number {
    return 0;
  }

  volatility(asset: string): number {
    return this.#strand(asset).volatility;
  }

  usualVolatility(asset: string): number {
    return this.#strand(asset).usualVolatility;
  }

  volume(asset: string): number {
    return this.#strand(asset).traded(this.#second);
  }

  depthFactor(): number {
    return 1;
  }

  spreadFactor(): number {
    return 1;
  }

  #strand(asset: string): Strand {
    const index = this.#index.get(asset);
    assert(index !== undefined, `the model knows the asset: ${asset}`);
    return this.#strands[index] as Strand;
  }

  #moveTo(point: number): void {
    this.#point = Math.max(this.#point, point);
    const second = Math.floor(this.time / MICROSECONDS_PER_SECOND);
    const minute = Math.floor(second / SECONDS);
    while (this.#minute < minute) {
      this.#minute += 1;
      const day = this.#blocks.next(this.#minute);
      for (const strand of this.#strands) strand.next(day, this.#minute);
    }
    this.#second = second % SECONDS;
  }
}

/** The price of one asset. */
class Strand {
  readonly usualVolatility: number;
  readonly #history: MinuteHistory;
  readonly #place: number;
  readonly #path: MinutePath;
  readonly #start: number;
  readonly #lowest: number;
  readonly #highest: number;
  /** Log close of the minute in front. */
  #base: number;
  #minute: RelativeMinute = { open: 0, high: 0, low: 0, close: 0, volume: 0 };
  /** Mean squared return of a minute, the newest ones most. */
  #variance: number;
  /** Units traded in the minutes before this one, and at the grid point in front. */
  #before = 0;
  #counted = 0;
  #reflections = 0;

  constructor(asset: BootstrapAsset, history: MinuteHistory, random: Random) {
    const { lowest, start, highest } = asset;
    const isInside = lowest > 0 && lowest <= start && start <= highest;
    assert(isInside && Number.isFinite(highest), "a start price is inside its bounds");
    this.#place = history.assets.indexOf(asset.asset);
    assert(this.#place >= 0, `the history has the asset: ${asset.asset}`);
    this.#history = history;
    this.#path = new MinutePath(random);
    this.#start = Math.log(start);
    this.#lowest = Math.log(lowest);
    this.#highest = Math.log(highest);
    this.#base = this.#start;
    this.usualVolatility = history.volatility(this.#place);
    this.#variance = this.usualVolatility ** 2 / MINUTES_PER_YEAR;
  }

  get reflections(): number {
    return this.#reflections;
  }

  get volatility(): number {
    return Math.sqrt(this.#variance * MINUTES_PER_YEAR);
  }

  logValue(second: number): number {
    // Rounding may pass a bound by the last digit of a logarithm.
    const log = this.#base + this.#path.log(second);
    return Math.min(Math.max(log, this.#lowest), this.#highest);
  }

  traded(second: number): number {
    return this.#before + this.#path.traded(second) - this.#counted;
  }

  /** From here on `traded` counts. */
  count(second: number): void {
    this.#counted = this.#before + this.#path.traded(second);
  }

  /** The minute that the world begins in the middle of: the price at its second is the start price. */
  begin(day: number, minute: number, second: number): void {
    this.#draw(this.#history.minute(this.#place, day, minute % 1440));
    this.#base = this.#start - this.#path.log(second);
    this.count(second);
  }

  next(day: number, minute: number): void {
    const close = this.#base + this.#minute.close;
    this.#base = Math.min(Math.max(close, this.#lowest), this.#highest);
    this.#before += this.#path.traded(SECONDS - 1);
    this.#draw(this.#bounded(this.#history.minute(this.#place, day, minute % 1440)));
  }

  #draw(minute: RelativeMinute): void {
    this.#minute = minute;
    this.#path.draw(minute);
    this.#variance = KEPT * this.#variance + (1 - KEPT) * minute.close ** 2;
  }

  #bounded(minute: RelativeMinute): RelativeMinute {
    if (this.#fits(minute)) return minute;
    this.#reflections += 1;
    const { open, high, low, close, volume } = minute;
    const mirrored = { open: -open, high: -low, low: -high, close: -close, volume };
    return this.#fits(mirrored) ? mirrored : { open: 0, high: 0, low: 0, close: 0, volume };
  }

  #fits({ high, low }: RelativeMinute): boolean {
    return this.#base + low >= this.#lowest && this.#base + high <= this.#highest;
  }
}
