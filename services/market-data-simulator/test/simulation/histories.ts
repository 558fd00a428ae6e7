import { timestamp } from "@tse/domain";
import { seededRandom } from "@tse/simulation";
import type { PricePoint } from "../../src/simulation/price-point.ts";

const START = Date.UTC(2026, 0, 5) * 1000;
const MINUTE = 60_000_000;

/** Minutes of a market whose volatility comes in waves: `seed` decides them. */
export function marketHistory(count: number, seed: number | string): PricePoint[] {
  const random = seededRandom(seed);
  let log = Math.log(45_000);
  let calm = 0;
  return Array.from({ length: count }, (_, i) => {
    calm = 0.97 * calm + 0.25 * random.normal();
    const deviation = 0.001 * Math.exp(0.5 * calm);
    const open = log;
    log += 1e-5 + deviation * random.normal();
    const volume = 10 * Math.exp(calm + 0.3 * random.normal());
    return candle(i, Math.exp(open), Math.exp(log), volume);
  });
}

/** A history with these closes and volumes. */
export function historyOf(closes: readonly number[], volume = 1): PricePoint[] {
  return closes.map((close, i) => candle(i, closes[Math.max(0, i - 1)] as number, close, volume));
}

function candle(i: number, open: number, close: number, volume: number): PricePoint {
  const [low, high] = open < close ? [open, close] : [close, open];
  return { at: timestamp(START + i * MINUTE), open, high, low, close, volume };
}
