import { assert, type Duration, type Timestamp, timestamp } from "@tse/domain";
import type { MarketModel, Overlay } from "./market-model.ts";

export interface OverlaidOptions {
  /** Moved by this one alone. */
  readonly model: MarketModel;
  readonly overlay: Overlay;
  /** Those that the overlay acts on. */
  readonly assets: readonly string[];
  readonly unitOfAccount: string;
  /** Distance of two points of the model's grid. */
  readonly step: Duration;
}

interface Standing {
  /** What scenarios had made of the price before this began. */
  readonly origin: number;
  /** Log price of the model at the last grid point. */
  value: number;
  /** What scenarios added to it by multiplied moves and pulls. */
  extra: number;
}

/**
 * A model that knows nothing of scenarios, under an overlay. The model's moves are multiplied by the overlay's volatility,
 * its own moves since this began and its pulls are added, in logs; volume, depth and spread are multiplied. What was added
 * stays when a scenario ends: no price jumps. Under an overlay that isn't active prices are the model's own, bit for bit.
 *
 * Loadings on common factors and rates of jumps have no effect. One advance or many give the same prices.
 */
export class OverlaidModel implements MarketModel {
  readonly #model: MarketModel;
  readonly #overlay: Overlay;
  readonly #unitOfAccount: string;
  readonly #step: Duration;
  readonly #standings = new Map<string, Standing>();

  constructor({ model, overlay, assets, unitOfAccount, step }: OverlaidOptions) {
    assert(step > 0, "the grid has a step");
    this.#model = model;
    this.#overlay = overlay;
    this.#unitOfAccount = unitOfAccount;
    this.#step = step;
    overlay.advanceTo(model.time);
    for (const asset of assets) {
      const value = model.logValue(asset);
      this.#standings.set(asset, { origin: overlay.shift(asset), value, extra: 0 });
    }
  }

  get time(): Timestamp {
    return this.#model.time;
  }

  advanceTo(time: Timestamp): void {
    const last = Math.floor(time / this.#step) * this.#step;
    for (let at = this.time + this.#step; at <= last; at += this.#step) {
      this.#model.advanceTo(timestamp(at));
      this.#overlay.advanceTo(timestamp(at));
      for (const [asset, standing] of this.#standings) this.#move(asset, standing);
    }
  }

  /** Takes the model's price as it is now: what it moved by since the last grid point was no move of the market. */
  settle(): void {
    for (const [asset, standing] of this.#standings) standing.value = this.#model.logValue(asset);
  }

  logValue(asset: string): number {
    return asset === this.#unitOfAccount ? 0 : this.#model.logValue(asset) + this.#added(asset);
  }

  fairLogValue(asset: string): number {
    return asset === this.#unitOfAccount ? 0 : this.#model.fairLogValue(asset) + this.#added(asset);
  }

  side(asset: string): number {
    return this.#model.side(asset);
  }

  volatility(asset: string): number {
    return this.#model.volatility(asset) * this.#overlay.volatility(asset);
  }

  usualVolatility(asset: string): number {
    return this.#model.usualVolatility(asset);
  }

  volume(asset: string): number {
    return this.#model.volume(asset) * this.#overlay.volume(asset);
  }

  depthFactor(asset: string): number {
    return this.#model.depthFactor(asset) * this.#overlay.depth(asset);
  }

  spreadFactor(asset: string): number {
    return this.#model.spreadFactor(asset) * this.#overlay.spread(asset);
  }

  #added(asset: string): number {
    const { origin, extra } = this.#of(asset);
    return extra + (this.#overlay.shift(asset) - origin);
  }

  #of(asset: string): Standing {
    const standing = this.#standings.get(asset);
    assert(standing !== undefined, `the model knows the asset: ${asset}`);
    return standing;
  }

  #move(asset: string, standing: Standing): void {
    const value = this.#model.logValue(asset);
    if (this.#overlay.active) {
      standing.extra += (this.#overlay.volatility(asset) - 1) * (value - standing.value);
      standing.extra += this.#overlay.pull(asset, this.logValue(asset), this.#step);
    }
    standing.value = value;
  }
}
