import {
  autocorrelation,
  type Candles,
  logReturns,
  standardDeviation,
} from "@tse/market-statistics";

/** What a chart draws: places and heights. */
export type Point = readonly [x: number, y: number];

const MINUTES_A_DAY = 1_440;
const MINUTES_A_YEAR = 525_600;
const MINUTE_MS = 60_000;
/** Width of a bin and the farthest one, in standard deviations. */
const BIN = 0.5;
const FARTHEST = 12;

/** Density of 1-minute returns in standard deviations of each series, over all of them; empty bins are left out. */
export function returnDensity(all: readonly Candles[]): Point[] {
  const counts = new Map<number, number>();
  let total = 0;
  for (const { close } of all) {
    const returns = logReturns(close);
    const deviation = standardDeviation(returns);
    if (deviation === undefined || deviation === 0) continue;
    total += returns.length;
    for (const value of returns) {
      const bin = Math.round(value / deviation / BIN);
      counts.set(bin, (counts.get(bin) ?? 0) + 1);
    }
  }
  return [...counts]
    .filter(([bin]) => Math.abs(bin * BIN) <= FARTHEST)
    .sort(([a], [b]) => a - b)
    .map(([bin, count]): Point => [bin * BIN, count / total / BIN]);
}

/** The normal density where it is above `least`. */
export function normalDensity(least: number): Point[] {
  const points: Point[] = [];
  for (let x = -FARTHEST; x <= FARTHEST; x += 0.1) {
    const y = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
    if (y >= least) points.push([x, y]);
  }
  return points;
}

const LAGS: readonly number[] = logarithmicLags(MINUTES_A_DAY, 40);

function logarithmicLags(last: number, count: number): number[] {
  const lags = Array.from({ length: count }, (_, i) => Math.round(last ** (i / (count - 1))));
  return [...new Set(lags)];
}

/** Autocorrelation of absolute 1-minute returns at lags from 1 to 1440 minutes, mean over the series. */
export function sizeMemory(all: readonly Candles[]): Point[] {
  const sizes = all.map(({ close }) => logReturns(close).map(Math.abs));
  return LAGS.flatMap((lag): Point[] => {
    const values = sizes.flatMap((one) => autocorrelation(one, lag) ?? []);
    return values.length === 0 ? [] : [[lag, meanOf(values)]];
  });
}

/** Mean absolute return of each hour of the day, UTC, as a multiple of the day's. */
export function hourProfile(all: readonly Candles[]): Point[] {
  const sums = new Array<number>(24).fill(0);
  const counts = new Array<number>(24).fill(0);
  for (const { ts, close } of all) {
    const sizes = logReturns(close).map(Math.abs);
    const usual = meanOf(sizes);
    for (const [i, size] of sizes.entries()) {
      const hour = Math.floor((ts[i + 1] as number) / (60 * MINUTE_MS)) % 24;
      sums[hour] = (sums[hour] as number) + size / usual;
      counts[hour] = (counts[hour] as number) + 1;
    }
  }
  return sums.flatMap((sum, hour): Point[] => {
    const count = counts[hour] as number;
    return count === 0 ? [] : [[hour, sum / count]];
  });
}

/** Close of each hour; days since the first candle. */
export function hourlyPath({ close }: Candles): Point[] {
  return everyHour(close.length, (last) => close[last] as number);
}

/** Volume of each hour in base units; days since the first candle. */
export function hourlyVolume({ volume }: Candles): Point[] {
  return everyHour(volume.length, (last) =>
    volume.subarray(Math.max(0, last - 59), last + 1).reduce((sum, one) => sum + one, 0),
  );
}

/** Volatility of each whole day from its 1-minute returns, in % of a year; days since the first candle. */
export function dailyVolatility({ close }: Candles): Point[] {
  const returns = logReturns(close);
  const points: Point[] = [];
  for (let day = 0; (day + 1) * MINUTES_A_DAY <= close.length; day++) {
    const of = returns.subarray(day * MINUTES_A_DAY, (day + 1) * MINUTES_A_DAY - 1);
    const variance = of.reduce((sum, value) => sum + value * value, 0) / of.length;
    points.push([day + 0.5, 100 * Math.sqrt(variance * MINUTES_A_YEAR)]);
  }
  return points;
}

function everyHour(length: number, valueAt: (last: number) => number): Point[] {
  const points: Point[] = [];
  for (let last = 59; last < length; last += 60) {
    points.push([(last + 1) / MINUTES_A_DAY, valueAt(last)]);
  }
  return points;
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
}
