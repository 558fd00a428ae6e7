import type { ImpactParameters } from "./impact.ts";

/** A log-normal size: `median` in units of the base asset, standard deviation of the logarithm. */
export interface SizeLaw {
  readonly median: number;
  readonly deviation: number;
}

/** Children of a market order that come with an exponential delay: one kernel of a Hawkes process. */
export interface HawkesKernel {
  /** Mean number of children; the sum over the kernels is the branching ratio, below 1. */
  readonly branching: number;
  /** Mean delay. */
  readonly seconds: number;
}

/** Market orders: clustered arrivals, signs with memory, heavy sizes. */
export interface TakerParameters {
  /** Arrivals per second that no other caused, at activity 1. All arrivals: this / (1 - branching). */
  readonly immigrantsPerSecond: number;
  readonly kernels: readonly HawkesKernel[];
  /** Mean number of market orders that come at once with a piece of news of usual size. */
  readonly newsArrivals: number;
  readonly newsSeconds: number;
  /** Metaorders that are being worked at a time. */
  readonly metaorders: number;
  /** A metaorder has ceil(2 Pareto(`lengthTail`)) market orders. */
  readonly lengthTail: number;
  /** Probability that the next market order is of the same metaorder as the last. */
  readonly samePersistence: number;
  /** Beyond this distance of the fair price from the middle of the touch, in basis points… */
  readonly informedBeyondBp: number;
  /** …a market order goes towards the fair price with this probability. */
  readonly informedShare: number;
  /** …and its size times this, as far as the fair price. */
  readonly informedBoost: number;
  readonly size: SizeLaw;
  /** Sizes above this are folded back under it; units of the base asset. */
  readonly largest: number;
  /** Probability that an order takes no more than the touch offers. */
  readonly clippedShare: number;
}

/** Professional makers: quotes at the touch and a ladder behind it. */
export interface MakerParameters {
  /** Reaction time of each maker in milliseconds: as many makers as entries. */
  readonly latenciesMs: readonly number[];
  /** Own error of each maker about the fair price, in basis points. */
  readonly fairNoiseBp: number;
  /** Looks at the touch per second and maker, besides reactions to news and trades. */
  readonly touchPerSecond: number;
  /** Ladder levels renewed per second and maker, both sides at once. */
  readonly ladderPerSecond: number;
  /** A quote at the touch is so many orders of this size. */
  readonly touchOrders: number;
  readonly touchSize: SizeLaw;
  /** Behind the fair price by more than this, the touch is improved rather than joined; basis points. */
  readonly joinBp: number;
  readonly levels: number;
  /** Level l is `firstBp` × `ratio`^l basis points from the fair price, × 0.75 to 1.25. */
  readonly firstBp: number;
  readonly ratio: number;
  /** Level l has size `ladderSize` × exp(l × `ladderGrowth`). */
  readonly ladderSize: SizeLaw;
  readonly ladderGrowth: number;
  /** Inventory that moves a maker's quotes by `skewBp`, at most by twice that; units of the base asset. */
  readonly inventory: number;
  readonly skewBp: number;
}

/** Everybody else who rests orders. */
export interface CrowdParameters {
  /** Looks at the touch per second: stale orders pulled or sniped, an open spread filled, orphans gone. */
  readonly reflexesPerSecond: number;
  /** An order is stale when the fair price is beyond it by more than this; basis points. */
  readonly staleBp: number;
  /** Probabilities per look. */
  readonly pull: number;
  readonly snipe: number;
  readonly refill: number;
  readonly orphan: number;
  readonly pennySize: SizeLaw;
  /** Small orders that join the touch per second, their size and mean life. */
  readonly joinersPerSecond: number;
  readonly joinerSize: SizeLaw;
  readonly joinerSeconds: number;
  /** Background limit orders per second; they live near the touch `backgroundSeconds`, longer further away. */
  readonly backgroundPerSecond: number;
  readonly backgroundSize: SizeLaw;
  readonly backgroundSeconds: number;
  /** Distance from the fair price: `backgroundBp` × (Pareto(`backgroundTail`) - 1) × 1 to 3. */
  readonly backgroundBp: number;
  readonly backgroundTail: number;
  /** Most background orders alive: the oldest makes room. */
  readonly backgroundMost: number;
}

/** Who trades because the price moves. Off when its count or rate is 0. */
export interface StressParameters {
  /** Positions with a stop or liquidation price: how many, renewed how often, and how far from the price. */
  readonly positions: number;
  readonly positionsPerSecond: number;
  /** Median distance as a share of the price, and deviation of its logarithm. */
  readonly positionDistance: number;
  readonly positionDeviation: number;
  readonly positionSize: SizeLaw;
  /** Market orders per second of those who follow a trend, and its length in seconds. */
  readonly trendPerSecond: number;
  readonly trendSeconds: number;
  /** They act when the trend is beyond so many standard deviations. */
  readonly trendThreshold: number;
  readonly trendSize: SizeLaw;
}

/** The market of one instrument as plain data. Distances in basis points, sizes in base units. */
export interface FlowParameters {
  /** Size of a tick and of a lot in units of the quote and the base asset. */
  readonly tickSize: number;
  readonly lotSize: number;
  /** Usual volatility: standard deviation of a year's log return. Makers widen in proportion to it. */
  readonly yearVolatility: number;
  /** Times per second that the fair price moves within the steps of the price layer. */
  readonly newsPerSecond: number;
  readonly takers: TakerParameters;
  readonly makers: MakerParameters;
  readonly crowd: CrowdParameters;
  readonly impact: ImpactParameters;
  readonly stress: StressParameters;
}
