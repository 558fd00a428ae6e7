import type { Duration, Random, Timestamp } from "@tse/domain";
import {
  DiffusionMarket,
  type MarketModel,
  type Overlay,
  REALISTIC_ASSETS,
  RealisticMarket,
  type TradedAsset,
} from "@tse/market-model";
import { UNIT_OF_ACCOUNT } from "./symbol-terms.ts";

/** Modes that make the prices of all assets together. */
export const MARKET_MODES = ["realistic", "gbm", "fixed-spread", "static"] as const;

export type MarketMode = (typeof MARKET_MODES)[number];

interface AssetTerms {
  readonly asset: string;
  readonly start: number;
  /** Standard deviation of a year's log return. */
  readonly volatility: number;
  readonly bounds: readonly [lowest: number, highest: number];
  readonly dailyVolume: number;
}

const moving = (terms: AssetTerms): TradedAsset => ({
  asset: terms.asset,
  start: terms.start,
  lowest: terms.bounds[0],
  highest: terms.bounds[1],
  path: { mode: "gbm", volatility: terms.volatility },
  dailyVolume: terms.dailyVolume,
});

/** An asset's row depends on the rows above it only: add at the end. */
const ASSETS: readonly TradedAsset[] = [
  moving({
    asset: "BTC",
    start: 45_000,
    volatility: 0.5,
    bounds: [1_000, 200_000],
    dailyVolume: 20_000,
  }),
  moving({
    asset: "ETH",
    start: 2_500,
    volatility: 0.68,
    bounds: [50, 20_000],
    dailyVolume: 250_000,
  }),
  moving({
    asset: "SOL",
    start: 100,
    volatility: 0.92,
    bounds: [1, 2_000],
    dailyVolume: 3_000_000,
  }),
  moving({
    asset: "ADA",
    start: 0.5,
    volatility: 0.9,
    bounds: [0.01, 10],
    dailyVolume: 150_000_000,
  }),
  moving({ asset: "DOT", start: 7, volatility: 0.88, bounds: [0.1, 200], dailyVolume: 8_000_000 }),
  {
    asset: "USDT",
    start: 1,
    lowest: 0.9,
    highest: 1.1,
    path: { mode: "reverting", deviation: 0.000_13, halfLife: 1.4 * 3_600_000_000 },
    dailyVolume: 200_000_000,
  },
];

const CORRELATIONS: Readonly<Record<string, number>> = {
  "BTC ETH": 0.845,
  "BTC SOL": 0.72,
  "BTC ADA": 0.72,
  "BTC DOT": 0.72,
  "ADA DOT": 0.79,
};
const OTHERWISE = 0.75;

function correlation(a: string, b: string): number {
  if (a === "USDT" || b === "USDT") return 0;
  return CORRELATIONS[`${a} ${b}`] ?? CORRELATIONS[`${b} ${a}`] ?? OTHERWISE;
}

/** The assets that a market of the default world prices, beside the unit of account. */
export const PRICED_ASSETS: readonly string[] = ASSETS.map(({ asset }) => asset);

/** Those of them that stand for a unit of account, and that a scenario of the whole market leaves alone. */
export const STABLECOINS: readonly string[] = ["USDT"];

export interface MarketOptions {
  readonly mode: MarketMode;
  readonly interval: Duration;
  /** Where the path begins: a grid point. */
  readonly start: Timestamp;
  readonly random: Random;
  /** What assets are worth there in a world that goes on; an asset without one begins at its start price. */
  readonly prices?: ReadonlyMap<string, number>;
  readonly overlay?: Overlay;
}

/** The market of a world, as its mode makes prices. */
export function createMarket(options: MarketOptions): MarketModel {
  const { mode, interval, start, random, prices, overlay } = options;
  if (mode === "realistic") {
    return new RealisticMarket({
      unitOfAccount: UNIT_OF_ACCOUNT,
      assets: REALISTIC_ASSETS,
      step: interval,
      start,
      random,
      ...(prices && { prices }),
      ...(overlay && { overlay }),
    });
  }
  const assets =
    mode === "static" ? ASSETS.map((asset) => ({ ...asset, path: { mode } as const })) : ASSETS;
  return new DiffusionMarket({
    unitOfAccount: UNIT_OF_ACCOUNT,
    assets,
    correlation,
    step: interval,
    start,
    random,
    ...(prices && { prices }),
    ...(overlay && { overlay }),
  });
}
