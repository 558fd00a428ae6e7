import { assert, type Timestamp } from "@tse/domain";
import type { MarketModel } from "./market-model.ts";

/** What an asset's price is above that of its model: `from` in logs at `since`, half of it left after each `halfLife`. */
interface Offset {
  readonly from: number;
  readonly since: Timestamp;
  /** Microseconds; infinite where it stays. */
  readonly halfLife: number;
}

/**
 * A market whose assets follow different models, each its own, and may change them while the world runs. An asset goes on from
 * where it stands when its model changes: from then on it makes the new model's moves from its own price.
 *
 * All models stand on one grid. Models that are under one overlay are to be advanced point by point.
 */
export class CompositeMarket implements MarketModel {
  readonly #unitOfAccount: string;
  readonly #models = new Map<string, MarketModel>();
  readonly #offsets = new Map<string, Offset>();
  /** The models in use, each once. */
  #all: readonly MarketModel[];
  #time: Timestamp;

  /**
   * @param models of each asset, at one point of one grid; at least one
   * @param offsets log of what a price is above its model's at the start; 0 when absent
   */
  constructor(
    unitOfAccount: string,
    models: ReadonlyMap<string, MarketModel>,
    offsets: ReadonlyMap<string, number> = new Map(),
  ) {
    assert(models.size > 0, "a market has an asset");
    assert(!models.has(unitOfAccount), "the unit of account has no model");
    this.#unitOfAccount = unitOfAccount;
    for (const [asset, model] of models) this.#models.set(asset, model);
    this.#all = [...new Set(models.values())];
    this.#time = (this.#all[0] as MarketModel).time;
    for (const model of this.#all) assert(model.time === this.#time, "models stand on one grid");
    for (const [asset, from] of offsets) {
      this.#offsets.set(asset, { from, since: this.#time, halfLife: Number.POSITIVE_INFINITY });
    }
  }

  get time(): Timestamp {
    return this.#time;
  }

  advanceTo(time: Timestamp): void {
    for (const model of this.#all) model.advanceTo(time);
    this.#time = (this.#all[0] as MarketModel).time;
  }

  /**
   * The asset follows `model` from here on, without a jump.
   *
   * @param halfLife microseconds in which it comes half of the way to the model's own price: never when absent, at once,
   *   with a jump, when 0
   */
  follow(asset: string, model: MarketModel, halfLife = Number.POSITIVE_INFINITY): void {
    assert(model.time === this.#time, "models stand on one grid");
    const from = halfLife === 0 ? 0 : this.logValue(asset) - model.logValue(asset);
    this.#models.set(asset, model);
    if (from === 0) this.#offsets.delete(asset);
    else this.#offsets.set(asset, { from, since: this.#time, halfLife });
    this.#all = [...new Set(this.#models.values())];
  }

  /**
   * Mirrors an asset's price at a bound that it passed because it isn't its model's own; leaves a model's own price alone.
   *
   * @param lowest log price; below `highest`
   * @returns whether it had passed one
   */
  reflect(asset: string, lowest: number, highest: number): boolean {
    const offset = this.#offsets.get(asset);
    if (offset === undefined) return false;
    const value = this.logValue(asset);
    const excess = value > highest ? value - highest : Math.min(0, value - lowest);
    if (excess === 0) return false;
    const from = this.offset(asset) - 2 * excess;
    this.#offsets.set(asset, { ...offset, from, since: this.#time });
    return true;
  }

  /** Log of what the asset's price is above that of its model. */
  offset(asset: string): number {
    const offset = this.#offsets.get(asset);
    if (offset === undefined) return 0;
    return offset.from * 2 ** (-(this.#time - offset.since) / offset.halfLife);
  }

  logValue(asset: string): number {
    if (asset === this.#unitOfAccount) return 0;
    return this.#of(asset).logValue(asset) + this.offset(asset);
  }

  fairLogValue(asset: string): number {
    if (asset === this.#unitOfAccount) return 0;
    return this.#of(asset).fairLogValue(asset) + this.offset(asset);
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
    return asset === this.#unitOfAccount ? 1 : this.#of(asset).depthFactor(asset);
  }

  spreadFactor(asset: string): number {
    return asset === this.#unitOfAccount ? 1 : this.#of(asset).spreadFactor(asset);
  }

  #of(asset: string): MarketModel {
    const model = this.#models.get(asset);
    assert(model !== undefined, `the model knows the asset: ${asset}`);
    return model;
  }
}
