import type { ReplaySeries } from "./replay-series.ts";

const MICROSECONDS_PER_YEAR = 365 * 86_400 * 1_000_000;

/** Returns that say how much a price moves at present. */
const WINDOW = 60;

/**
 * How much a series moves: the root of the sum of squared log returns by the time they took, a year's.
 * Constant time for each answer, by sums from the start.
 */
export class RealisedVolatility {
  readonly #time: Float64Array;
  readonly #squares: Float64Array;

  constructor({ time, price }: ReplaySeries) {
    this.#time = time;
    this.#squares = new Float64Array(price.length);
    for (let i = 1; i < price.length; i++) {
      const r = Math.log((price[i] as number) / (price[i - 1] as number));
      this.#squares[i] = (this.#squares[i - 1] as number) + r * r;
    }
  }

  /** Of the 60 returns that end at `place`, or as many as there are; of the whole series at its start. */
  at(place: number): number {
    return place < 1 ? this.whole() : this.#between(Math.max(0, place - WINDOW), place);
  }

  whole(): number {
    return this.#between(0, this.#time.length - 1);
  }

  #between(from: number, to: number): number {
    if (to <= from) return 0;
    const years =
      ((this.#time[to] as number) - (this.#time[from] as number)) / MICROSECONDS_PER_YEAR;
    return Math.sqrt(((this.#squares[to] as number) - (this.#squares[from] as number)) / years);
  }
}
