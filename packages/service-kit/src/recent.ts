/** The newest items of a series, at most `capacity` of them. Adding never copies. */
export class Recent<Item> {
  readonly #items: Item[] = [];
  readonly #capacity: number;
  /** Where the oldest item is, once the series is longer than the capacity. */
  #oldest = 0;

  /** @param capacity 1 or more */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get length(): number {
    return this.#items.length;
  }

  add(item: Item): void {
    if (this.#items.length < this.#capacity) {
      this.#items.push(item);
      return;
    }
    this.#items[this.#oldest] = item;
    this.#oldest = (this.#oldest + 1) % this.#capacity;
  }

  clear(): void {
    this.#items.length = 0;
    this.#oldest = 0;
  }

  /** @param index 0 is the oldest item held */
  at(index: number): Item | undefined {
    return index < 0 || index >= this.#items.length
      ? undefined
      : this.#items[(this.#oldest + index) % this.#items.length];
  }

  /** Oldest first, from `index` on. */
  *from(index: number): Generator<Item> {
    for (let next = Math.max(0, index); next < this.#items.length; next++) {
      yield this.at(next) as Item;
    }
  }
}
