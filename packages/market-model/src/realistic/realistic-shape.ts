import type { SeasonShape } from "./season.ts";

/**
 * One Ornstein-Uhlenbeck factor of log volatility. Many of them with time scales from seconds to months make
 * volatility rough at short distance and remembered for long, as measured in real markets: a Markovian
 * form of rough and multifractal volatility (Gatheral, Jaisson, Rosenbaum 2018; Bacry, Muzy 2002).
 */
export interface VolatilityFactor {
  /** Seconds in which the factor forgets all but 1/e of itself. */
  readonly memory: number;
  /** Its part of the variance of log volatility. */
  readonly variance: number;
  /** Correlation of its innovation with the market's return: negative where falling prices raise volatility. */
  readonly leverage: number;
}

/** Volatility that follows trends: the square of an exponentially weighted mean of the market's shocks. */
export interface TrendFeedback {
  /** Seconds. */
  readonly memory: number;
  /** Log volatility for each unit of the square above its mean. */
  readonly strength: number;
}

export interface ActivityShape {
  /** Moves a second at average volatility; between them the price stands. */
  readonly rate: number;
  readonly lowest: number;
  /** How many times more often than the market the smaller assets' common factor moves. */
  readonly sector: number;
  /** Deviation of the logarithm of the rate's own slow factor, and its memory in seconds. */
  readonly deviation: number;
  readonly memory: number;
}

export interface JumpShape {
  /** A day, at average volatility. */
  readonly rate: number;
  /** No more than this many an hour, whatever excites them. */
  readonly hourlyMax: number;
  /** Jumps that one jump sets off on average, below 1, and over how many seconds. */
  readonly offspring: number;
  readonly memory: number;
  /** Smallest size as a multiple of the deviation of a minute's return; sizes above follow a power law. */
  readonly smallest: number;
  readonly tail: number;
  /** Share of the power law's tail that is cut: the largest jump is `smallest · cut^(-1/tail)`. */
  readonly cut: number;
  readonly down: number;
  /** Probability that an asset takes part, and the range of its share in the size. */
  readonly joining: number;
  readonly shareMin: number;
  readonly shareMax: number;
  /** The volatility factor that a jump raises, by how many deviations for one of the smallest size, and up to where. */
  readonly kicked: number;
  readonly kick: number;
  readonly kickMax: number;
}

/** Exponents of the law of a minute's volume, and its own noise. Fitted by regression on real minutes. */
export interface VolumeShape {
  /** Elasticity of the common volatility and season, of the minute's realised volatility, of its return. */
  readonly pace: number;
  readonly realised: number;
  readonly move: number;
  readonly factors: readonly { readonly memory: number; readonly deviation: number }[];
  /** Correlation of those factors between assets. */
  readonly common: number;
  /** Deviation of a minute's own noise, and how strongly it grows with the activity factor. */
  readonly noise: number;
  readonly noiseGrowth: number;
  /** Now and then a minute is larger by an exponential amount. */
  readonly burst: number;
  readonly burstMean: number;
  /** Largest such amount, in log volume: without it the mean volume would be infinite. */
  readonly burstMax: number;
}

/** What all assets of one market share. */
export interface RealisticShape {
  readonly season: SeasonShape;
  readonly factors: readonly VolatilityFactor[];
  /** Correlation of log volatilities between assets. */
  readonly commonVolatility: number;
  readonly trends: readonly TrendFeedback[];
  readonly activity: ActivityShape;
  readonly jumps: JumpShape;
  /** Part of a shock that is given back, and over how many seconds. */
  readonly transient: { readonly share: number; readonly memory: number };
  readonly volume: VolumeShape;
}

/** An asset whose price moves with the market. */
export interface MovingAsset {
  readonly kind: "moving";
  readonly asset: string;
  /** What one unit is worth at the start, in the unit of account. */
  readonly start: number;
  /** Prices are reflected here. `lowest` is above 0. */
  readonly lowest: number;
  readonly highest: number;
  /** Root of the mean variance of a year's log return. */
  readonly volatility: number;
  /** Correlation of its shocks with the market's, and with those of the smaller assets beside it. */
  readonly market: number;
  readonly sector: number;
  /** How strongly the season shows: the exponent of the pace. */
  readonly season: number;
  /** How many times more often than the market it moves on its own. */
  readonly gate: number;
  /**
   * Share of common shocks that it follows at once, the rest with its own next moves; 1 by default. Above 1 it goes too
   * far and comes back, which makes the inside of a minute rougher.
   */
  readonly prompt?: number;
  /** How closely volume goes with its price's moves, as a multiple of the shape's exponents; 1 by default. */
  readonly volumeTies?: number;
  /** Variances of its volatility factors as multiples of the shape's; 1 by default. */
  readonly roughness?: number;
  /** Units traded in a median day. */
  readonly dayVolume: number;
}

/** An asset that is pulled back to its start price: a stablecoin. */
export interface PeggedAsset {
  readonly kind: "pegged";
  readonly asset: string;
  readonly start: number;
  readonly lowest: number;
  readonly highest: number;
  /** Deviation from the start price in the long run, as a share of it. */
  readonly deviation: number;
  /** Seconds in which half of a deviation is gone. */
  readonly halfLife: number;
  /** Deviation of the noise that every price has for itself. */
  readonly noise: number;
  readonly dayVolume: number;
}

export type RealisticAsset = MovingAsset | PeggedAsset;

/**
 * Values fitted to the facts of public Binance data of BTC, ETH, SOL, ADA and DOT, 2023 to 2025. The
 * sources of each part are named where it is computed.
 */
export const REALISTIC_SHAPE: RealisticShape = {
  season: {
    hours: [
      1.12, 1.07, 0.95, 0.85, 0.77, 0.77, 0.81, 0.86, 0.96, 0.88, 0.87, 0.88, 1.03, 1.22, 1.37,
      1.32, 1.2, 1.12, 1.08, 1.1, 1.07, 1.0, 0.95, 0.91,
    ],
    weekend: 0.66,
    fullHour: 1.18,
    quarterHour: 1.1,
  },
  factors: [
    { memory: 25, variance: 0.025, leverage: 0 },
    { memory: 150, variance: 0.075, leverage: 0 },
    { memory: 700, variance: 0.053, leverage: -0.12 },
    { memory: 3_600, variance: 0.05, leverage: -0.14 },
    { memory: 14_400, variance: 0.037, leverage: -0.14 },
    { memory: 50_000, variance: 0.022, leverage: -0.1 },
    { memory: 200_000, variance: 0.034, leverage: 0 },
    { memory: 900_000, variance: 0.07, leverage: 0 },
    { memory: 5_000_000, variance: 0.06, leverage: 0 },
  ],
  commonVolatility: 0.8,
  trends: [
    { memory: 2_400, strength: 0.06 },
    { memory: 14_400, strength: 0.06 },
    { memory: 60_000, strength: 0.05 },
  ],
  activity: { rate: 0.11, lowest: 0.004, sector: 5, deviation: 1, memory: 302_400 },
  jumps: {
    rate: 2.5,
    hourlyMax: 20,
    offspring: 0.35,
    memory: 900,
    smallest: 3.2,
    tail: 2.9,
    cut: 0.0005,
    down: 0.52,
    joining: 0.65,
    shareMin: 0.6,
    shareMax: 1.4,
    kicked: 2,
    kick: 0.3,
    kickMax: 3.5,
  },
  transient: { share: 0.095, memory: 1_500 },
  volume: {
    pace: 0.93,
    realised: 0.5,
    move: 0.27,
    factors: [
      { memory: 180, deviation: 0.33 },
      { memory: 900, deviation: 0.27 },
      { memory: 10_800, deviation: 0.37 },
      { memory: 172_800, deviation: 0.27 },
    ],
    common: 0.65,
    noise: 0.28,
    noiseGrowth: 0.26,
    burst: 0.06,
    burstMean: 1.1,
    burstMax: 3.2,
  },
};
