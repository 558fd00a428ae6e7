/**
 * The fair price between the steps of the price layer: it moves at the moments of news, not all at once
 * on the grid, and arrives one step late. A Brownian bridge towards the newest step with the volatility of
 * the moment. In logarithms.
 */
export class FairPath {
  #value: number;
  #target: number;
  #at: number;
  #due: number;
  /** Variance of a microsecond. */
  #variance = 0;

  constructor(logPrice: number, timeUs: number) {
    this.#value = logPrice;
    this.#target = logPrice;
    this.#at = timeUs;
    this.#due = timeUs;
  }

  /** Log price as of the last `moveTo`. */
  get value(): number {
    return this.#value;
  }

  /** Log price that the price layer told last: what the best informed know. */
  get target(): number {
    return this.#target;
  }

  /** From here on the way leads to `logPrice`, to be reached at `dueUs`. @param volatility of a second */
  headFor(logPrice: number, dueUs: number, volatility: number): void {
    this.#target = logPrice;
    this.#due = dueUs;
    this.#variance = (volatility * volatility) / 1e6;
  }

  /** @param noise standard normal */
  moveTo(timeUs: number, noise: number): void {
    const left = this.#due - this.#at;
    if (timeUs >= this.#due || left <= 0) this.#value = this.#target;
    else {
      const passed = timeUs - this.#at;
      const mean = this.#value + ((this.#target - this.#value) * passed) / left;
      const variance = (this.#variance * passed * (left - passed)) / left;
      this.#value = mean + Math.sqrt(variance) * noise;
    }
    this.#at = timeUs;
  }
}
