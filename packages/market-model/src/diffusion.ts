import { assert, type Duration, type Random, type Timestamp, timestamp } from "@tse/domain";
import { type AssetPath, type Step, stepOf } from "./asset-path.ts";
import { reflected } from "./bounds.ts";
import { type Correlation, dot, factorOf } from "./correlation.ts";
import { LoadedShocks, type LoadingOverlay } from "./loaded-shocks.ts";
import type { PriceModel } from "./price-model.ts";

export interface PricedAsset {
  readonly asset: string;
  /** What one unit is worth at the start, in the unit of account. */
  readonly start: number;
  /** Prices are reflected here. `lowest` is above 0. */
  readonly lowest: number;
  readonly highest: number;
  readonly path: AssetPath;
}

export interface DiffusionOptions {
  readonly unitOfAccount: string;
  readonly assets: readonly PricedAsset[];
  readonly correlation: Correlation;
  /** Distance of two grid points, above 0. Grid points are the multiples of it since 1970. */
  readonly step: Duration;
  readonly start: Timestamp;
  /** Prices at `start` of a world that goes on; an asset without one begins at its start price. */
  readonly prices?: ReadonlyMap<string, number>;
  /** Each asset draws from a fork of its own, once a step, whatever its path. */
  readonly random: Random;
  /** Scenarios that change how assets move together, at the time of the step to be made; none when absent. */
  readonly overlay?: LoadingOverlay;
}

/**
 * Prices by diffusion: the modes `gbm`, `reverting` and `static`, correlated with each other.
 *
 * Costs one normal and a handful of multiplications per asset and step. Its numbers depend on
 * `Math.exp` and `Math.log` of the running version of V8: equal on every machine that runs it.
 */
export class Diffusion implements PriceModel {
  readonly #index = new Map<string, number>();
  readonly #unitOfAccount: string;
  readonly #streams: readonly Random[];
  readonly #steps: readonly Step[];
  readonly #factor: readonly (readonly number[])[];
  readonly #length: Duration;
  readonly #base: Float64Array;
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  /** Log value since the start. */
  readonly #moved: Float64Array;
  readonly #normals: Float64Array;
  readonly #shocks: Float64Array;
  readonly #loaded: LoadedShocks | undefined;
  #point: number;
  #reflections = 0;

  constructor(options: DiffusionOptions) {
    const { assets, random, step } = options;
    assert(step > 0, "the grid has a step");
    const names = assets.map(({ asset }) => asset);
    for (const [index, asset] of assets.entries()) {
      const inside =
        asset.lowest > 0 && asset.lowest <= asset.start && asset.start <= asset.highest;
      assert(inside && Number.isFinite(asset.highest), "a start price is inside its bounds");
      this.#index.set(asset.asset, index);
    }
    assert(this.#index.size === assets.length, "an asset has one path");
    assert(!this.#index.has(options.unitOfAccount), "the unit of account has no path");

    this.#unitOfAccount = options.unitOfAccount;
    this.#streams = names.map((name) => random.fork(name));
    this.#steps = assets.map(({ path }) => stepOf(path, step));
    this.#factor = factorOf(names, options.correlation);
    this.#length = step;
    this.#base = Float64Array.from(assets, ({ start }) => Math.log(start));
    this.#low = Float64Array.from(assets, ({ lowest, start }) => Math.log(lowest / start));
    this.#high = Float64Array.from(assets, ({ highest, start }) => Math.log(highest / start));
    this.#moved = Float64Array.from(assets, ({ asset, start }, index) => {
      const moved = Math.log((options.prices?.get(asset) ?? start) / start);
      assert(Number.isFinite(moved), "a price is above 0");
      return Math.min(Math.max(moved, this.#low[index] as number), this.#high[index] as number);
    });
    this.#normals = new Float64Array(assets.length);
    this.#shocks = new Float64Array(assets.length);
    this.#loaded = loadedShocks(names, this.#factor, options);
    this.#point = Math.floor(options.start / step);
  }

  get time(): Timestamp {
    return timestamp(this.#point * this.#length);
  }

  /** How often a price was reflected at one of its bounds. */
  get reflections(): number {
    return this.#reflections;
  }

  advanceTo(time: Timestamp): void {
    const last = Math.floor(time / this.#length);
    while (this.#point < last) {
      this.#step();
      this.#point += 1;
    }
  }

  logValue(asset: string): number {
    if (asset === this.#unitOfAccount) return 0;
    const index = this.#index.get(asset);
    assert(index !== undefined, `the model knows the asset: ${asset}`);
    return (this.#base[index] as number) + (this.#moved[index] as number);
  }

  #step(): void {
    const normals = this.#normals;
    const shocks = this.#shocks;
    for (let i = 0; i < normals.length; i++) {
      normals[i] = (this.#streams[i] as Random).normal();
      shocks[i] = dot(this.#factor[i] as readonly number[], normals, i + 1);
    }
    this.#loaded?.change(shocks, normals);
    for (let i = 0; i < shocks.length; i++) {
      const { mean, keep, spread } = this.#steps[i] as Step;
      const moved = mean + keep * (this.#moved[i] as number) + spread * (shocks[i] as number);
      this.#moved[i] = this.#reflected(moved, this.#low[i] as number, this.#high[i] as number);
    }
  }

  #reflected(value: number, low: number, high: number): number {
    if (value >= low && value <= high) return value;
    this.#reflections += 1;
    return reflected(value, { lowest: low, highest: high });
  }
}

function loadedShocks(
  assets: readonly string[],
  factor: readonly (readonly number[])[],
  { overlay, random }: DiffusionOptions,
): LoadedShocks | undefined {
  if (overlay === undefined) return undefined;
  return new LoadedShocks({ assets, factor, overlay, random: random.fork("loadings") });
}
