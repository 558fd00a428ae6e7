/**
 * One symbol's 1-minute candles, a column a field, all of one length, oldest first.
 *
 * ```
 * ts       ms UTC since 1970, the minute's beginning
 * open     first trade's price of the minute     \
 * high     highest                                | any currency, above 0,
 * low      lowest                                 | low <= open, close <= high
 * close    last                                  /
 * volume   traded in the minute, base units, from 0
 * ```
 */
export interface Candles {
  readonly ts: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

export const MINUTE_MS = 60_000;
export const DAY_MINUTES = 1_440;

export const COLUMNS = ["ts", "open", "high", "low", "close", "volume"] as const;

/** The candles from `from` (inclusive) to `to` (exclusive), in places; a view, not a copy. */
export function sliceCandles(candles: Candles, from: number, to: number): Candles {
  return {
    ts: candles.ts.subarray(from, to),
    open: candles.open.subarray(from, to),
    high: candles.high.subarray(from, to),
    low: candles.low.subarray(from, to),
    close: candles.close.subarray(from, to),
    volume: candles.volume.subarray(from, to),
  };
}

/**
 * Windows of `days` whole days, one after the other from the first candle, each beginning `step`
 * days after the one before. What is left at the end is left out; fewer days give no window.
 */
export function windowsOf(candles: Candles, days: number, step: number = days): Candles[] {
  const length = days * DAY_MINUTES;
  const windows: Candles[] = [];
  for (let from = 0; from + length <= candles.ts.length; from += step * DAY_MINUTES) {
    windows.push(sliceCandles(candles, from, from + length));
  }
  return windows;
}

/** The minutes that two regular series both cover, cut out of each; both empty when there is none. */
export function commonMinutes(a: Candles, b: Candles): readonly [Candles, Candles] {
  const from = Math.max(a.ts[0] ?? 0, b.ts[0] ?? 0);
  const to = Math.min(a.ts.at(-1) ?? 0, b.ts.at(-1) ?? 0);
  const cut = (candles: Candles): Candles => {
    const place = (ts: number): number => Math.max(0, (ts - (candles.ts[0] ?? 0)) / MINUTE_MS);
    return to < from
      ? sliceCandles(candles, 0, 0)
      : sliceCandles(candles, place(from), place(to) + 1);
  };
  return [cut(a), cut(b)];
}
