import type { FlowConditions } from "./flow-conditions.ts";

const SECONDS_PER_YEAR = 31_557_600;
const NARROWEST = 0.5;
const WIDEST = 8;

/** The market as the agents see it at one moment, besides the book: written by the flow, read by all. */
export class FlowView {
  /** Microseconds. */
  nowUs = 0;
  /** Fair price in ticks, impact included. */
  fair = 0;
  /** The same with the newest price of the price layer: what the best informed see. */
  leading = 0;
  /** Multiplier of distances: volatility against the usual, times what scenarios say. */
  width = 1;
  /** What scenarios make of the spread alone. */
  spread = 1;
  /** Multiplier of sizes. */
  depth = 1;
  /** Multiplier of arrivals. */
  activity = 1;
  /** Standard deviation of the log return of a second: now, and usually. */
  volatility = 0;
  readonly usualVolatility: number;

  /** @param yearVolatility usual standard deviation of a year's log return */
  constructor(yearVolatility: number) {
    this.usualVolatility = yearVolatility / Math.sqrt(SECONDS_PER_YEAR);
  }

  read(conditions: FlowConditions): void {
    this.volatility = conditions.volatility();
    const wildness = this.volatility / this.usualVolatility;
    this.spread = conditions.spread();
    this.width = Math.min(Math.max(wildness, NARROWEST), WIDEST) * this.spread;
    this.depth = conditions.depth();
    this.activity = conditions.activity();
  }

  /** -1 to 1: how far, and to which side, the best informed see the price from the middle of the touch. */
  lean(bid: number, ask: number, basisPoints: number): number {
    if (bid === 0 || ask === 0) return 0;
    const away = this.leading - (bid + ask) / 2;
    return Math.min(Math.max(away / (this.ticksOf(basisPoints) + 0.5), -1), 1);
  }

  /** So many basis points of the fair price, widened as the market is, in ticks. */
  ticksOf(basisPoints: number): number {
    return basisPoints * 1e-4 * this.fair * this.width;
  }
}
