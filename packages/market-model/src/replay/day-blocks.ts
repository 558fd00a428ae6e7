import { assert, type Random } from "@tse/domain";
import { MINUTES_PER_DAY, type MinuteHistory } from "./minute-history.ts";

/**
 * Which day of a history each minute of the world is taken from: a stationary bootstrap (Politis and
 * Romano 1994) that never moves a minute to another time of day.
 *
 * From a minute to the next the day stays the same, and after midnight it is the day that came next,
 * with chance 1 − 1/`mean`; else, and where there is no such day, one is drawn. Blocks so have geometric
 * lengths with a mean of `mean` minutes. Weekends are taken from weekends and other days from other days,
 * as long as the history has both. Draws twice a minute, whatever comes of it.
 */
export class DayBlocks {
  readonly #days: readonly number[];
  readonly #weekends: readonly number[];
  readonly #workdays: readonly number[];
  readonly #mean: number;
  readonly #random: Random;
  #day: number | undefined;

  /** @param mean length of a block in minutes, at least 1 */
  constructor({ days }: MinuteHistory, mean: number, random: Random) {
    assert(mean >= 1, "a block has a minute");
    const places = [...days.keys()];
    const weekends = places.filter((place) => isWeekend(days[place] as number));
    const workdays = places.filter((place) => !isWeekend(days[place] as number));
    this.#days = days;
    this.#weekends = weekends.length > 0 ? weekends : places;
    this.#workdays = workdays.length > 0 ? workdays : places;
    this.#mean = mean;
    this.#random = random;
  }

  /**
   * The day for the next minute, as a place in the history's days.
   *
   * @param minute since 1970, one more than in the call before
   */
  next(minute: number): number {
    const today = Math.floor(minute / MINUTES_PER_DAY);
    const choice = isWeekend(today) ? this.#weekends : this.#workdays;
    const breaks = this.#random.next() * this.#mean < 1;
    const drawn = choice[this.#random.integer(choice.length)] as number;
    const going = minute % MINUTES_PER_DAY === 0 ? this.#following(choice) : this.#day;
    this.#day = breaks || going === undefined ? drawn : going;
    return this.#day;
  }

  /** The day after the present one, when the history has it and the world is to have such a one. */
  #following(choice: readonly number[]): number | undefined {
    if (this.#day === undefined) return undefined;
    const place = this.#day + 1;
    const isNext = this.#days[place] === (this.#days[this.#day] as number) + 1;
    return isNext && choice.includes(place) ? place : undefined;
  }
}

/** 1 January 1970 was a Thursday. */
function isWeekend(day: number): boolean {
  const weekday = (day + 4) % 7;
  return weekday === 0 || weekday === 6;
}
