import { VOLUME_DIGITS } from "./symbol-terms.ts";
import type { Tick } from "./tick.ts";

/** Price in ticks, size in units of 10^-4 of the base asset. */
export interface DepthLevel {
  readonly price: number;
  readonly size: number;
}

/** The reference market's levels around one tick, best first on each side. */
export interface Depth {
  readonly tick: Tick;
  readonly bids: readonly DepthLevel[];
  readonly asks: readonly DepthLevel[];
}

export interface DepthConditions {
  /** The spread in force. */
  readonly bps: number;
  /** Units of the base asset at the first level of bids in usual times. */
  readonly size: number;
  /** What scenarios and volatility make of sizes; 1 is normal. */
  readonly factor: number;
}

export const DEPTH_LEVELS = 10;

const BPS = 10_000;
/** First distance from the price, in spreads; the last is this many times as far. */
const NEAREST = 1 / 6;
const DISTANCE_RATIO = (100 / 3) ** (1 / (DEPTH_LEVELS - 1));
/** Sizes grow tenfold from 2.5 on the one side, from 1.8 to 22 on the other. */
const BID_RATIO = 10 ** (1 / (DEPTH_LEVELS - 1));
const ASK_FIRST = 1.8 / 2.5;
const ASK_RATIO = (22 / 1.8) ** (1 / (DEPTH_LEVELS - 1));

/**
 * Ten levels a side at geometric distances, with geometric sizes; no two levels share a price. For a bitcoin at
 * 45,000 and a spread of 2 bps: 44,998.50 × 2.5 to 44,950 × 25, and 45,001.50 × 1.8 to 45,050 × 22.
 */
export function depthAround(tick: Tick, conditions: DepthConditions): Depth {
  const bids: DepthLevel[] = [];
  const asks: DepthLevel[] = [];
  const { bps, size, factor } = conditions;
  for (let level = 0; level < DEPTH_LEVELS; level++) {
    const distance = (tick.price * bps * NEAREST * DISTANCE_RATIO ** level) / BPS;
    const lowest = (bids.at(-1)?.price ?? tick.price) - 1;
    const highest = (asks.at(-1)?.price ?? tick.price) + 1;
    const bid = Math.min(Math.round(tick.price - distance), lowest);
    const ask = Math.max(Math.round(tick.price + distance), highest);
    if (bid > 0) bids.push({ price: bid, size: units(size * factor * BID_RATIO ** level) });
    asks.push({ price: ask, size: units(size * factor * ASK_FIRST * ASK_RATIO ** level) });
  }
  return { tick, bids, asks };
}

function units(size: number): number {
  return Math.max(1, Math.round(size * 10 ** VOLUME_DIGITS));
}
