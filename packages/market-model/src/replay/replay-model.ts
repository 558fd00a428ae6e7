import { assert, type Duration, type Timestamp, timestamp } from "@tse/domain";
import type { MarketModel } from "../market-model.ts";
import { RealisedVolatility } from "./realised-volatility.ts";
import { assertSeries, placeAt, type ReplaySeries } from "./replay-series.ts";

export interface ReplayOptions {
  readonly asset: string;
  readonly unitOfAccount: string;
  readonly series: ReplaySeries;
  /** `absolute`: the prices as they are. A number: the price that the first value is scaled to. */
  readonly align: "absolute" | { readonly rebaseTo: number };
  /** Time of the series that passes in one of the world: 0.1 to 1000; 1 when absent. */
  readonly speed?: number;
  /** Where in the series to begin; its first point when absent. */
  readonly from?: Timestamp;
  /** Whether to go on from the first point after the last: a grid point has at most the whole series once. */
  readonly loop?: boolean;
  /** Distance of two grid points, above 0. Grid points are the multiples of it since 1970. */
  readonly step: Duration;
  readonly start: Timestamp;
  /**
   * Called for each point in its turn, none left out and none twice at any speed, before `advanceTo`
   * returns. Must not touch the model.
   */
  readonly onPoint?: (point: ReplayedPoint) => void;
}

export interface ReplayedPoint {
  /** 0, 1, 2, …: the place in the series, going on to count when it begins again. */
  readonly ordinal: number;
  /** Its own time, in the series. */
  readonly at: Timestamp;
  /** The grid point of world time that it belongs to. */
  readonly due: Timestamp;
  readonly logValue: number;
  readonly volume: number;
}

/**
 * ```
 * playing ⇄ paused            pause, resume
 * playing → ended             after the last point, without `loop`
 * any of the three → stopped  stop
 * ```
 */
export type ReplayState = "playing" | "paused" | "ended" | "stopped";

/** Where a replay left the price: what a model that continues it starts from. */
export interface HandOver {
  readonly time: Timestamp;
  readonly logValue: number;
}

const LEAST_SPEED = 0.1;
const MOST_SPEED = 1000;

/**
 * Imported prices of one asset, replayed: the mode `replay:<dataset>`. Between two points of the series
 * the price stays at the earlier one; it starts at the newest at or before `from`.
 *
 * A point k of the series that stands at time p(k) is due at the first grid point of world time at which
 * the replay has come that far: `anchor + step · ⌈(p(k) − position at the anchor) / (speed · step)⌉`. That
 * depends on nothing else, so that one long advance and many short ones, and every speed, give the same
 * points. A rebased replay keeps its value through `seek` and when it begins again; an absolute one jumps
 * to what the series says.
 *
 * Costs a handful of operations a point passed, nothing for time that passes between. Ended or stopped
 * it stays where it is, and `handOver` says where.
 */
export class ReplayModel implements MarketModel {
  readonly #asset: string;
  readonly #unitOfAccount: string;
  readonly #series: ReplaySeries;
  readonly #logs: Float64Array;
  readonly #realised: RealisedVolatility;
  readonly #isRebased: boolean;
  readonly #speed: number;
  readonly #loops: boolean;
  /** From a point to the same point when the series begins again. */
  readonly #lap: number;
  readonly #length: Duration;
  readonly #onPoint: (point: ReplayedPoint) => void;

  #point: number;
  #state: ReplayState = "playing";
  /** World time and time of the series, counted through all laps, from which both are measured. */
  #anchor: number;
  #anchorPosition: number;
  /** Ordinal of the next point to pass. */
  #next = 0;
  /** Added to the series' log price. */
  #offset = 0;
  #logValue: number;
  #volume = 0;
  #handOver: HandOver | undefined;

  constructor(options: ReplayOptions) {
    const { series, align, speed = 1, loop = false, step, start } = options;
    assertSeries(series);
    assert(step > 0, "the grid has a step");
    assert(speed >= LEAST_SPEED && speed <= MOST_SPEED, "a speed is from 0.1 to 1000");
    assert(options.asset !== options.unitOfAccount, "the unit of account has no path");
    this.#asset = options.asset;
    this.#unitOfAccount = options.unitOfAccount;
    this.#series = series;
    this.#logs = series.price.map(Math.log);
    this.#realised = new RealisedVolatility(series);
    this.#isRebased = align !== "absolute";
    this.#speed = speed;
    this.#loops = loop;
    this.#lap = Math.max(lapOf(series), speed * step);
    this.#length = step;
    this.#onPoint = options.onPoint ?? (() => {});
    this.#point = Math.floor(start / step);

    this.#anchor = this.time;
    this.#anchorPosition = options.from ?? this.#first;
    assert(this.#contains(this.#anchorPosition), "a replay begins inside its series");
    this.#logValue = this.#arriveAt(this.#anchorPosition);
    if (align !== "absolute") {
      assert(align.rebaseTo > 0, "a price is above 0");
      this.#offset = Math.log(align.rebaseTo) - this.#logValue;
      this.#logValue += this.#offset;
    }
  }

  get time(): Timestamp {
    return timestamp(this.#point * this.#length);
  }

  get state(): ReplayState {
    return this.#state;
  }

  /** How far it has come, in the series' own time. */
  get position(): Timestamp {
    const position = this.#positionAt(this.time) - this.#first;
    const inLap = this.#loops ? position % this.#lap : position;
    return timestamp(Math.floor(this.#first + Math.min(inLap, this.#last - this.#first)));
  }

  /** `undefined` while it plays or is paused. */
  get handOver(): HandOver | undefined {
    return this.#handOver;
  }

  advanceTo(time: Timestamp): void {
    const point = Math.max(this.#point, Math.floor(time / this.#length));
    if (point > this.#point) this.#volume = 0;
    this.#point = point;
    if (this.#state !== "playing") return;
    while (!this.#isOver) {
      const due = this.#dueOf(this.#next);
      if (due > this.time) return;
      this.#pass(due);
    }
    this.#finish();
  }

  logValue(asset: string): number {
    if (asset === this.#unitOfAccount) return 0;
    this.#know(asset);
    return this.#logValue;
  }

  fairLogValue(asset: string): number {
    return this.logValue(asset);
  }

  /** Imported prices have no side. */
  side(): number {
    return 0;
  }

  volatility(asset: string): number {
    this.#know(asset);
    const place = Math.max(this.#next - 1, 0) % this.#logs.length;
    return this.#realised.at(place) * Math.sqrt(this.#speed);
  }

  usualVolatility(asset: string): number {
    this.#know(asset);
    return this.#realised.whole() * Math.sqrt(this.#speed);
  }

  /** Of the points of the series that became due at this grid point. */
  volume(asset: string): number {
    this.#know(asset);
    return this.#volume;
  }

  depthFactor(): number {
    return 1;
  }

  spreadFactor(): number {
    return 1;
  }

  /** Holds the price; does nothing unless it plays. */
  pause(): void {
    if (this.#state !== "playing") return;
    this.#anchorAt(this.#positionAt(this.time));
    this.#state = "paused";
  }

  /** Plays on from where it was paused. */
  resume(): void {
    if (this.#state !== "paused") return;
    this.#anchor = this.time;
    this.#state = "playing";
  }

  /**
   * Goes to another time of the series, and on playing or waiting as before; plays again when it had
   * ended. The points between are not passed.
   *
   * @returns `false`, and nothing happens, outside of the series and after `stop`
   */
  seek(at: Timestamp): boolean {
    if (this.#state === "stopped" || !this.#contains(at)) return false;
    const held = this.#logValue;
    this.#anchorAt(at);
    const value = this.#arriveAt(at);
    if (this.#isRebased) this.#offset = held - value;
    this.#logValue = value + this.#offset;
    if (this.#state === "ended") this.#state = "playing";
    this.#handOver = undefined;
    return true;
  }

  /** Ends it for good, with the price where it is. */
  stop(): void {
    this.#state = "stopped";
    this.#handOver ??= { time: this.time, logValue: this.#logValue };
  }

  get #first(): number {
    return this.#series.time[0] as number;
  }

  get #last(): number {
    return this.#series.time.at(-1) as number;
  }

  get #isOver(): boolean {
    return !this.#loops && this.#next === this.#logs.length;
  }

  #contains(at: number): boolean {
    return at >= this.#first && at <= this.#last;
  }

  #know(asset: string): void {
    assert(asset === this.#asset, `the model knows the asset: ${asset}`);
  }

  #anchorAt(position: number): void {
    this.#anchor = this.time;
    this.#anchorPosition = position;
  }

  #positionAt(time: number): number {
    if (this.#state === "paused") return this.#anchorPosition;
    return this.#anchorPosition + (time - this.#anchor) * this.#speed;
  }

  /** Makes the first point from `at` on the next to pass. @returns the series' log price there */
  #arriveAt(at: number): number {
    const place = placeAt(this.#series.time, at);
    this.#next = this.#series.time[place] === at ? place : place + 1;
    return this.#logs[place] as number;
  }

  #dueOf(ordinal: number): Timestamp {
    const count = this.#logs.length;
    const at = (this.#series.time[ordinal % count] as number) + this.#lapOf(ordinal) * this.#lap;
    const steps = Math.ceil((at - this.#anchorPosition) / (this.#speed * this.#length));
    return timestamp(this.#anchor + this.#length * Math.max(0, steps));
  }

  #lapOf(ordinal: number): number {
    return Math.floor(ordinal / this.#logs.length);
  }

  #pass(due: Timestamp): void {
    const ordinal = this.#next;
    const place = ordinal % this.#logs.length;
    this.#next += 1;
    // A lap of a rebased replay begins where the one in front ended.
    if (place === 0 && ordinal > 0 && this.#isRebased) {
      this.#offset = this.#logValue - (this.#logs[0] as number);
    }
    this.#logValue = (this.#logs[place] as number) + this.#offset;
    const volume = this.#series.volume[place] as number;
    if (due === this.time) this.#volume += volume;
    const at = timestamp(this.#series.time[place] as number);
    this.#onPoint({ ordinal, at, due, logValue: this.#logValue, volume });
  }

  #finish(): void {
    this.#state = "ended";
    const last = this.#dueOf(this.#logs.length - 1);
    this.#handOver = { time: last, logValue: this.#logValue };
  }
}

/** The series' length and the mean distance of two points. */
function lapOf({ time }: ReplaySeries): number {
  const steps = time.length - 1;
  if (steps === 0) return 0;
  const length = (time[steps] as number) - (time[0] as number);
  return length + Math.round(length / steps);
}
