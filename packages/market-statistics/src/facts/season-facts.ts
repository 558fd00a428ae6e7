import { DAY_MINUTES } from "../candles/candles.ts";
import { pearson } from "../estimators/correlation.ts";
import { finite } from "../estimators/values.ts";
import type { MinuteFact } from "./fact.ts";
import type { MinuteSample } from "./minute-sample.ts";

/**
 * Mean |r| of each hour of the day, UTC, over the day's mean: Binance public market data, BTC and ETH
 * against USDT, 2023 to 2025. Trading peaks when New York opens and is quietest before Europe does.
 */
export const HOURLY_PROFILE: readonly number[] = [
  1.17, 1.12, 0.94, 0.8, 0.73, 0.75, 0.81, 0.85, 0.97, 0.83, 0.81, 0.83, 1.04, 1.21, 1.34, 1.27,
  1.16, 1.12, 1.08, 1.16, 1.12, 1.02, 0.98, 0.89,
];

/** Rows 15 and 16: the clock and the calendar. All times are UTC. */
export const SEASON_FACTS = {
  hourContrast: {
    row: 15,
    title: "busiest over quietest hour",
    unit: "",
    formula: "max / min over the 24 hours of E|r|",
    days: 7,
    measure: (sample) => {
      const hours = hourlyMeans(sample);
      return finite(Math.max(...hours) / Math.min(...hours));
    },
  },
  hourProfile: {
    row: 15,
    title: "likeness of the day's profile to the real one",
    unit: "",
    formula: "corr(E|r| by hour, the profile of 2023 to 2025)",
    days: 7,
    measure: (sample) => pearson(hourlyMeans(sample), HOURLY_PROFILE),
  },
  fullHour: {
    row: 15,
    title: "first minute of the hour",
    unit: "",
    formula: "E|r| in minute :00 / E|r| off the quarters of the hour",
    days: 7,
    measure: (sample) => ratioOf(sample, (minute) => minute % 60 === 0, offQuarter),
  },
  quarterHour: {
    row: 15,
    title: "first minute of the other quarters",
    unit: "",
    formula: "E|r| in minutes :15, :30, :45 / E|r| off the quarters of the hour",
    days: 7,
    measure: (sample) =>
      ratioOf(sample, (minute) => minute % 15 === 0 && minute % 60 !== 0, offQuarter),
  },
  weekend: {
    row: 16,
    title: "weekend over weekday",
    unit: "",
    formula: "E|r| on Saturday and Sunday / E|r| on the other days",
    days: 7,
    measure: (sample) => ratioOf(sample, isWeekend, (minute) => !isWeekend(minute)),
  },
} as const satisfies Record<string, MinuteFact>;

function hourlyMeans({ sizes, minutes }: MinuteSample): number[] {
  const sums = new Array<number>(24).fill(0);
  const counts = new Array<number>(24).fill(0);
  for (let i = 0; i < sizes.length; i++) {
    const hour = Math.floor(minutes[i]! / 60) % 24;
    sums[hour]! += sizes[i]!;
    counts[hour]! += 1;
  }
  return sums.map((sum, hour) => sum / counts[hour]!);
}

function offQuarter(minute: number): boolean {
  return minute % 15 !== 0;
}

/** 1970 began on a Thursday, so that day 2 was a Saturday. */
function isWeekend(minute: number): boolean {
  const day = Math.floor(minute / DAY_MINUTES) % 7;
  return day === 2 || day === 3;
}

/** E|r| of the minutes that `above` chooses, over E|r| of those that `below` chooses. */
function ratioOf(
  sample: MinuteSample,
  above: (minute: number) => boolean,
  below: (minute: number) => boolean,
): number | undefined {
  return finite(meanSize(sample, above) / meanSize(sample, below));
}

function meanSize({ sizes, minutes }: MinuteSample, chosen: (minute: number) => boolean): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < sizes.length; i++) {
    if (!chosen(minutes[i]!)) continue;
    sum += sizes[i]!;
    count += 1;
  }
  return sum / count;
}
