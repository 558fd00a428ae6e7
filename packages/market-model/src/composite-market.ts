import { assert, type Timestamp } from "@tse/domain";
import type { MarketModel } from "./market-model.ts";

/**
 * A market whose assets follow different models, each its own, and may change them while the world runs. An asset goes on from
 * where it stands when its model changes: from then on it makes the new model's moves from its own price.
 *
 * All models stand on one grid.
 */
export class CompositeMarket implements MarketModel {
  readonly #unitOfAccount: string;
  readonly #models = new Map<string, MarketModel>();
  /** Log of what an asset's price is above that of its model. */
  readonly #offsets = new Map<string, number>();
  /** The models in use, each once. */
  #all: readonly MarketModel[];

  /** @param models of each asset, at one point of one grid; at least one */
  constructor(unitOfAccount: string, models: ReadonlyMap<string, MarketModel>) {
    assert(models.size > 0, "a market has an asset");
    assert(!models.has(unitOfAccount), "the unit of account has no model");
    this.#unitOfAccount = unitOfAccount;
    for (const [asset, model] of models) this.#models.set(asset, model);
    this.#all = [...new Set(models.values())];
    for (const model of this.#all) assert(model.time === this.time, "models stand on one grid");
  }

  get time(): Timestamp {
    return (this.#all[0] as MarketModel).time;
  }

  advanceTo(time: Timestamp): void {
    for (const model of this.#all) model.advanceTo(time);
  }

  /** The asset follows `model` from here on, without a jump. */
  follow(asset: string, model: MarketModel): void {
    assert(model.time === this.time, "models stand on one grid");
    const stands = this.logValue(asset);
    this.#models.set(asset, model);
    this.#offsets.set(asset, stands - model.logValue(asset));
    this.#all = [...new Set(this.#models.values())];
  }

  logValue(asset: string): number {
    if (asset === this.#unitOfAccount) return 0;
    return this.#of(asset).logValue(asset) + this.#offset(asset);
  }

  fairLogValue(asset: string): number {
    if (asset === this.#unitOfAccount) return 0;
    return this.#of(asset).fairLogValue(asset) + this.#offset(asset);
  }

  side(asset: string): number {
    return asset === this.#unitOfAccount ? 0 : this.#of(asset).side(asset);
  }

  volatility(asset: string): number {
    return asset === this.#unitOfAccount ? 0 : this.#of(asset).volatility(asset);
  }

  usualVolatility(asset: string): number {
    return asset === this.#unitOfAccount ? 0 : this.#of(asset).usualVolatility(asset);
  }

  volume(asset: string): number {
    return asset === this.#unitOfAccount ? 0 : this.#of(asset).volume(asset);
  }

  depthFactor(asset: string): number {
    return this.#of(asset).depthFactor(asset);
  }

  spreadFactor(asset: string): number {
    return this.#of(asset).spreadFactor(asset);
  }

  #of(asset: string): MarketModel {
    const model = this.#models.get(asset);
    assert(model !== undefined, `the model knows the asset: ${asset}`);
    return model;
  }

  #offset(asset: string): number {
    return this.#offsets.get(asset) ?? 0;
  }
}
