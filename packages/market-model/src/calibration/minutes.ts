/** One symbol's 1-minute candles without a hole: columns of one length, `ts` in ms since 1970. */
export interface MinuteCandles {
  readonly ts: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

/** What calibration looks at: each minute's return against the minute before, from the second candle on. */
export interface Minutes {
  readonly second: Float64Array;
  readonly returns: Float64Array;
  readonly sizes: Float64Array;
  readonly volume: Float64Array;
}

export const MINUTES_A_DAY = 1440;

export function minutesOf({ ts, close, volume }: MinuteCandles): Minutes {
  const count = close.length - 1;
  const returns = Float64Array.from({ length: count }, (_, i) =>
    Math.log((close[i + 1] as number) / (close[i] as number)),
  );
  return {
    second: ts.slice(1).map((at) => at / 1000),
    returns,
    sizes: returns.map(Math.abs),
    volume: volume.slice(1),
  };
}

export function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return values.length === 0 ? 0 : sum / values.length;
}

export function median(values: Float64Array): number {
  return Float64Array.from(values).sort()[Math.floor(values.length / 2)] ?? 0;
}

/** Mean of the values whose place is picked; `undefined` when none is. */
export function meanWhere(
  values: Float64Array,
  picks: (index: number) => boolean,
): number | undefined {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    if (!picks(i)) continue;
    sum += values[i] as number;
    count += 1;
  }
  return count === 0 ? undefined : sum / count;
}

/** Mean product of the deviations from the mean, `lag` places apart. */
export function autocovariance(values: Float64Array, lag: number): number {
  const middle = mean(values);
  let sum = 0;
  for (let i = lag; i < values.length; i++) {
    sum += ((values[i] as number) - middle) * ((values[i - lag] as number) - middle);
  }
  return sum / Math.max(1, values.length - lag);
}
