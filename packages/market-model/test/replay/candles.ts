import type { CandleSeries } from "@tse/market-model";
import { seededRandom } from "@tse/simulation";

export const MINUTE = 60_000_000;
/** A Monday. */
export const MONDAY = Date.UTC(2026, 0, 5) * 1000;

/**
 * Minutes of several assets from `start` on, driven by one factor and a part of their own each, twice as
 * wild in the second half of a day.
 */
export function marketCandles(
  assets: readonly string[],
  count: number,
  { start = MONDAY, seed = 1, common = 0.9 } = {},
): Map<string, CandleSeries> {
  const factor = seededRandom(seed).fork("factor");
  const own = assets.map((asset) => seededRandom(seed).fork(asset));
  const prices = assets.map((_, i) => 100 * 10 ** i);
  const all = new Map(assets.map((asset) => [asset, emptySeries(count)]));
  for (let i = 0; i < count; i++) {
    const time = start + i * MINUTE;
    const deviation = (i + start / MINUTE) % 1440 < 720 ? 0.0005 : 0.001;
    const shared = factor.normal();
    for (const [place, asset] of assets.entries()) {
      const random = own[place] as ReturnType<typeof seededRandom>;
      const shock = common * shared + Math.sqrt(1 - common ** 2) * random.normal();
      const open = prices[place] as number;
      const close = open * Math.exp(deviation * shock);
      prices[place] = close;
      const wide = deviation * Math.abs(random.normal());
      put(all.get(asset) as CandleSeries, i, {
        time,
        open,
        high: Math.max(open, close) * Math.exp(wide * random.next()),
        low: Math.min(open, close) * Math.exp(-wide * random.next()),
        close,
        volume: 10 * random.next(),
      });
    }
  }
  return all;
}

/** The rows of a series at these places. */
export function rowsOf(candles: CandleSeries, places: readonly number[]): CandleSeries {
  const series = emptySeries(places.length);
  for (const [i, place] of places.entries()) {
    for (const column of COLUMNS) series[column][i] = candles[column][place] as number;
  }
  return series;
}

const COLUMNS = ["time", "open", "high", "low", "close", "volume"] as const;

type Candle = Readonly<Record<(typeof COLUMNS)[number], number>>;

function emptySeries(count: number): CandleSeries {
  const [time, open, high, low, close, volume] = COLUMNS.map(() => new Float64Array(count));
  return { time, open, high, low, close, volume } as CandleSeries;
}

function put(series: CandleSeries, i: number, candle: Candle): void {
  for (const column of COLUMNS) series[column][i] = candle[column];
}
