import { type Timestamp, timestamp } from "@tse/domain";

/** The candles that are stored; every interval is whole candles of one of them. */
export type BaseInterval = "1s" | "1m" | "1h" | "1d";

const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** From 1970-01-01, a Thursday, to the first Monday. */
const FIRST_MONDAY = 4 * DAY;

/**
 * A division of time into candles, numbered in order: candle `n` covers `start(n)`, inclusive, to
 * `start(n + 1)`, exclusive. All are aligned in UTC; a week starts on Monday, three days are counted
 * from 1970-01-01.
 */
interface Division {
  readonly base: BaseInterval;
  /** Number of the candle that covers `time`. */
  number(time: Timestamp): number;
  start(number: number): Timestamp;
}

const even = (base: BaseInterval, length: number, offset = 0): Division => ({
  base,
  number: (time) => Math.floor((time - offset) / length),
  start: (number) => timestamp(number * length + offset),
});

const monthly: Division = {
  base: "1d",
  number: (time) => {
    const date = new Date(Math.floor(time / 1000));
    return date.getUTCFullYear() * 12 + date.getUTCMonth();
  },
  start: (number) => timestamp(Date.UTC(Math.floor(number / 12), number % 12) * 1000),
};

export const CANDLE_INTERVALS = {
  "1s": even("1s", SECOND),
  "1m": even("1m", MINUTE),
  "3m": even("1m", 3 * MINUTE),
  "5m": even("1m", 5 * MINUTE),
  "15m": even("1m", 15 * MINUTE),
  "30m": even("1m", 30 * MINUTE),
  "1h": even("1h", HOUR),
  "2h": even("1h", 2 * HOUR),
  "4h": even("1h", 4 * HOUR),
  "6h": even("1h", 6 * HOUR),
  "8h": even("1h", 8 * HOUR),
  "12h": even("1h", 12 * HOUR),
  "1d": even("1d", DAY),
  "3d": even("1d", 3 * DAY),
  "1w": even("1d", 7 * DAY, FIRST_MONDAY),
  "1M": monthly,
} as const satisfies Record<string, Division>;

export type CandleInterval = keyof typeof CANDLE_INTERVALS;

export function isCandleInterval(text: string): text is CandleInterval {
  return Object.hasOwn(CANDLE_INTERVALS, text);
}
