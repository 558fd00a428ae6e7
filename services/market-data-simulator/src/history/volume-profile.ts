import type { MarketCandle } from "../candles/market-candle.ts";

/** What was traded from one price to another: prices in ticks, `to` excluded but in the last bucket. */
export interface PriceBucket {
  readonly from: number;
  readonly to: number;
  readonly volume: number;
}

/** The volume of candles by price, in buckets of equal width. A candle's volume counts at its average price. */
export function volumeProfile(
  candles: readonly MarketCandle[],
  buckets: number,
): readonly PriceBucket[] {
  if (candles.length === 0) return [];
  const low = Math.min(...candles.map((candle) => candle.low));
  const high = Math.max(...candles.map((candle) => candle.high));
  const width = Math.max(1, Math.ceil((high - low + 1) / buckets));
  const volumes = new Array<number>(Math.ceil((high - low + 1) / width)).fill(0);
  for (const candle of candles) {
    const index = Math.min(Math.floor((averageOf(candle) - low) / width), volumes.length - 1);
    volumes[index] = (volumes[index] ?? 0) + candle.volume;
  }
  return volumes.map((volume, index) => ({
    from: low + index * width,
    to: low + (index + 1) * width,
    volume,
  }));
}

function averageOf({ quoteVolume, volume, low, high, close }: MarketCandle): number {
  if (volume === 0) return close;
  return Math.min(Math.max(Number(quoteVolume / BigInt(volume)), low), high);
}
