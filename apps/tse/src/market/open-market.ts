import { type Duration, duration, type Timestamp } from "@tse/domain";
import { type PriceModel, type RealisticAsset, RealisticMarket } from "@tse/market-model";
import { seededRandom } from "@tse/simulation";
import { BrownianMarket } from "./brownian-market.ts";
import type { MarketParameters } from "./market-parameters.ts";
import { type MarketSymbol, UNIT_OF_ACCOUNT } from "./market-symbols.ts";

export const MARKET_MODES = ["realistic", "gbm"] as const;
export type MarketMode = (typeof MARKET_MODES)[number];

/** Prices, and what is traded at them. */
export interface TradedMarket extends PriceModel {
  /** Units of the asset traded in the step that led to `time`. */
  volume(asset: string): number;
  /** As `MarketModel.side`. */
  side?(asset: string): number;
}

export interface MarketOptions {
  readonly mode: MarketMode;
  readonly parameters: MarketParameters;
  readonly symbols: readonly MarketSymbol[];
  readonly seed: number;
  readonly start: Timestamp;
}

const SECOND: Duration = duration(1_000_000);

/** A market on a grid of seconds. Deterministic: the same options give the same prices, whatever else is simulated. */
export function openMarket(options: MarketOptions): TradedMarket {
  if (options.mode === "realistic") return openRealistic(options, SECOND);
  const { parameters, symbols, seed, start } = options;
  const assets = assetsOf(parameters, symbols);
  return new BrownianMarket({ assets, step: SECOND, start, random: seededRandom(seed) });
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
