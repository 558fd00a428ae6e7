import { assert, type Random } from "@tse/domain";
import type { RelativeMinute } from "./minute-history.ts";

export const SECONDS = 60;

/** Share of a range that the way between two fixed points wanders by. */
const WANDER = 0.5;
/** Seconds in which nothing moves: 1 − e^(−0.5), 39 %. */
const IDLE = 0.5;
/** Volume of an idle second, against 1 for the mean of all that are not. */
const IDLE_VOLUME = 0.05;
/** How likely the low comes before the high in a minute that rises, and the high before the low in one that falls. */
const USUAL_ORDER = 0.7;

/**
 * The sixty seconds of a minute whose candle is known. Second 0 stands at the open, second 59 at the
 * close, and one second each at the high and at the low, exactly; no second is outside of them.
 *
 * Between these fixed points the price goes as a random bridge over activity: each second has an activity
 * max(0, exponential − 0.5), in none the price stays, and volume follows activity. In a rising minute
 * the low mostly comes first. Reused: one of these holds one minute at a time.
 */
export class MinutePath {
  readonly #random: Random;
  readonly #activity = new Float64Array(SECONDS);
  readonly #noise = new Float64Array(SECONDS);
  readonly #log = new Float64Array(SECONDS);
  readonly #traded = new Float64Array(SECONDS);

  constructor(random: Random) {
    this.#random = random;
  }

  /** Log price at a second, 0 to 59, relative as the minute is. */
  log(second: number): number {
    return this.#log[second] as number;
  }

  /** Units traded in the minute until the end of a second, 0 to 59: all of the candle's at the last. */
  traded(second: number): number {
    return this.#traded[second] as number;
  }

  /** Takes the next minute. */
  draw(minute: RelativeMinute): void {
    for (let i = 0; i < SECONDS; i++) {
      this.#activity[i] = Math.max(0, -Math.log(1 - this.#random.next()) - IDLE);
      this.#noise[i] = this.#random.normal();
    }
    const log = this.#log;
    let from = 0;
    log[0] = minute.open;
    for (const { second, value } of this.#turns(minute)) {
      this.#bridge(from, second, value, minute);
      from = second;
    }
    this.#bridge(from, SECONDS - 1, minute.close, minute);
    this.#trade(minute.volume);
  }

  /** The high and the low, where they are neither open nor close, in order of time. */
  #turns({ open, high, low, close }: RelativeMinute): Turn[] {
    const first = 1 + this.#random.integer(SECONDS - 2);
    const other = 1 + this.#random.integer(SECONDS - 3);
    const second = other >= first ? other + 1 : other;
    const isUsual = this.#random.next() < USUAL_ORDER;

    const values = close >= open === isUsual ? [low, high] : [high, low];
    const turning = values.filter((value) => value !== open && value !== close);
    const seconds = turning.length === 1 || first < second ? [first, second] : [second, first];
    return turning.map((value, i) => ({ second: seconds[i] as number, value }));
  }

  /** Fills the seconds after `from` up to `to`, where the price is `value`. */
  #bridge(from: number, to: number, value: number, { high, low }: RelativeMinute): void {
    assert(from < to, "the fixed points of a minute are seconds apart");
    const start = this.#log[from] as number;
    const end = this.#sums(from, to);
    const scale = (WANDER * (high - low)) / Math.sqrt(SECONDS);
    let active = 0;
    let noise = 0;
    for (let i = from + 1; i < to; i++) {
      const activity = this.#activity[i] as number;
      active += activity;
      noise += Math.sqrt(activity) * (this.#noise[i] as number);
      const share = end.active > 0 ? active / end.active : 0;
      const at = start + (value - start) * share + scale * (noise - end.noise * share);
      this.#log[i] = inside(at, low, high);
    }
    this.#log[to] = value;
  }

  #sums(from: number, to: number): { readonly active: number; readonly noise: number } {
    let active = 0;
    let noise = 0;
    for (let i = from + 1; i <= to; i++) {
      const activity = this.#activity[i] as number;
      active += activity;
      noise += Math.sqrt(activity) * (this.#noise[i] as number);
    }
    return { active, noise };
  }

  #trade(volume: number): void {
    let sum = 0;
    for (let i = 0; i < SECONDS; i++) {
      sum += (this.#activity[i] as number) + IDLE_VOLUME;
      this.#traded[i] = sum;
    }
    for (let i = 0; i < SECONDS; i++) {
      this.#traded[i] = volume * ((this.#traded[i] as number) / sum);
    }
  }
}

interface Turn {
  readonly second: number;
  readonly value: number;
}

/** Mirrored at the bound that it passed, and held at the other. */
function inside(value: number, low: number, high: number): number {
  const mirrored = value > high ? 2 * high - value : value < low ? 2 * low - value : value;
  return Math.min(Math.max(mirrored, low), high);
}
