import type { SeasonShape } from "../realistic/season.ts";
import { type Minutes, mean, meanWhere } from "./minutes.ts";

const DAY = 86_400;
const HOUR = 3600;
const HALF_HOUR = 1800;
/** 1970-01-01 was a Thursday. */
const isWeekend = (second: number): boolean => (Math.floor(second / DAY) + 3) % 7 >= 5;

/**
 * Mean size of returns by time of day and week, as multiples of the mean of working days. Parts of the week that the candles don't
 * cover are as `otherwise` says.
 */
export function fitSeason({ second, sizes }: Minutes, otherwise: SeasonShape): SeasonShape {
  const at = (i: number): number => second[i] as number;
  const ofDay = (i: number): number => at(i) % DAY;
  const minute = (i: number): number => Math.floor((at(i) % HOUR) / 60);
  const isWorkday = (i: number): boolean => !isWeekend(at(i));
  const workday = meanWhere(sizes, isWorkday) ?? mean(sizes);
  const knots = otherwise.hours.map((other, hour) => {
    const around = (i: number) => isWorkday(i) && Math.abs(fromHour(ofDay(i), hour)) <= HALF_HOUR;
    const size = meanWhere(sizes, around);
    return size === undefined ? other : size / workday;
  });
  const scale = knots.reduce((sum, knot) => sum + knot, 0) / knots.length;
  const plain = meanWhere(sizes, (i) => minute(i) % 15 !== 0) ?? workday;
  const ratio = (picks: (i: number) => boolean, to: number, other: number): number => {
    const size = meanWhere(sizes, picks);
    return size === undefined || to === 0 ? other : size / to;
  };
  return {
    hours: knots.map((knot) => knot / scale),
    weekend: ratio((i) => isWeekend(at(i)), workday, otherwise.weekend),
    fullHour: ratio((i) => minute(i) === 0, plain, otherwise.fullHour),
    quarterHour: ratio(
      (i) => minute(i) % 15 === 0 && minute(i) !== 0,
      plain,
      otherwise.quarterHour,
    ),
  };
}

/** Seconds from the full hour, across midnight. */
function fromHour(ofDay: number, hour: number): number {
  const distance = ofDay - hour * HOUR;
  if (distance > DAY / 2) return distance - DAY;
  return distance < -DAY / 2 ? distance + DAY : distance;
}
