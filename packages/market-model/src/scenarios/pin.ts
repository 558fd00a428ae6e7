import { type DrawnPath, extremeOf, pathAt, pinsOf } from "./price-path.ts";

/**
 * Microseconds in which noise decays while the path is a log return of 1 away from its extreme; it grows with
 * the square of the distance. At 1 % that is 4 s: noise of 500 % a year spreads over an eighth of the distance
 * at any distance, and can't make a new low.
 */
const DECAY_AT_ONE = 40_000_000_000;

/**
 * How noise is pulled out of a pinned price: all of it at the path's keyframes and at the scenario's end (a
 * bridge from one to the next), and between them the faster the nearer the path is to its extreme.
 */
export class Pin {
  readonly #path: DrawnPath;
  readonly #extreme: number;
  readonly #pins: readonly number[];
  #next = 0;

  /** @param duration of the scenario in microseconds, the last pin */
  constructor(path: DrawnPath, duration: number) {
    this.#path = path;
    this.#extreme = extremeOf(path);
    this.#pins = [...pinsOf(path), duration];
  }

  /**
   * Share of the noise to take out in the step of `length` that ends at `time` since the start: 0 to 1. Asked
   * for times in any order.
   */
  shareAt(time: number, length: number): number {
    const margin = this.#extreme - pathAt(this.#path, time);
    const decay = DECAY_AT_ONE * margin * margin;
    const near = decay > 0 ? 1 - Math.exp(-length / decay) : 1;
    const pin = this.#pinAfter(time - length);
    const remaining = pin - (time - length);
    const bridge = remaining > 0 ? Math.min(length / remaining, 1) : 1;
    return Math.max(near, bridge);
  }

  /** The first pin after a time; the last one when there is none. */
  #pinAfter(time: number): number {
    const pins = this.#pins;
    if (this.#next > 0 && (pins[this.#next - 1] as number) > time) this.#next = 0;
    while (this.#next < pins.length - 1 && (pins[this.#next] as number) <= time) this.#next += 1;
    return pins[this.#next] as number;
  }
}
