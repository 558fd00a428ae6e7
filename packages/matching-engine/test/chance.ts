/** Seeded stream of chance for tests: 32 bits of state, good enough to choose commands. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 1;
  }

  /** Uniform in [0, 1). */
  next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return (Math.imul(x, 0x9e3779b1) >>> 0) / 2 ** 32;
  }

  /** Uniform integer from `low` to `high`, both included; spans up to 2^53 - 1. */
  between(low: number, high: number): number {
    const fine = this.next() + this.next() / 2 ** 32;
    return Math.min(high, low + Math.floor(fine * (high - low + 1)));
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.between(0, choices.length - 1)] as T;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }
}
