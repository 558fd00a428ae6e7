import type { Duration, Random, Timestamp } from "@tse/domain";
import { Diffusion, type PricedAsset, type RealisticAsset } from "@tse/market-model";
import { UNIT_OF_ACCOUNT } from "./market-symbols.ts";
import type { TradedMarket } from "./open-market.ts";

const DAY = 86_400_000_000;
const MICROSECONDS = 1_000_000;

/** Deviation of the logarithm of a step's volume. */
const VOLUME_DEVIATION = 1;

interface Volume {
  /** Mean of a step, in base units. */
  readonly mean: number;
  readonly random: Random;
  newest: number;
}

/**
 * The mode `gbm`: the same assets with returns that are normal, independent in time and correlated as loadings say, and
 * volumes that know nothing of prices. What realistic prices are compared with.
 */
export class BrownianMarket implements TradedMarket {
  readonly #prices: Diffusion;
  readonly #volumes = new Map<string, Volume>();

  constructor(options: {
    readonly assets: readonly RealisticAsset[];
    readonly step: Duration;
    readonly start: Timestamp;
    readonly random: Random;
  }) {
    const { assets, step, random } = options;
    const loadings = new Map(assets.map((asset) => [asset.asset, loadingsOf(asset)]));
    this.#prices = new Diffusion({
      ...options,
      unitOfAccount: UNIT_OF_ACCOUNT,
      assets: assets.map(diffusing),
      correlation: (a, b) => product(loadings.get(a) ?? [], loadings.get(b) ?? []),
    });
    for (const { asset, dayVolume } of assets) {
      const mean = (dayVolume * step) / DAY;
      this.#volumes.set(asset, { mean, random: random.fork("volume").fork(asset), newest: 0 });
    }
  }

  get time(): Timestamp {
    return this.#prices.time;
  }

  advanceTo(time: Timestamp): void {
    const before = this.#prices.time;
    this.#prices.advanceTo(time);
    if (this.#prices.time === before) return;
    for (const volume of this.#volumes.values()) {
      const log = VOLUME_DEVIATION * volume.random.normal() - VOLUME_DEVIATION ** 2 / 2;
      volume.newest = volume.mean * Math.exp(log);
    }
  }

  logValue(asset: string): number {
    return this.#prices.logValue(asset);
  }

  volume(asset: string): number {
    return this.#volumes.get(asset)?.newest ?? 0;
  }
}

function diffusing(asset: RealisticAsset): PricedAsset {
  const { asset: name, start, lowest, highest } = asset;
  const path =
    asset.kind === "moving"
      ? ({ mode: "gbm", volatility: asset.volatility } as const)
      : ({
          mode: "reverting",
          deviation: asset.deviation,
          halfLife: asset.halfLife * MICROSECONDS,
        } as const);
  return { asset: name, start, lowest, highest, path };
}

function loadingsOf(asset: RealisticAsset): readonly number[] {
  return asset.kind === "moving" ? [asset.market, asset.sector] : [];
}

function product(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}
