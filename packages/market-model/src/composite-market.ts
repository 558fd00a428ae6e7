import { assert, type Timestamp } from "@tse/domain";
import { clamped, type LogBounds, reflected } from "./bounds.ts";
import type { MarketModel } from "./market-model.ts";

/** What an asset follows, and within what bounds. */
interface Followed {
  readonly model: MarketModel;
  readonly offset: Offset | undefined;
  readonly bounds: LogBounds;
}

const BOUNDLESS: LogBounds = {
  lowest: Number.NEGATIVE_INFINITY,
  highest: Number.POSITIVE_INFINITY,
};

/** What an asset's price is above that of its model: `from` in logs at `since`, half of it left after each `halfLife`. */
interface Offset {
  readonly from: number;
  readonly since: Timestamp;
  /** Microseconds; infinite where it stays. */
  readonly halfLife: number;
}

export interface CompositeOptions {
  /** Log of what a price is above its model's at the start; 0 when absent. */
  readonly offsets?: ReadonlyMap<string, number>;
  /** Of log prices; none when absent. */
  readonly bounds?: ReadonlyMap<string, LogBounds>;
}

/**
 * A market whose assets follow different models, each its own, and may change them while the world runs. An asset goes on from
 * where it stands when its model changes: from then on it makes the new model's moves from its own price.
 *
 * A price is always inside its bounds, whatever its model makes of it.
 *
 * All models stand on one grid. Models that are under one overlay are to be advanced point by point.
 */
export class CompositeMarket implements MarketModel {
  readonly #unitOfAccount: string;
  readonly #followed = new Map<string, Followed>();
  /** The models in use, each once. */
  #all: readonly MarketModel[];
  #time: Timestamp;

  /** @param models of each asset, at one point of one grid; at least one */
  constructor(
    unitOfAccount: string,
    models: ReadonlyMap<string, MarketModel>,
    { offsets = new Map(), bounds = new Map() }: CompositeOptions = {},
  ) {
    assert(models.size > 0, "a market has an asset");
    assert(!models.has(unitOfAccount), "the unit of account has no model");
    this.#unitOfAccount = unitOfAccount;
    this.#all = [...new Set(models.values())];
    const since = (this.#all[0] as MarketModel).time;
    this.#time = since;
    for (const model of this.#all) assert(model.time === since, "models stand on one grid");
    for (const [asset, model] of models) {
      const from = offsets.get(asset);
      const offset =
        from === undefined ? undefined : { from, since, halfLife: Number.POSITIVE_INFINITY };
      this.#followed.set(asset, { model, offset, bounds: bounds.get(asset) ?? BOUNDLESS });
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
    const offset = from === 0 ? undefined : { from, since: this.#time, halfLife };
    this.#followed.set(asset, { model, offset, bounds: this.#of(asset).bounds });
    this.#all = [...new Set([...this.#followed.values()].map((each) => each.model))];
  }

  /**
   * Mirrors an asset's price at a bound that it passed because it isn't its model's own; leaves a model's own price alone.
   *
   * @returns whether it had passed one
   */
  reflect(asset: string): boolean {
    const { model, offset, bounds } = this.#of(asset);
    if (offset === undefined) return false;
    const value = model.logValue(asset) + this.offset(asset);
    const inside = reflected(value, bounds);
    if (inside === value) return false;
    const from = this.offset(asset) + inside - value;
    this.#followed.set(asset, { model, offset: { ...offset, from, since: this.#time }, bounds });
    return true;
  }

  /** Log of what the asset's price is above that of its model, its bounds aside. */
  offset(asset: string): number {
    const offset = this.#followed.get(asset)?.offset;
    if (offset === undefined) return 0;
    return offset.from * 2 ** (-(this.#time - offset.since) / offset.halfLife);
  }

  logValue(asset: string): number {
    if (asset === this.#unitOfAccount) return 0;
    const { model, bounds } = this.#of(asset);
    return clamped(model.logValue(asset) + this.offset(asset), bounds);
  }

  fairLogValue(asset: string): number {
    if (asset === this.#unitOfAccount) return 0;
    const { model, bounds } = this.#of(asset);
    return clamped(model.fairLogValue(asset) + this.offset(asset), bounds);
  }

  side(asset: string): number {
    return asset === this.#unitOfAccount ? 0 : this.#of(asset).model.side(asset);
  }

  volatility(asset: string): number {
    return asset === this.#unitOfAccount ? 0 : this.#of(asset).model.volatility(asset);
  }

  usualVolatility(asset: string): number {
    return asset === this.#unitOfAccount ? 0 : this.#of(asset).model.usualVolatility(asset);
  }

  volume(asset: string): number {
    return asset === this.#unitOfAccount ? 0 : this.#of(asset).model.volume(asset);
  }

  depthFactor(asset: string): number {
    return asset === this.#unitOfAccount ? 1 : this.#of(asset).model.depthFactor(asset);
  }

  spreadFactor(asset: string): number {
    return asset === this.#unitOfAccount ? 1 : this.#of(asset).model.spreadFactor(asset);
  }

  #of(asset: string): Followed {
    const followed = this.#followed.get(asset);
    assert(followed !== undefined, `the model knows the asset: ${asset}`);
    return followed;
  }
}
