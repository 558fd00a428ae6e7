import type { FlowParameters, SizeLaw } from "./flow-parameters.ts";

/** Fitted to the trades and quotes of BTC/USDT on a large venue: public Binance data of August 2024. */
const BTC: FlowParameters = {
  tickSize: 0.01,
  lotSize: 0.00001,
  yearVolatility: 0.5,
  newsPerSecond: 1.2,
  takers: {
    immigrantsPerSecond: 0.12,
    kernels: [
      { branching: 0.4, seconds: 0.05 },
      { branching: 0.41, seconds: 1.7 },
      { branching: 0.12, seconds: 15 },
    ],
    newsArrivals: 0.7,
    newsSeconds: 0.004,
    metaorders: 9,
    lengthTail: 1.4,
    samePersistence: 0.15,
    informedBeyondBp: 0.2,
    informedShare: 0.8,
    informedBoost: 5,
    size: { median: 0.0024, deviation: 2.5 },
    largest: 20,
    clippedShare: 0.35,
  },
  makers: {
    latenciesMs: [3, 6, 12, 30],
    fairNoiseBp: 0.05,
    touchPerSecond: 2,
    ladderPerSecond: 12,
    touchSize: { median: 0.03, deviation: 0.9 },
    touchOrders: 5,
    joinBp: 0.35,
    levels: 12,
    firstBp: 0.5,
    ratio: 1.45,
    ladderSize: { median: 0.065, deviation: 1 },
    ladderGrowth: 0.42,
    inventory: 20,
    skewBp: 0.05,
  },
  crowd: {
    reflexesPerSecond: 400,
    staleBp: 0.25,
    pull: 0.6,
    snipe: 0.01,
    refill: 1,
    orphan: 1,
    pennySize: { median: 0.06, deviation: 1.2 },
    joinersPerSecond: 45,
    joinerSize: { median: 0.008, deviation: 1.3 },
    joinerSeconds: 8,
    backgroundPerSecond: 60,
    backgroundSize: { median: 0.04, deviation: 1.4 },
    backgroundSeconds: 3,
    backgroundBp: 0.7,
    backgroundTail: 0.85,
    backgroundMost: 420,
  },
  impact: {
    strength: 0.62,
    dailyVolatility: 0.0262,
    dailyVolume: 17_100,
    decaySeconds: [8, 60, 600, 3600],
    weights: [0.42, 0.3, 0.18, 0.1],
    permanentShare: 0,
    ownShare: 1,
    ownKnee: 0.3,
  },
  stress: {
    positions: 0,
    positionsPerSecond: 0,
    positionDistance: 0.01,
    positionDeviation: 0.8,
    positionSize: { median: 0.1, deviation: 1.5 },
    trendPerSecond: 0,
    trendSeconds: 30,
    trendThreshold: 2,
    trendSize: { median: 0.02, deviation: 1.5 },
  },
};

/** How another asset's market differs from that of BTC. */
interface Difference {
  readonly tickSize: number;
  readonly lotSize: number;
  readonly yearVolatility: number;
  readonly dailyVolume: number;
  /** Market orders a second, against those of BTC. */
  readonly pace: number;
  /** Sizes of market orders and of resting ones, in units of the base asset, against those of BTC. */
  readonly taken: number;
  readonly resting: number;
}

function like(base: FlowParameters, other: Difference): FlowParameters {
  const { newsPerSecond, takers, makers, crowd, impact, stress } = paced(base, other.pace);
  const { taken, resting } = other;
  return {
    tickSize: other.tickSize,
    lotSize: other.lotSize,
    yearVolatility: other.yearVolatility,
    newsPerSecond,
    takers: { ...takers, size: larger(takers.size, taken), largest: takers.largest * taken },
    makers: {
      ...makers,
      touchSize: larger(makers.touchSize, resting),
      ladderSize: larger(makers.ladderSize, resting),
      inventory: makers.inventory * resting,
    },
    crowd: {
      ...crowd,
      pennySize: larger(crowd.pennySize, resting),
      joinerSize: larger(crowd.joinerSize, resting),
      backgroundSize: larger(crowd.backgroundSize, resting),
    },
    impact: {
      ...impact,
      dailyVolatility: other.yearVolatility / Math.sqrt(365),
      dailyVolume: other.dailyVolume,
      ownKnee: impact.ownKnee * taken,
    },
    stress: {
      ...stress,
      positionSize: larger(stress.positionSize, taken),
      trendSize: larger(stress.trendSize, taken),
    },
  };
}

/**
 * The same market with everybody acting `pace` times as often: fewer orders that live longer, so that the book looks
 * the same, and trades that come less often. Pace above 0.
 */
export function paced(parameters: FlowParameters, pace: number): FlowParameters {
  const { takers, makers, crowd } = parameters;
  return {
    ...parameters,
    newsPerSecond: parameters.newsPerSecond * Math.sqrt(pace),
    takers: {
      ...takers,
      immigrantsPerSecond: takers.immigrantsPerSecond * pace,
      newsArrivals: takers.newsArrivals * Math.sqrt(pace),
    },
    makers: {
      ...makers,
      touchPerSecond: makers.touchPerSecond * Math.sqrt(pace),
      ladderPerSecond: makers.ladderPerSecond * pace,
    },
    crowd: {
      ...crowd,
      reflexesPerSecond: crowd.reflexesPerSecond * Math.sqrt(pace),
      joinersPerSecond: crowd.joinersPerSecond * pace,
      joinerSeconds: crowd.joinerSeconds / Math.sqrt(pace),
      backgroundPerSecond: crowd.backgroundPerSecond * pace,
      backgroundSeconds: crowd.backgroundSeconds / pace,
    },
  };
}

function larger({ median, deviation }: SizeLaw, times: number): SizeLaw {
  return { median: median * times, deviation };
}

/**
 * Flow of the markets of a default world, by base asset. Day volumes, trades a second and mean trades from public Binance data, 2025; depths
 * of all but BTC and ETH, and everything of USDT, are assumptions.
 */
export const FLOW_PARAMETERS: Readonly<Record<string, FlowParameters>> = {
  BTC,
  ETH: like(BTC, {
    tickSize: 0.01,
    lotSize: 0.0001,
    yearVolatility: 0.68,
    dailyVolume: 463_000,
    pace: 0.75,
    taken: 8,
    resting: 8,
  }),
  SOL: like(BTC, {
    tickSize: 0.01,
    lotSize: 0.001,
    yearVolatility: 0.92,
    dailyVolume: 3_260_000,
    pace: 0.5,
    taken: 230,
    resting: 100,
  }),
  ADA: like(BTC, {
    tickSize: 0.0001,
    lotSize: 0.1,
    yearVolatility: 0.9,
    dailyVolume: 126_000_000,
    pace: 0.1,
    taken: 46_000,
    resting: 6_500,
  }),
  DOT: like(BTC, {
    tickSize: 0.001,
    lotSize: 0.01,
    yearVolatility: 0.88,
    dailyVolume: 6_200_000,
    pace: 0.05,
    taken: 2_900,
    resting: 190,
  }),
  USDT: like(BTC, {
    tickSize: 0.0001,
    lotSize: 0.01,
    yearVolatility: 0.012,
    dailyVolume: 40_000_000,
    pace: 0.1,
    taken: 14_500,
    resting: 160_000,
  }),
};
