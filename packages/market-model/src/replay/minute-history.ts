import { assert } from "@tse/domain";
import type { CandleSeries } from "./candle-series.ts";

const MICROSECONDS_PER_MINUTE = 60_000_000;
export const MINUTES_PER_DAY = 1440;

/** A day counts when at least this many of its minutes are there for every asset; others stand still. */
const LEAST_MINUTES = 1368;

/** Beyond this many minutes a candle's move since the one in front is not one of a minute. */
const LONGEST_GAP = 60;

/** Log prices of a minute relative to the close of the minute in front; low ≤ open, close ≤ high. */
export interface RelativeMinute {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Units of the asset, from 0. */
  readonly volume: number;
}

const STILL: RelativeMinute = { open: 0, high: 0, low: 0, close: 0, volume: 0 };

/**
 * Whole days of 1-minute candles of several assets, as moves instead of prices: what a bootstrap draws
 * from. All assets have the same days.
 */
export interface MinuteHistory {
  readonly assets: readonly string[];
  /** Days since 1970 (UTC), increasing; at least one. */
  readonly days: readonly number[];
  /** Of an asset, by its place in `assets`, on a day, by its place in `days`: minute 0 to 1439 UTC. */
  minute(asset: number, day: number, minute: number): RelativeMinute;
  /** Standard deviation of a year's log return, at the pace of all minutes there are. */
  volatility(asset: number): number;
}

/**
 * The days on which every asset has at least 95 % of its 1,440 minutes.
 *
 * @param candles of one minute each, by asset; at least one asset
 * @returns `undefined` when there is no such day
 */
export function minuteHistory(
  candles: ReadonlyMap<string, CandleSeries>,
): MinuteHistory | undefined {
  assert(candles.size > 0, "a history has an asset");
  const tables = [...candles.values()].map(minutesByDay);
  const days = [...(tables[0] as DayTable).keys()]
    .filter((day) => tables.every((table) => (table.get(day)?.size ?? 0) >= LEAST_MINUTES))
    .sort((a, b) => a - b);
  if (days.length === 0) return undefined;
  const minute = (asset: number, day: number, of: number): RelativeMinute =>
    (tables[asset] as DayTable).get(days[day] as number)?.get(of) ?? STILL;
  const volatilities = tables.map((_, asset) =>
    volatilityOf(days.length, (day, of) => minute(asset, day, of)),
  );
  return {
    assets: [...candles.keys()],
    days,
    minute,
    volatility: (asset) => volatilities[asset] as number,
  };
}

type DayTable = ReadonlyMap<number, ReadonlyMap<number, RelativeMinute>>;

function minutesByDay(candles: CandleSeries): DayTable {
  const days = new Map<number, Map<number, RelativeMinute>>();
  let before = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < candles.time.length; i++) {
    const number = (candles.time[i] as number) / MICROSECONDS_PER_MINUTE;
    assert(Number.isInteger(number) && number > before, "candles start at minutes, each later");
    const day = Math.floor(number / MINUTES_PER_DAY);
    const minutes = days.get(day) ?? new Map<number, RelativeMinute>();
    days.set(day, minutes);
    const isNear = number - before <= LONGEST_GAP;
    minutes.set(number % MINUTES_PER_DAY, relative(candles, i, isNear));
    before = number;
  }
  return days;
}

function relative(candles: CandleSeries, i: number, isNear: boolean): RelativeMinute {
  const from = (isNear ? candles.close[i - 1] : candles.open[i]) as number;
  const log = (column: Float64Array) => Math.log((column[i] as number) / from);
  return {
    open: log(candles.open),
    high: log(candles.high),
    low: log(candles.low),
    close: log(candles.close),
    volume: candles.volume[i] as number,
  };
}

function volatilityOf(days: number, minute: (day: number, of: number) => RelativeMinute): number {
  let squares = 0;
  for (let day = 0; day < days; day++) {
    for (let of = 0; of < MINUTES_PER_DAY; of++) squares += minute(day, of).close ** 2;
  }
  return Math.sqrt((squares / days) * 365);
}
