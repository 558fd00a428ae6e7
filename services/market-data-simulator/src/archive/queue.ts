/** The oldest items of a queue at one moment. */
export interface Batch<Item> {
  readonly items: readonly Item[];
  /** Lets these items go, as far as they aren't gone already, and no others. */
  done(): void;
}

/** What waits to be written, oldest first, at most `capacity` items of it. */
export class Queue<Item> {
  readonly #capacity: number;
  #items: Item[] = [];
  /** Where the oldest item is: those before it are gone. */
  #head = 0;
  /** Items that ever left. */
  #gone = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get length(): number {
    return this.#items.length - this.#head;
  }

  /** @returns whether the oldest item had to go for it */
  add(item: Item): boolean {
    const isFull = this.length >= this.#capacity;
    if (isFull) this.#drop(1);
    this.#items.push(item);
    return isFull;
  }

  /** The oldest items, at most `count`. */
  first(count: number): Batch<Item> {
    const items = this.#items.slice(this.#head, this.#head + count);
    const end = this.#gone + items.length;
    return { items, done: () => this.#drop(Math.max(0, end - this.#gone)) };
  }

  #drop(count: number): void {
    this.#gone += count;
    this.#head += count;
    // Moved together only when most of it is gone, so that a drop costs little.
    if (this.#head * 2 < this.#items.length) return;
    this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }
}
