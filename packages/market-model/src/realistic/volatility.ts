import type { Random } from "@tse/domain";
import { BlockStream } from "./blocks.ts";
import type { MovingAsset, RealisticShape } from "./realistic-shape.ts";
import { Season } from "./season.ts";

/** A factor is drawn anew this often within its memory, at least hourly and at most each second. */
const REFRESHES = 24;
const REFRESH_MAX = 3600;
/** The square of a trend counts up to this. */
const TREND_MAX = 9;

/**
 * How fast each asset moves: log volatility as a sum of season, factors that all assets share, factors of their own,
 * and feedback of the market's trends.
 *
 *   ln sigma_i(t) = ln sigma_i + a_i ln s(t) + c(t) + sqrt(1 - rho) sum_k b_k Z_ik - sum_k v_k
 *   c(t)          = sqrt(rho) sum_k b_k Z_k + sum_m kappa_m (min(M_m^2, 9) - 1),   b_k = sqrt(v_k)
 *
 * with exact Ornstein-Uhlenbeck factors Z. The feedback of trends makes past trends raise later volatility
 * (Zumbach's effect; Guyon and Lekeufack 2023); the leverage of the slow factors makes falls do so.
 */
export class Volatility {
  readonly #shape: RealisticShape;
  readonly #assets: readonly MovingAsset[];
  readonly #season: Season;
  readonly #streams: readonly BlockStream[];
  /** Factors of the market, then those of each asset: `streams.length` rows. */
  readonly #factors: Float64Array;
  /** Sum of the market's shocks when each factor was last drawn, and now. */
  readonly #shocksAt: Float64Array;
  #shocks = 0;
  readonly #trends: Float64Array;
  readonly #every: Int32Array;
  readonly #keep: Float64Array;
  readonly #spread: Float64Array;
  readonly #trendKeep: Float64Array;
  readonly #trendSpread: Float64Array;
  /** Root variance of each factor, in the market's row and in each asset's. */
  readonly #weights: Float64Array;
  readonly #constant: Float64Array;
  #common = 0;
  #pace = 0;
  readonly #sigma: Float64Array;

  constructor(shape: RealisticShape, assets: readonly MovingAsset[], random: Random) {
    const { factors, trends } = shape;
    this.#shape = shape;
    this.#assets = assets;
    this.#season = new Season(shape.season);
    const roots = [random, ...assets.map(({ asset }) => random.fork(asset))];
    this.#streams = roots.map((root) => new BlockStream(root.fork("volatility")));
    this.#factors = new Float64Array(roots.length * factors.length);
    for (const [row, root] of roots.entries())
      this.#drawFactors(row, root.fork("first volatility"));
    this.#shocksAt = new Float64Array(factors.length);
    this.#trends = new Float64Array(trends.length);
    this.#every = Int32Array.from(factors, ({ memory }) =>
      Math.max(1, Math.floor(Math.min(REFRESH_MAX, memory / REFRESHES))),
    );
    this.#keep = Float64Array.from(factors, ({ memory }, k) => Math.exp(-this.#period(k) / memory));
    this.#spread = this.#keep.map((keep) => Math.sqrt(1 - keep * keep));
    this.#trendKeep = Float64Array.from(trends, ({ memory }) => Math.exp(-1 / memory));
    this.#trendSpread = this.#trendKeep.map((keep) => Math.sqrt(1 - keep * keep));
    this.#weights = this.#weigh();
    this.#constant = Float64Array.from(assets, (asset) => this.#constantOf(asset));
    this.#sigma = new Float64Array(assets.length);
  }

  /** Log of the pace that all assets share: common factors, trends and season. */
  get pace(): number {
    return this.#common + this.#pace;
  }

  /** Log of the common part without the season. */
  get common(): number {
    return this.#common;
  }

  /** Standard deviation of an asset's log return over a second. */
  sigma(asset: number): number {
    return this.#sigma[asset] as number;
  }

  begin(block: number): void {
    for (const stream of this.#streams) stream.begin(block);
  }

  /** Moves on by one second. @param shock sum of the market's shocks in the second before: unit variance */
  advance(second: number, shock: number): void {
    this.#shocks += shock;
    this.#follow(shock);
    for (let k = 0; k < this.#every.length; k++) {
      if (second % this.#period(k) === 0) this.#refresh(k);
    }
    this.look(second);
  }

  /** Sets what the factors make of this second, without drawing. */
  look(second: number): void {
    this.#pace = this.#season.log(second);
    this.#common = this.#row(0) + this.#feedback();
    for (let i = 0; i < this.#sigma.length; i++) {
      const { season } = this.#assets[i] as MovingAsset;
      const own = this.#row(i + 1);
      this.#sigma[i] = Math.exp(
        (this.#constant[i] as number) + season * this.#pace + this.#common + own,
      );
    }
  }

  /** Raises the market's factor `k`, as a jump does. */
  kick(k: number, by: number, highest: number): void {
    const raised = Math.min((this.#factors[k] as number) + by, highest);
    this.#factors[k] = Math.max(this.#factors[k] as number, raised);
  }

  state(): number[] {
    return [...this.#factors, ...this.#shocksAt, ...this.#trends, this.#shocks];
  }

  /** @param state as `state` gave it for the same shape and assets */
  restore(state: readonly number[]): void {
    const { length } = this.#factors;
    this.#factors.set(state.slice(0, length));
    this.#shocksAt.set(state.slice(length, length + this.#shocksAt.length));
    this.#trends.set(state.slice(length + this.#shocksAt.length, -1));
    this.#shocks = state.at(-1) as number;
  }

  #period(k: number): number {
    return this.#every[k] as number;
  }

  #follow(shock: number): void {
    for (let m = 0; m < this.#trends.length; m++) {
      const kept = (this.#trendKeep[m] as number) * (this.#trends[m] as number);
      this.#trends[m] = kept + (this.#trendSpread[m] as number) * shock;
    }
  }

  #feedback(): number {
    let sum = 0;
    for (let m = 0; m < this.#trends.length; m++) {
      const square = (this.#trends[m] as number) ** 2;
      sum += (this.#shape.trends[m]?.strength as number) * (Math.min(square, TREND_MAX) - 1);
    }
    return sum;
  }

  /** Draws factor `k` anew in every row, the market's with its leverage. */
  #refresh(k: number): void {
    const columns = this.#every.length;
    const keep = this.#keep[k] as number;
    const spread = this.#spread[k] as number;
    const leverage = this.#shape.factors[k]?.leverage as number;
    const since = (this.#shocks - (this.#shocksAt[k] as number)) / Math.sqrt(this.#period(k));
    this.#shocksAt[k] = this.#shocks;
    for (let row = 0; row < this.#streams.length; row++) {
      const drawn = (this.#streams[row] as BlockStream).normal();
      const shock = row === 0 ? leverage * since + Math.sqrt(1 - leverage ** 2) * drawn : drawn;
      const at = row * columns + k;
      this.#factors[at] = keep * (this.#factors[at] as number) + spread * shock;
    }
  }

  #row(row: number): number {
    const columns = this.#every.length;
    let sum = 0;
    for (let at = row * columns; at < (row + 1) * columns; at++) {
      sum += (this.#weights[at] as number) * (this.#factors[at] as number);
    }
    return sum;
  }

  #drawFactors(row: number, random: Random): void {
    const columns = this.#shape.factors.length;
    for (let k = 0; k < columns; k++) this.#factors[row * columns + k] = random.normal();
  }

  #weigh(): Float64Array {
    const { factors, commonVolatility: common } = this.#shape;
    const ofMarket = factors.map(({ variance }) => Math.sqrt(common * variance));
    const ofAssets = this.#assets.flatMap(({ roughness = 1 }) =>
      factors.map(({ variance }) => Math.sqrt((1 - common) * variance * roughness)),
    );
    return Float64Array.from([...ofMarket, ...ofAssets]);
  }

  /** Log of the configured volatility a root second, less what makes the mean variance its square. */
  #constantOf({ volatility, roughness = 1 }: MovingAsset): number {
    const { factors, commonVolatility: common } = this.#shape;
    const variance = factors.reduce((sum, factor) => sum + factor.variance, 0);
    return (
      Math.log(volatility / Math.sqrt(SECONDS_A_YEAR)) -
      variance * (common + (1 - common) * roughness)
    );
  }
}

const SECONDS_A_YEAR = 365 * 86_400;
