/** Candles of one asset, one array a column, all of one length, in strictly increasing order of time. */
export interface CandleSeries {
  /** Start of each candle in microseconds since 1970. */
  readonly time: Float64Array;
  /** Prices above 0; low ≤ open, close ≤ high. */
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  /** Units of the asset, from 0. */
  readonly volume: Float64Array;
}
