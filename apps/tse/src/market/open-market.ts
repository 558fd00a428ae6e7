import { type Duration, duration, type Timestamp } from "@tse/domain";
import {
  DiffusionMarket,
  type MarketModel,
  type RealisticAsset,
  RealisticMarket,
  type TradedAsset,
} from "@tse/market-model";
import { seededRandom } from "@tse/simulation";
import type { MarketParameters } from "./market-parameters.ts";
import { type MarketSymbol, UNIT_OF_ACCOUNT } from "./market-symbols.ts";

export const MARKET_MODES = ["realistic", "gbm"] as const;
export type MarketMode = (typeof MARKET_MODES)[number];

export interface MarketOptions {
  readonly mode: MarketMode;
  readonly parameters: MarketParameters;
  readonly symbols: readonly MarketSymbol[];
  readonly seed: number;
  readonly start: Timestamp;
}

const SECOND: Duration = duration(1_000_000);

/**
 * A market on a grid of seconds; the mode `gbm` has the volatilities and correlations that the parameters say. Deterministic: the same options give the same prices, whatever else is simulated.
 */
export function openMarket(options: MarketOptions): MarketModel {
  if (options.mode === "realistic") return openRealistic(options, SECOND);
  const { parameters, symbols, seed, start } = options;
  const assets = assetsOf(parameters, symbols);
  const loadings = new Map(assets.map((asset) => [asset.asset, loadingsOf(asset)]));
  return new DiffusionMarket({
    unitOfAccount: UNIT_OF_ACCOUNT,
    assets: assets.map(diffusing),
    correlation: (a, b) => product(loadings.get(a) ?? [], loadings.get(b) ?? []),
    step: SECOND,
    start,
    random: seededRandom(seed),
  });
}

/** The mode `realistic` on a grid of its own. */
export function openRealistic(
  { parameters, symbols, seed, start }: Omit<MarketOptions, "mode">,
  step: Duration,
): RealisticMarket {
  const assets = assetsOf(parameters, symbols);
  const { shape } = parameters;
  const common = { unitOfAccount: UNIT_OF_ACCOUNT, random: seededRandom(seed) };
  return new RealisticMarket({ ...common, assets, shape, step, start });
}

/** The assets that the symbols need, in the order of the parameters. */
export function assetsOf(
  { assets }: MarketParameters,
  symbols: readonly MarketSymbol[],
): readonly RealisticAsset[] {
  const needed = new Set(symbols.flatMap(({ baseAsset, quoteAsset }) => [baseAsset, quoteAsset]));
  return assets.filter(({ asset }) => needed.has(asset));
}

function diffusing(asset: RealisticAsset): TradedAsset {
  const { asset: name, start, lowest, highest, dayVolume } = asset;
  const common = { asset: name, start, lowest, highest, dailyVolume: dayVolume };
  if (asset.kind === "moving") {
    return { ...common, path: { mode: "gbm", volatility: asset.volatility } };
  }
  const { deviation, halfLife } = asset;
  return { ...common, path: { mode: "reverting", deviation, halfLife: halfLife * SECOND } };
}

function loadingsOf(asset: RealisticAsset): readonly number[] {
  return asset.kind === "moving" ? [asset.market, asset.sector] : [];
}

function product(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}
