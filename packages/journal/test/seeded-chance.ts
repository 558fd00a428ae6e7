/** Chance from a seed, for what a test leaves to chance: the same seed gives the same test. */
export class SeededChance {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed ^ 0x5bd1e995, 0x9e3779b1) | 0;
  }

  /** Uniform whole number in [0, bound). */
  integer(bound: number): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let x = this.#state;
    x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
    return Math.floor((((x ^ (x >>> 15)) >>> 0) / 2 ** 32) * bound);
  }

  /** True once in `times` on average. */
  oneIn(times: number): boolean {
    return this.integer(times) === 0;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.integer(items.length)] as Item;
  }
}
