import { assert, type Duration } from "@tse/domain";
import type { CandleSeries } from "./candle-series.ts";

/** Prices to replay, one array a column, all of one length of at least 1. */
export interface ReplaySeries {
  /** Microseconds since 1970, strictly increasing. */
  readonly time: Float64Array;
  /** Above 0, finite. */
  readonly price: Float64Array;
  /** Units of the asset traded since the point in front, from 0. */
  readonly volume: Float64Array;
}

/** Prices of a candle that are replayed, and when, in sixtieths of its length: the last is its last second of a minute. */
const MOMENTS = [0, 20, 40, 59] as const;

/**
 * Candles as prices: of each its open, then low and high if it rose and high and low if not, then its
 * close, at 0, 20, 40 and 59 sixtieths of its length with a quarter of its volume each. Candles of one
 * interval that are made of them again are the same.
 *
 * @param length of a candle: no two start closer together
 */
export function seriesOfCandles(candles: CandleSeries, length: Duration): ReplaySeries {
  const count = candles.time.length;
  const series: ReplaySeries = {
    time: new Float64Array(4 * count),
    price: new Float64Array(4 * count),
    volume: new Float64Array(4 * count),
  };
  for (let i = 0; i < count; i++) {
    const start = candles.time[i] as number;
    assert(i === 0 || start - (candles.time[i - 1] as number) >= length, "candles don't overlap");
    for (const [moment, price] of pricesOf(candles, i).entries()) {
      const place = 4 * i + moment;
      series.time[place] = start + Math.floor((length * (MOMENTS[moment] as number)) / 60);
      series.price[place] = price;
      series.volume[place] = (candles.volume[i] as number) / 4;
    }
  }
  return series;
}

function pricesOf(candles: CandleSeries, i: number): readonly number[] {
  const [open, high, low, close] = [
    candles.open[i] as number,
    candles.high[i] as number,
    candles.low[i] as number,
    candles.close[i] as number,
  ];
  return close >= open ? [open, low, high, close] : [open, high, low, close];
}

/** States the rules of a series. */
export function assertSeries({ time, price, volume }: ReplaySeries): void {
  assert(time.length >= 1, "a series has a point");
  assert(price.length === time.length && volume.length === time.length, "columns have one length");
  for (let i = 0; i < time.length; i++) {
    assert(i === 0 || (time[i] as number) > (time[i - 1] as number), "a series' times increase");
    const value = price[i] as number;
    assert(value > 0 && Number.isFinite(value), "a series' prices are finite, above 0");
    assert((volume[i] as number) >= 0, "a volume is from 0");
  }
}

/** Place of the last point at or before `at`; -1 when all are later. */
export function placeAt(time: Float64Array, at: number): number {
  let low = 0;
  let high = time.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((time[middle] as number) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
