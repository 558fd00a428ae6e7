import type { Range } from "../facts/verdict.ts";
import type { TickFactId } from "./tick-facts.ts";

/**
 * What real tapes show of each fact. Source: Binance spot, trades and best quotes of BTC/USDT and ETH/USDT,
 * 8 August 2024, 23:54 to 24:00 UTC: the least and the most over the whole, its halves and its thirds, and over
 * the values of the eleven minutes from 23:54 to 00:05 (whose spreads are by time, and not by order). Rounded
 * outwards to three digits.
 *
 * Some minutes of one evening are one mood of the market. Facts without a unit therefore have one range for both
 * symbols; those with a unit, which differ for a reason, have one each. Trades a second: from the 1 % to the 99 %
 * quantile of 15-minute candles of January to June 2025, as minutes can't tell a night from a day.
 */
const EITHER = {
  fillsPerOrder: { low: 2.24, high: 3.58 },
  arrivalSpread: { low: 1.61, high: 2.1 },
  branching: { low: 0.443, high: 0.85 },
  sizeSpread: { low: 2.28, high: 2.66 },
  sizeRatio: { low: 7.75, high: 36.5 },
  sizeTail: { low: 0.838, high: 1.42 },
  signAcf1: { low: 0.244, high: 0.53 },
  signAcf10: { low: 0.0416, high: 0.213 },
  oneTickSpread: { low: 0.878, high: 0.994 },
  returnAcf: { low: -0.107, high: 0.253 },
  signature: { low: 0.853, high: 1.16 },
  imbalance: { low: 0.433, high: 0.675 },
  impactCorrelation: { low: 0.491, high: 0.784 },
  impactExponent: { low: 0.139, high: 0.773 },
  response: { low: 3.43, high: 5.47 },
} as const satisfies Partial<Record<TickFactId, Range>>;

export const TICK_RANGES = {
  BTC: {
    ...EITHER,
    tradeRate: { low: 5.74, high: 221 },
    meanSpread: { low: 0.0044, high: 0.0758 },
    touchSize: { low: 0.866, high: 1.72 },
    jump: { low: 0.15, high: 0.23 },
  },
  ETH: {
    ...EITHER,
    tradeRate: { low: 6.48, high: 165 },
    meanSpread: { low: 0.039, high: 0.085 },
    touchSize: { low: 5, high: 9.81 },
    jump: { low: 0.242, high: 0.336 },
  },
} as const satisfies Record<string, Record<TickFactId, Range>>;
