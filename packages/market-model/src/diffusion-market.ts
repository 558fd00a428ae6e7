import { assert, type Random, type Timestamp } from "@tse/domain";
import type { AssetPath } from "./asset-path.ts";
import { type LogBounds, reflected } from "./bounds.ts";
import { Diffusion, type DiffusionOptions, type PricedAsset } from "./diffusion.ts";
import { CALM, type MarketModel, type Overlay } from "./market-model.ts";

const HOUR = 3_600_000_000;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** Spread of the logarithm of a step's volume. */
const VOLUME_DEVIATION = 0.5;
const BUSY_HOURS = { from: 13, to: 17, factor: 1.3 };
const WEEKEND_FACTOR = 0.7;

/** Weekday of 1970-01-01, counted from Monday as 0. */
const FIRST_WEEKDAY = 3;
const SATURDAY = 5;

/** Mean of exp(deviation·z) times that of 1 + |z|, over an average week's seasons. */
const MEAN_FACTOR =
  Math.exp(VOLUME_DEVIATION ** 2 / 2) *
  (1 + Math.sqrt(2 / Math.PI)) *
  ((1 + ((BUSY_HOURS.factor - 1) * (BUSY_HOURS.to - BUSY_HOURS.from)) / 24) *
    ((5 + 2 * WEEKEND_FACTOR) / 7));

export interface TradedAsset extends PricedAsset {
  /** Units traded in an average day, from 0. */
  readonly dailyVolume: number;
}

export interface DiffusionMarketOptions extends DiffusionOptions {
  readonly assets: readonly TradedAsset[];
  /** No scenario when absent. */
  readonly overlay?: Overlay;
}

interface AssetState {
  readonly asset: string;
  readonly dailyVolume: number;
  readonly usualVolatility: number;
  /** Deviation of a step's log return. */
  readonly deviation: number;
  readonly volumes: Random;
  readonly bounds: LogBounds;
  /** Log value of the diffusion at the last grid point. */
  value: number;
  /** What scenarios added to it, their shift aside. */
  extra: number;
  volume: number;
}

/**
 * The simple market of the mode `gbm`: `Diffusion`, with volumes that follow the size of each return, the time of
 * day and the weekend. Volatility is constant but for scenarios, and nothing of a move is ever given back.
 *
 * Correlations are constant but for scenarios' loadings, too: see `LoadedShocks`.
 * Deterministic; one advance or many give the same prices and volumes.
 */
export class DiffusionMarket implements MarketModel {
  readonly #diffusion: Diffusion;
  readonly #overlay: Overlay;
  readonly #step: DiffusionOptions["step"];
  readonly #unitOfAccount: string;
  readonly #states = new Map<string, AssetState>();
  /** At bounds that scenarios made a price pass. */
  #reflections = 0;

  constructor(options: DiffusionMarketOptions) {
    this.#diffusion = new Diffusion(options);
    this.#overlay = options.overlay ?? CALM;
    this.#step = options.step;
    this.#unitOfAccount = options.unitOfAccount;
    const volumes = options.random.fork("volume");
    this.#overlay.advanceTo(this.time);
    for (const { asset, path, dailyVolume, lowest, highest } of options.assets) {
      assert(dailyVolume >= 0 && Number.isFinite(dailyVolume), "a daily volume is finite, from 0");
      const usualVolatility = volatilityOf(path);
      this.#states.set(asset, {
        asset,
        dailyVolume,
        usualVolatility,
        deviation: usualVolatility * Math.sqrt(options.step / YEAR),
        volumes: volumes.fork(asset),
        bounds: { lowest: Math.log(lowest), highest: Math.log(highest) },
        value: this.#diffusion.logValue(asset),
        // What scenarios make of a given price at that moment is in it already.
        extra: options.prices?.has(asset) === true ? -this.#overlay.shift(asset) : 0,
        volume: 0,
      });
    }
  }

  get time(): Timestamp {
    return this.#diffusion.time;
  }

  /** How often a price was reflected at one of its bounds. */
  get reflections(): number {
    return this.#diffusion.reflections + this.#reflections;
  }

  advanceTo(time: Timestamp): void {
    const last = Math.floor(time / this.#step) * this.#step;
    for (let at = this.time + this.#step; at <= last; at += this.#step) {
      this.#overlay.advanceTo(at as Timestamp);
      this.#diffusion.advanceTo(at as Timestamp);
      for (const state of this.#states.values()) this.#move(state, at);
    }
  }

  logValue(asset: string): number {
    if (asset === this.#unitOfAccount) return 0;
    const { value, extra } = this.#stateOf(asset);
    return value + extra + this.#overlay.shift(asset);
  }

  fairLogValue(asset: string): number {
    return this.logValue(asset);
  }

  /** Trades have no side here. */
  side(): number {
    return 0;
  }

  volatility(asset: string): number {
    return this.usualVolatility(asset) * this.#overlay.volatility(asset);
  }

  usualVolatility(asset: string): number {
    return asset === this.#unitOfAccount ? 0 : this.#stateOf(asset).usualVolatility;
  }

  volume(asset: string): number {
    return asset === this.#unitOfAccount ? 0 : this.#stateOf(asset).volume;
  }

  depthFactor(asset: string): number {
    return this.#overlay.depth(asset);
  }

  spreadFactor(asset: string): number {
    return this.#overlay.spread(asset);
  }

  #stateOf(asset: string): AssetState {
    const state = this.#states.get(asset);
    assert(state !== undefined, `the model knows the asset: ${asset}`);
    return state;
  }

  /** What the diffusion made of its own price it mirrored itself. */
  #reflect(state: AssetState): void {
    const added = state.extra + this.#overlay.shift(state.asset);
    if (added === 0) return;
    const stands = state.value + added;
    const inside = reflected(stands, state.bounds);
    if (inside === stands) return;
    this.#reflections += 1;
    state.extra += inside - stands;
  }

  #move(state: AssetState, at: number): void {
    const { asset, deviation } = state;
    const value = this.#diffusion.logValue(asset);
    const moved = value - state.value;
    if (this.#overlay.active) {
      state.extra += (this.#overlay.volatility(asset) - 1) * moved;
      const stands = value + state.extra + this.#overlay.shift(asset);
      state.extra += this.#overlay.pull(asset, stands, this.#step);
    }
    state.value = value;
    this.#reflect(state);
    const z = deviation === 0 ? 0 : Math.abs(moved) / deviation;
    const chance = Math.exp(VOLUME_DEVIATION * state.volumes.normal()) * (1 + z);
    const usual = (state.dailyVolume * this.#step) / DAY / MEAN_FACTOR;
    state.volume = usual * chance * season(at) * this.#overlay.volume(asset);
  }
}

/** Deviation of a year's log return at the pace of a short step. */
function volatilityOf(path: AssetPath): number {
  switch (path.mode) {
    case "gbm":
      return path.volatility;
    case "reverting":
      return path.deviation * Math.sqrt((2 * Math.LN2 * YEAR) / path.halfLife);
    case "static":
      return 0;
  }
}

/** Busier in the afternoon (UTC), quieter at weekends. */
function season(at: number): number {
  const hour = Math.floor((at % DAY) / HOUR);
  const weekday = (Math.floor(at / DAY) + FIRST_WEEKDAY) % 7;
  const isBusy = hour >= BUSY_HOURS.from && hour < BUSY_HOURS.to;
  return (isBusy ? BUSY_HOURS.factor : 1) * (weekday >= SATURDAY ? WEEKEND_FACTOR : 1);
}
