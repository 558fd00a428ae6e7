import { type Timestamp, timestamp } from "@tse/domain";
import { CANDLE_INTERVALS, type CandleInterval } from "@tse/market-data-adapter";
import type { Feed } from "../feed/feed.ts";

/** How strongly symbols moved together. */
export interface Correlations {
  readonly symbols: readonly string[];
  /** Log returns that every symbol has. */
  readonly points: number;
  /** Pearson's coefficients, -1 to 1; `undefined` where a series doesn't move or there are fewer than 3 points. */
  readonly matrix: readonly (readonly (number | undefined)[])[];
}

const POINTS_MIN = 3;

/** Correlations of log returns of closed candles that began in [start, end). */
export function correlationsOf(
  feed: Feed,
  symbols: readonly string[],
  interval: CandleInterval,
  { start, end }: { readonly start: Timestamp; readonly end: Timestamp },
): Correlations {
  const closes = symbols.map((symbol) => {
    const candles = [...feed.candles(symbol).closed(interval).from(0)];
    const inRange = candles.filter(({ startTime }) => startTime >= start && startTime < end);
    return new Map(inRange.map(({ startTime, close }) => [startTime as number, close]));
  });
  const [first] = closes;
  const times = [...(first?.keys() ?? [])].filter((time) => closes.every((each) => each.has(time)));
  const length = CANDLE_INTERVALS[interval];
  const steps = times.filter((time) => closes.every((each) => each.has(time - length)));
  const returns = closes.map((each) =>
    steps.map((time) => Math.log((each.get(time) ?? 1) / (each.get(time - length) ?? 1))),
  );
  const matrix = returns.map((x, row) =>
    returns.map((y, column) => (row === column && steps.length > 0 ? 1 : pearson(x, y))),
  );
  return { symbols, points: steps.length, matrix };
}

/** The part of the feed's memory that a window of time is: until now. */
export function windowUntil(now: Timestamp, length: number) {
  return { start: timestamp(now - length), end: timestamp(now + 1) };
}

function pearson(x: readonly number[], y: readonly number[]): number | undefined {
  if (x.length < POINTS_MIN) return undefined;
  const [mx, my] = [mean(x), mean(y)];
  let [xy, xx, yy] = [0, 0, 0];
  for (const [index, value] of x.entries()) {
    const [dx, dy] = [value - mx, (y[index] ?? 0) - my];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return xx === 0 || yy === 0 ? undefined : xy / Math.sqrt(xx * yy);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
