import { seededRandom } from "@tse/simulation";
import type { Candles } from "../src/index.ts";

/** Monday, 6 January 2025, 00:00 UTC. */
export const MONDAY = 1_736_121_600_000;

/** A minute of a market that a test makes up. */
export interface MadeMinute {
  /** Standard deviation of the minute's log return. */
  readonly deviation: number;
  /** Base units. */
  readonly volume: number;
}

/** What a made-up market is like. */
export interface MadeMarket {
  readonly minutes: number;
  readonly seed: number;
  /** Steps of the walk within a minute. */
  readonly steps?: number;
  readonly ts?: number;
  /** By the minute's place; 0.0005 and 10 when left out. */
  readonly minute?: (place: number) => MadeMinute;
}

/** Candles of a Brownian walk from 60,000, each opening where the one before closed. */
export function walk({
  minutes,
  seed,
  steps = 1,
  ts = MONDAY,
  minute = calm,
}: MadeMarket): Candles {
  const random = seededRandom(seed);
  const candles = emptyCandles(minutes, ts);
  let price = 60_000;
  for (let i = 0; i < minutes; i++) {
    const { deviation, volume } = minute(i);
    candles.open[i] = price;
    let high = price;
    let low = price;
    for (let step = 0; step < steps; step++) {
      price *= Math.exp((deviation / Math.sqrt(steps)) * random.normal());
      high = Math.max(high, price);
      low = Math.min(low, price);
    }
    candles.high[i] = high;
    candles.low[i] = low;
    candles.close[i] = price;
    candles.volume[i] = volume;
  }
  return candles;
}

function calm(): MadeMinute {
  return { deviation: 0.0005, volume: 10 };
}

/** Candles whose 1-minute log returns are `returns`, after a first candle at 100; volume 1. */
export function candlesOfReturns(returns: ArrayLike<number>, volumes?: ArrayLike<number>): Candles {
  const candles = emptyCandles(returns.length + 1, MONDAY);
  let price = 100;
  for (let i = 0; i < candles.ts.length; i++) {
    const open = price;
    if (i > 0) price *= Math.exp(returns[i - 1]!);
    candles.open[i] = open;
    candles.high[i] = Math.max(open, price);
    candles.low[i] = Math.min(open, price);
    candles.close[i] = price;
    candles.volume[i] = i > 0 ? (volumes?.[i - 1] ?? 1) : 1;
  }
  return candles;
}

function emptyCandles(minutes: number, ts: number): Candles {
  return {
    ts: Float64Array.from({ length: minutes }, (_, i) => ts + i * 60_000),
    open: new Float64Array(minutes),
    high: new Float64Array(minutes),
    low: new Float64Array(minutes),
    close: new Float64Array(minutes),
    volume: new Float64Array(minutes),
  };
}
