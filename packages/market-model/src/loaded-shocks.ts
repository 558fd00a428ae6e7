import type { Random } from "@tse/domain";
import { type CommonFactor, commonFactorOf } from "./common-factor.ts";
import { dot } from "./correlation.ts";
import type { Overlay } from "./market-model.ts";

export type LoadingOverlay = Pick<Overlay, "active" | "loading">;

export interface LoadedShocksOptions {
  readonly assets: readonly string[];
  /** Lower triangular: independent normals times it are the usual shocks. */
  readonly factor: readonly (readonly number[])[];
  readonly overlay: LoadingOverlay;
  /** For draws that are needed only while loadings are changed. */
  readonly random: Random;
}

/**
 * Correlated shocks as scenarios change their loadings. Each usual shock is taken apart into the common
 * factor, as much of it as the asset loads, and what is the asset's own; put together again with the loading that a
 * scenario says, with as much of its own as the scenario leaves, and filled up to unit variance
 * by a normal that nothing else follows. A pair whose loadings are set to the square root of a correlation has exactly
 * that one.
 *
 * Where nothing is changed the shocks are left as they are, bit for bit, and nothing is drawn.
 */
export class LoadedShocks {
  readonly #assets: readonly string[];
  readonly #overlay: LoadingOverlay;
  readonly #common: CommonFactor;
  readonly #ofFactor: Random;
  readonly #ofAssets: readonly Random[];
  /** What a scenario makes of a loading: `set` + `kept` · usual. */
  readonly #set: Float64Array;
  readonly #kept: Float64Array;

  constructor({ assets, factor, overlay, random }: LoadedShocksOptions) {
    this.#assets = assets;
    this.#overlay = overlay;
    this.#common = commonFactorOf(factor);
    this.#ofFactor = random.fork("factor");
    this.#ofAssets = assets.map((asset) => random.fork(asset));
    this.#set = new Float64Array(assets.length);
    this.#kept = new Float64Array(assets.length).fill(1);
  }

  /** @param normals that the shocks were made of */
  change(shocks: Float64Array, normals: Float64Array): void {
    if (!this.#overlay.active || !this.#isChanged()) return;
    const { loadings, weights, rest } = this.#common;
    const factor = dot(weights, normals, normals.length) + rest * this.#ofFactor.normal();
    for (let i = 0; i < shocks.length; i++) {
      const usual = loadings[i] as number;
      const kept = this.#kept[i] as number;
      const loading = (this.#set[i] as number) + kept * usual;
      const own = (shocks[i] as number) - usual * factor;
      const missing = 1 - loading * loading - kept * kept * (1 - usual * usual);
      const fresh = Math.sqrt(Math.max(0, missing)) * (this.#ofAssets[i] as Random).normal();
      shocks[i] = loading * factor + kept * own + fresh;
    }
  }

  #isChanged(): boolean {
    let isChanged = false;
    for (const [i, asset] of this.#assets.entries()) {
      const set = this.#overlay.loading(asset, 0);
      const kept = this.#overlay.loading(asset, 1) - set;
      this.#set[i] = set;
      this.#kept[i] = kept;
      isChanged ||= set !== 0 || kept !== 1;
    }
    return isChanged;
  }
}
