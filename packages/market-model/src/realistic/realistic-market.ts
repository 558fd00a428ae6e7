import { assert, type Duration, type Random, type Timestamp, timestamp } from "@tse/domain";
import { reflected } from "../bounds.ts";
import { CALM, type MarketModel, type Overlay } from "../market-model.ts";
import { BLOCK_SECONDS } from "./blocks.ts";
import { MinuteVolume, type TradedAsset, type VolumeState } from "./minute-volume.ts";
import { MovingPrices, type MovingState } from "./moving-prices.ts";
import { Pegs } from "./pegs.ts";
import {
  type MovingAsset,
  type PeggedAsset,
  REALISTIC_SHAPE,
  type RealisticAsset,
  type RealisticShape,
} from "./realistic-shape.ts";

const MICROSECONDS = 1_000_000;
const SECONDS_A_YEAR = 365 * 86_400;

export interface RealisticOptions {
  readonly unitOfAccount: string;
  readonly assets: readonly RealisticAsset[];
  readonly shape?: RealisticShape;
  /** Distance of two grid points, above 0. Grid points are the multiples of it since 1970. */
  readonly step: Duration;
  readonly start: Timestamp;
  readonly random: Random;
  readonly overlay?: Overlay;
  /** Prices at `start` of a world that goes on; an asset without one begins at its start price. */
  readonly prices?: ReadonlyMap<string, number>;
  /** Where to go on, instead of `start` and `prices`. */
  readonly checkpoint?: RealisticCheckpoint;
}

/** Everything that a model of the same options and seed needs to go on: plain numbers. */
export interface RealisticCheckpoint {
  readonly time: Timestamp;
  readonly moving: MovingState;
  readonly pegs: readonly number[];
  readonly volume: VolumeState;
  readonly reflections: number;
}

/**
 * The mode `realistic`: prices that have the facts of real markets (heavy tails, volatility with long memory, seasons,
 * jumps that come in clusters, returns that are given back in part, volume that goes with volatility) and move
 * together. The parts are described where they are: `Volatility`, `Shocks`, `Jumps`, `MinuteVolume`, `Pegs`.
 *
 * Deterministic, advanced in one step or in many. An asset draws from streams of its own: one that is added
 * changes no other. Costs a few hundred nanoseconds for each asset and second.
 */
export class RealisticMarket implements MarketModel {
  readonly #unitOfAccount: string;
  readonly #overlay: Overlay;
  readonly #index = new Map<string, number>();
  readonly #assets: readonly RealisticAsset[];
  /** Moving assets come first, then pegged ones. */
  readonly #movingCount: number;
  readonly #length: Duration;
  /** Inner steps in a step of the grid, and their length in seconds: at most one. */
  readonly #inner: number;
  readonly #seconds: number;
  readonly #prices: MovingPrices;
  readonly #pegs: Pegs;
  readonly #volume: MinuteVolume;
  readonly #base: Float64Array;
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  readonly #shift: Float64Array;
  readonly #traded: Float64Array;
  /** Inner steps since 1970. */
  #point: number;
  #second: number;
  #block = 0;
  #reflections = 0;
  #checkpoint: RealisticCheckpoint;

  constructor(options: RealisticOptions) {
    const { random, step, shape = REALISTIC_SHAPE, overlay = CALM } = options;
    const moving = options.assets.filter((asset) => asset.kind === "moving");
    const pegged = options.assets.filter((asset) => asset.kind === "pegged");
    const assets = [...moving, ...pegged];
    for (const [index, asset] of assets.entries()) this.#index.set(checked(asset), index);
    assert(this.#index.size === assets.length, "an asset has one path");
    assert(!this.#index.has(options.unitOfAccount), "the unit of account has no path");
    assert(step > 0, "the grid has a step");
    this.#inner = Math.ceil(step / MICROSECONDS);
    assert(step % this.#inner === 0, "a step divides into whole microseconds of a second at most");

    this.#unitOfAccount = options.unitOfAccount;
    this.#overlay = overlay;
    this.#assets = assets;
    this.#movingCount = moving.length;
    this.#length = step;
    this.#seconds = step / this.#inner / MICROSECONDS;
    this.#prices = new MovingPrices(shape, moving, { overlay, length: this.#seconds, random });
    this.#pegs = new Pegs(pegged, this.#seconds, random);
    this.#volume = new MinuteVolume(shape.volume, assets.map(tradedAsset), random);
    this.#base = Float64Array.from(assets, ({ start }) => Math.log(start));
    this.#low = Float64Array.from(assets, ({ lowest, start }) => Math.log(lowest / start));
    this.#high = Float64Array.from(assets, ({ highest, start }) => Math.log(highest / start));
    this.#shift = new Float64Array(assets.length);
    this.#traded = new Float64Array(assets.length);
    this.#point = Math.floor((options.checkpoint?.time ?? options.start) / step) * this.#inner;
    this.#second = this.#secondNow();
    this.#checkpoint = this.#begin(options);
  }

  get time(): Timestamp {
    return timestamp((this.#point / this.#inner) * this.#length);
  }

  /** How often a price was reflected at one of its bounds. */
  get reflections(): number {
    return this.#reflections;
  }

  /**
   * The state at the beginning of this hour, or at the start when the world is younger. A model with the same
   * options that goes on from it, under the same scenarios, comes to the same prices.
   */
  get checkpoint(): RealisticCheckpoint {
    return this.#checkpoint;
  }

  advanceTo(time: Timestamp): void {
    const last = Math.floor(time / this.#length) * this.#inner;
    while (this.#point < last) {
      if (this.#point % this.#inner === 0) this.#traded.fill(0);
      this.#point += 1;
      this.#step();
    }
  }

  logValue(asset: string): number {
    if (asset === this.#unitOfAccount) return 0;
    const index = this.#at(asset);
    const peg = index - this.#movingCount;
    return this.#origin(index) + (peg < 0 ? this.#prices.moved(index) : this.#pegs.shown(peg));
  }

  fairLogValue(asset: string): number {
    if (asset === this.#unitOfAccount) return 0;
    const index = this.#at(asset);
    const peg = index - this.#movingCount;
    if (peg >= 0) return this.#origin(index) + this.#pegs.level(peg);
    return this.#origin(index) + this.#prices.lasting(index);
  }

  side(asset: string): number {
    const index = this.#index.get(asset) ?? this.#movingCount;
    return index < this.#movingCount ? this.#prices.side(index) : 0;
  }

  volatility(asset: string): number {
    if (asset === this.#unitOfAccount) return 0;
    const index = this.#at(asset);
    if (index < this.#movingCount) return this.#prices.sigma(index) * Math.sqrt(SECONDS_A_YEAR);
    return this.usualVolatility(asset) * this.#overlay.volatility(asset);
  }

  usualVolatility(asset: string): number {
    if (asset === this.#unitOfAccount) return 0;
    return usualOf(this.#assets[this.#at(asset)] as RealisticAsset);
  }

  volume(asset: string): number {
    return asset === this.#unitOfAccount ? 0 : (this.#traded[this.#at(asset)] as number);
  }

  depthFactor(asset: string): number {
    return this.#overlay.depth(asset);
  }

  spreadFactor(asset: string): number {
    return this.#overlay.spread(asset);
  }

  #at(asset: string): number {
    const index = this.#index.get(asset);
    assert(index !== undefined, `the model knows the asset: ${asset}`);
    return index;
  }

  /** Log of the start price and of what scenarios made of it. */
  #origin(index: number): number {
    return (this.#base[index] as number) + (this.#shift[index] as number);
  }

  #secondNow(): number {
    return Math.floor((this.#point * this.#length) / this.#inner / MICROSECONDS);
  }

  #begin({ checkpoint, prices }: RealisticOptions): RealisticCheckpoint {
    this.#overlay.advanceTo(this.time);
    this.#shiftAll();
    if (checkpoint !== undefined) this.#restore(checkpoint);
    else if (prices !== undefined) this.#moveTo(prices);
    this.#beginBlock();
    this.#prices.goOn(this.#second);
    return checkpoint ?? this.#state();
  }

  #beginBlock(): void {
    this.#block = blockOf(this.#second);
    this.#prices.beginBlock(this.#block);
    this.#pegs.beginBlock(this.#block);
    this.#volume.beginBlock(this.#block);
  }

  #step(): void {
    const second = this.#secondNow();
    this.#overlay.advanceTo(timestamp(Math.round(this.#point * this.#seconds * MICROSECONDS)));
    this.#shiftAll();
    const isNew = second !== this.#second;
    this.#second = second;
    if (isNew) this.#prices.beginSecond(second);
    this.#prices.step(this.#opensMinute());
    const { pace, activity } = this.#prices;
    this.#volume.advance({
      second: this.#point * this.#seconds,
      length: this.#seconds,
      pace,
      activity,
    });
    for (let i = 0; i < this.#assets.length; i++) this.#settle(i);
    const isWhole = this.#point % this.#inner === 0;
    if (isWhole && blockOf(second) !== this.#block) this.#endBlock();
  }

  /** Whether this step crosses into a minute, or reaches its first moment. */
  #opensMinute(): boolean {
    const minute = (60 * MICROSECONDS * this.#inner) / this.#length;
    return Math.floor(this.#point / minute) !== Math.floor((this.#point - 1) / minute);
  }

  #endBlock(): void {
    this.#checkpoint = this.#state();
    this.#beginBlock();
  }

  /** Pulls, bounds and volume of one asset, after its price moved. */
  #settle(index: number): void {
    const { asset } = this.#assets[index] as RealisticAsset;
    const active = this.#overlay.active;
    const peg = index - this.#movingCount;
    const move =
      peg < 0
        ? this.#prices.move(index)
        : this.#pegs.move(peg, active ? this.#overlay.volatility(asset) : 1);
    if (active) this.#pull(index, asset);
    this.#reflect(index);
    const sigma = peg < 0 ? this.#prices.sigma(index) : this.#pegs.sigma(peg);
    this.#volume.trade(index, move, sigma, active ? this.#overlay.volume(asset) : 1);
    this.#traded[index] = (this.#traded[index] as number) + this.#volume.volume(index);
  }

  #pull(index: number, asset: string): void {
    const length = (this.#length / this.#inner) as Duration;
    const pull = this.#overlay.pull(asset, this.#origin(index) + this.#movedOf(index), length);
    if (pull !== 0) this.#place(index, this.#movedOf(index) + pull);
  }

  #reflect(index: number): void {
    const shift = this.#shift[index] as number;
    const value = this.#movedOf(index) + shift;
    const low = this.#low[index] as number;
    const high = this.#high[index] as number;
    if (value >= low && value <= high) return;
    this.#reflections += 1;
    this.#place(index, reflected(value, { lowest: low, highest: high }) - shift);
  }

  #movedOf(index: number): number {
    const peg = index - this.#movingCount;
    return peg < 0 ? this.#prices.moved(index) : this.#pegs.level(peg);
  }

  #place(index: number, moved: number): void {
    const peg = index - this.#movingCount;
    if (peg < 0) this.#prices.place(index, moved);
    else this.#pegs.place(peg, moved);
  }

  #shiftAll(): void {
    for (let i = 0; i < this.#assets.length; i++) {
      this.#shift[i] = this.#overlay.shift((this.#assets[i] as RealisticAsset).asset);
    }
  }

  #moveTo(prices: ReadonlyMap<string, number>): void {
    for (const [index, { asset, start }] of this.#assets.entries()) {
      const moved = Math.log((prices.get(asset) ?? start) / start);
      assert(Number.isFinite(moved), "a price is above 0");
      const low = this.#low[index] as number;
      const high = this.#high[index] as number;
      // What scenarios make of a price at that moment is in it already.
      const shift = this.#shift[index] as number;
      this.#place(index, Math.min(Math.max(moved, low), high) - shift);
    }
  }

  #state(): RealisticCheckpoint {
    return {
      time: this.time,
      moving: this.#prices.state(),
      pegs: this.#pegs.state(),
      volume: this.#volume.state(),
      reflections: this.#reflections,
    };
  }

  #restore({ moving, pegs, volume, reflections }: RealisticCheckpoint): void {
    this.#prices.restore(moving);
    this.#pegs.restore(pegs);
    this.#volume.restore(volume);
    this.#reflections = reflections;
  }
}

function blockOf(second: number): number {
  return Math.floor(second / BLOCK_SECONDS);
}

function checked({ asset, lowest, highest, start }: RealisticAsset): string {
  const inside = lowest > 0 && lowest <= start && start <= highest && Number.isFinite(highest);
  assert(inside, "a start price is inside its bounds");
  return asset;
}

/** Deviation of a year's log return in the long run, from what a short time's is. */
function usualOf(asset: MovingAsset | PeggedAsset): number {
  if (asset.kind === "moving") return asset.volatility;
  return asset.deviation * Math.sqrt((2 * Math.LN2 * SECONDS_A_YEAR) / asset.halfLife);
}

function tradedAsset(asset: RealisticAsset): TradedAsset {
  const ties = asset.kind === "moving" ? (asset.volumeTies ?? 1) : 1;
  const usual = usualOf(asset) / Math.sqrt(SECONDS_A_YEAR);
  return { asset: asset.asset, dayVolume: asset.dayVolume, usual, ties };
}
