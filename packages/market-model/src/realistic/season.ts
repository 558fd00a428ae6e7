/** Average pace of a day and a week in UTC, as multipliers of volatility. */
export interface SeasonShape {
  /** 24 knots at the full hours, joined by straight lines. */
  readonly hours: readonly number[];
  /** Saturday and Sunday. */
  readonly weekend: number;
  /** The minute that begins an hour, and those that begin its other quarters. */
  readonly fullHour: number;
  readonly quarterHour: number;
}

const DAY = 86_400;
const WEEK = 7 * DAY;
/** 1970-01-01 was a Thursday: Saturday begins two days later. */
const FIRST_SATURDAY = 2 * DAY;

/**
 * How much faster than on average a market moves at a time of the week. The logarithm is what models
 * add up, so that is what is kept: one value for each minute of a week.
 */
export class Season {
  readonly #logs = new Float64Array(WEEK / 60);

  constructor(shape: SeasonShape) {
    for (let minute = 0; minute < this.#logs.length; minute++) {
      this.#logs[minute] = Math.log(paceOf(shape, minute * 60));
    }
  }

  /** @param second since 1970 */
  log(second: number): number {
    return this.#logs[Math.floor((second % WEEK) / 60)] as number;
  }
}

function paceOf({ hours, weekend, fullHour, quarterHour }: SeasonShape, second: number): number {
  const time = second % DAY;
  const hour = Math.floor(time / 3600);
  const into = (time % 3600) / 3600;
  const knot = hours[hour] as number;
  const next = hours[(hour + 1) % 24] as number;
  const isWeekend = (second - FIRST_SATURDAY + WEEK) % WEEK < 2 * DAY;
  return (knot + (next - knot) * into) * (isWeekend ? weekend : 1) * minuteOf(time);

  function minuteOf(ofDay: number): number {
    const minute = Math.floor((ofDay % 3600) / 60);
    if (minute === 0) return fullHour;
    return minute % 15 === 0 ? quarterHour : 1;
  }
}
