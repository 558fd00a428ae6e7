import type { Random } from "@tse/domain";
import { BlockStream } from "./blocks.ts";
import type { VolumeShape } from "./realistic-shape.ts";

const MINUTE = 60;
/** Added to a minute's return in deviations, so that a minute without one still trades. */
const STILL = 0.25;
/** A step trades at least this share of an even part of its minute. */
const SHARE_MIN = 0.05;
/** A market that scenarios stop trades as one that moves by so little of what is usual. */
const STILLEST = 1e-3;

export interface TradedAsset {
  readonly asset: string;
  /** Units traded in a usual day. */
  readonly dayVolume: number;
  /** Deviation of a second's log return in the long run. */
  readonly usual: number;
  /** How closely volume goes with the price's moves, as a multiple of the shape's exponents. */
  readonly ties: number;
}

/** Slow factors, and the minute so far. */
export interface VolumeState {
  readonly factors: readonly number[];
  readonly minute: number;
  readonly noise: readonly number[];
  readonly returns: readonly number[];
  readonly squares: readonly number[];
  readonly soFar: readonly number[];
}

/** What a step's volume depends on. `second` since 1970 may have a fraction. */
interface TradedStep {
  readonly second: number;
  /** Length of the step in seconds. */
  readonly length: number;
  /** Logs of the common pace and of the activity factor. */
  readonly pace: number;
  readonly activity: number;
}

/**
 * How much is traded while prices move. A whole minute's volume follows the law
 *
 *   ln V = ln V0 + a·pace + b·(ln RV½ − pace) + d·ln(1/4 + |r|/σ) + slow factors + noise
 *
 * where RV½ is the root of the minute's realised variance and r its return. Each step trades the difference of what
 * the minute so far stands for, so that the minute's sum obeys the law exactly but for steps that would be negative.
 */
export class MinuteVolume {
  readonly #shape: VolumeShape;
  readonly #base: Float64Array;
  readonly #usual: Float64Array;
  readonly #ties: Float64Array;
  readonly #commonStream: BlockStream;
  readonly #streams: readonly BlockStream[];
  /** Slow factors: the market's row, then one for each asset. */
  readonly #factors: Float64Array;
  readonly #keep: Float64Array;
  readonly #noise: Float64Array;
  readonly #return: Float64Array;
  readonly #squares: Float64Array;
  readonly #soFar: Float64Array;
  readonly #step: Float64Array;
  #minute = -1;
  #at: TradedStep = { second: 0, length: 1, pace: 0, activity: 0 };

  constructor(shape: VolumeShape, assets: readonly TradedAsset[], random: Random) {
    const count = assets.length;
    this.#shape = shape;
    this.#base = Float64Array.from(assets, ({ dayVolume }) => Math.log(dayVolume / 1440));
    this.#usual = Float64Array.from(assets, ({ usual }) => usual);
    this.#ties = Float64Array.from(assets, ({ ties }) => ties);
    this.#commonStream = new BlockStream(random.fork("volume"));
    this.#streams = assets.map(({ asset }) => new BlockStream(random.fork(asset).fork("volume")));
    this.#factors = new Float64Array((count + 1) * shape.factors.length);
    const first = [random, ...assets.map(({ asset }) => random.fork(asset))];
    for (const [row, root] of first.entries()) this.#drawFactors(row, root.fork("first volume"));
    this.#keep = Float64Array.from(shape.factors, ({ memory }) => Math.exp(-MINUTE / memory));
    this.#noise = new Float64Array(count);
    this.#return = new Float64Array(count);
    this.#squares = new Float64Array(count);
    this.#soFar = new Float64Array(count);
    this.#step = new Float64Array(count);
  }

  beginBlock(block: number): void {
    this.#commonStream.begin(block);
    for (const stream of this.#streams) stream.begin(block);
  }

  /** Called once a step, before `trade`. */
  advance(at: TradedStep): void {
    this.#at = at;
    const minute = Math.floor(at.second / MINUTE);
    if (minute === this.#minute) return;
    this.#minute = minute;
    this.#moveFactors();
    this.#return.fill(0);
    this.#squares.fill(0);
    this.#soFar.fill(0);
    const size = this.#shape.noise * Math.exp(this.#shape.noiseGrowth * at.activity);
    for (let i = 0; i < this.#noise.length; i++) this.#noise[i] = this.#drawNoise(i, size);
  }

  /** @param move log return of the step; @param deviation of a second's return at this moment, from 0 */
  trade(asset: number, move: number, deviation: number, factor: number): void {
    const at = this.#at;
    const sigma = Math.max(deviation, STILLEST * (this.#usual[asset] as number));
    this.#return[asset] = (this.#return[asset] as number) + move;
    this.#squares[asset] = (this.#squares[asset] as number) + move * move;
    const share = Math.min(1, ((at.second % MINUTE) + at.length) / MINUTE);
    const whole = factor * Math.exp(this.#law(asset, at.pace, sigma, 1 - share));
    const even = (whole * at.length) / MINUTE;
    const traded = Math.max(whole * share - (this.#soFar[asset] as number), SHARE_MIN * even);
    this.#soFar[asset] = (this.#soFar[asset] as number) + traded;
    this.#step[asset] = traded;
  }

  /** Units traded in the newest step. */
  volume(asset: number): number {
    return this.#step[asset] as number;
  }

  state(): VolumeState {
    return {
      factors: [...this.#factors],
      minute: this.#minute,
      noise: [...this.#noise],
      returns: [...this.#return],
      squares: [...this.#squares],
      soFar: [...this.#soFar],
    };
  }

  restore(state: VolumeState): void {
    this.#factors.set(state.factors);
    this.#minute = state.minute;
    this.#noise.set(state.noise);
    this.#return.set(state.returns);
    this.#squares.set(state.squares);
    this.#soFar.set(state.soFar);
  }

  /** Log of the minute's volume, if what remains of it moves as usual. */
  #law(asset: number, pace: number, sigma: number, remaining: number): number {
    const { pace: a, realised: b, move: d } = this.#shape;
    const usual = this.#usual[asset] as number;
    const rest = remaining * MINUTE * sigma * sigma;
    const squares = Math.max(
      (this.#squares[asset] as number) + rest,
      1e-4 * MINUTE * sigma * sigma,
    );
    const realised = 0.5 * Math.log(squares / (MINUTE * usual * usual));
    const moved =
      Math.sqrt((this.#return[asset] as number) ** 2 + rest) / (sigma * Math.sqrt(MINUTE));
    const moves = b * (realised - pace) + d * Math.log(STILL + moved);
    const ties = this.#ties[asset] as number;
    const noise = (this.#noise[asset] as number) + this.#slow(asset);
    return (this.#base[asset] as number) + a * pace + ties * moves + noise;
  }

  #slow(asset: number): number {
    const { factors, common } = this.#shape;
    let sum = 0;
    for (const [k, { deviation }] of factors.entries()) {
      const shared = Math.sqrt(common) * (this.#factors[k] as number);
      const own =
        Math.sqrt(1 - common) * (this.#factors[(asset + 1) * factors.length + k] as number);
      sum += deviation * (shared + own);
    }
    return sum;
  }

  #drawFactors(row: number, random: Random): void {
    const count = this.#shape.factors.length;
    for (let k = 0; k < count; k++) this.#factors[row * count + k] = random.normal();
  }

  #moveFactors(): void {
    const count = this.#keep.length;
    for (let at = 0; at < this.#factors.length; at++) {
      const row = Math.floor(at / count);
      const stream = row === 0 ? this.#commonStream : (this.#streams[row - 1] as BlockStream);
      const keep = this.#keep[at % count] as number;
      const kept = keep * (this.#factors[at] as number);
      this.#factors[at] = kept + Math.sqrt(1 - keep * keep) * stream.normal();
    }
  }

  /** Draws three times, whatever comes of it. */
  #drawNoise(asset: number, size: number): number {
    const stream = this.#streams[asset] as BlockStream;
    const even = size * stream.normal();
    const bursts = stream.next() < this.#shape.burst;
    const drawn = -this.#shape.burstMean * Math.log(1 - stream.next());
    const burst = Math.min(drawn, this.#shape.burstMax);
    return even + (bursts ? burst : 0);
  }
}
