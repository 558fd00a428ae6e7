import type { RealisticAsset } from "./realistic-shape.ts";

const bounded = (lowest: number, start: number, highest: number) => ({ lowest, start, highest });

/**
 * The assets of a default world. Volatility, loadings and day volumes from public Binance data: daily and 1-minute candles of
 * 2022 to 2026; start prices are round numbers.
 */
export const REALISTIC_ASSETS: readonly RealisticAsset[] = [
  {
    kind: "moving",
    asset: "BTC",
    ...bounded(1_000, 45_000, 200_000),
    volatility: 0.5,
    market: 0.9,
    sector: 0,
    season: 1,
    gate: 0.5,
    dayVolume: 17_100,
  },
  {
    kind: "moving",
    asset: "ETH",
    ...bounded(50, 2_500, 20_000),
    volatility: 0.68,
    market: 0.935,
    sector: 0,
    season: 0.85,
    gate: 4,
    prompt: 1.14,
    volumeTies: 0.8,
    dayVolume: 463_000,
  },
  {
    kind: "moving",
    asset: "SOL",
    ...bounded(1, 100, 2_000),
    volatility: 0.92,
    market: 0.8,
    sector: 0.3,
    season: 0.65,
    gate: 5,
    dayVolume: 3_260_000,
  },
  {
    kind: "moving",
    asset: "ADA",
    ...bounded(0.01, 0.5, 10),
    volatility: 0.9,
    market: 0.795,
    sector: 0.38,
    season: 0.65,
    gate: 5,
    dayVolume: 126_000_000,
  },
  {
    kind: "moving",
    asset: "DOT",
    ...bounded(0.1, 7, 200),
    volatility: 0.88,
    market: 0.8,
    sector: 0.38,
    season: 0.65,
    gate: 5,
    dayVolume: 6_200_000,
  },
  {
    kind: "pegged",
    asset: "USDT",
    ...bounded(0.9, 1, 1.1),
    deviation: 0.000_13,
    halfLife: 5_040,
    noise: 0.000_08,
    dayVolume: 40_000_000,
  },
];
