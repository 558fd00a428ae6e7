import { NO_SLOT, type Slot } from "./order-ref.ts";
import type { RestingOrders } from "./resting-orders.ts";

declare const unit: unique symbol;

/** A record of a price level, from 1; 0 is none. Reused when the level is empty. */
export type Level = number & { readonly [unit]: "level" };

/** Reads as a level with price 0, quantity 0 and no orders. */
export const NO_LEVEL = 0 as Level;

/** A level's shown total stops here; see `Levels`. */
const MOST = Number.MAX_SAFE_INTEGER;

/**
 * The price levels of all books of a pool, each a queue of orders, oldest first: 32 bytes a level.
 *
 * ```
 * word   0    1     2    3      4      5     6       7
 *        price      quantity    first  last  orders  book
 *        double     double      slot   slot  count
 * ```
 *
 * A level's quantity is the exact sum of its orders up to 2^53 - 1. A larger sum is shown as
 * 2^53 - 1 and counted anew, order by order, when something leaves: it is never off by a rounding.
 */
export class Levels {
  readonly #orders: RestingOrders;
  #words: Int32Array;
  #doubles: Float64Array;
  #free: Level = NO_LEVEL;
  /** Levels from here on were never used. */
  #fresh = 1;

  constructor(orders: RestingOrders, capacity: number) {
    this.#orders = orders;
    this.#words = new Int32Array(capacity * 8);
    this.#doubles = new Float64Array(this.#words.buffer);
  }

  get byteLength(): number {
    return this.#words.byteLength;
  }

  price(level: Level): number {
    return this.#doubles[level << 2] as number;
  }

  quantity(level: Level): number {
    return this.#doubles[(level << 2) | 1] as number;
  }

  /** The oldest order, next to be filled. */
  first(level: Level): Slot {
    return this.#words[(level << 3) | 4] as Slot;
  }

  count(level: Level): number {
    return this.#words[(level << 3) | 6] as number;
  }

  book(level: Level): number {
    return this.#words[(level << 3) | 7] as number;
  }

  /** Whether it is, still, the level of that book at that price. */
  isAt(level: Level, book: number, price: number): boolean {
    return this.price(level) === price && this.book(level) === book;
  }

  /** A new level without orders. */
  open(book: number, price: number): Level {
    const level = this.#vacant();
    this.#words[(level << 3) | 7] = book;
    this.#doubles[level << 2] = price;
    return level;
  }

  /** Gives back a level that has no orders. */
  close(level: Level): void {
    this.#doubles[level << 2] = 0;
    this.#words[(level << 3) | 4] = this.#free;
    this.#free = level;
  }

  /** Puts an order at the end of the queue; returns the level's new total. */
  append(level: Level, slot: Slot, open: number): number {
    const at = level << 3;
    const words = this.#words;
    const last = words[at | 5] as Slot;
    if (last === 0) words[at | 4] = slot;
    else this.#orders.join(last, slot);
    words[at | 5] = slot;
    words[at | 6] = (words[at | 6] as number) + 1;
    return this.#setQuantity(level, this.quantity(level) + open);
  }

  /** Takes an order out of the queue, from any place in it. Its quantity is still to be taken off. */
  unlink(level: Level, slot: Slot): void {
    const at = level << 3;
    const words = this.#words;
    const next = this.#orders.next(slot);
    const previous = this.#orders.previous(slot);
    if (previous === 0) words[at | 4] = next;
    else this.#orders.setNext(previous, next);
    if (next === 0) words[at | 5] = previous;
    else this.#orders.setPrevious(next, previous);
    words[at | 6] = (words[at | 6] as number) - 1;
  }

  /** Takes lots off the total after they left the level's orders; returns the new total. */
  takeOff(level: Level, lots: number): number {
    const before = this.quantity(level);
    return this.#setQuantity(level, before === MOST ? this.#counted(level) : before - lots);
  }

  #setQuantity(level: Level, sum: number): number {
    const shown = Math.min(sum, MOST);
    this.#doubles[(level << 2) | 1] = shown;
    return shown;
  }

  #counted(level: Level): number {
    let sum = 0;
    let slot = this.first(level);
    while (slot !== NO_SLOT && sum < MOST) {
      sum += this.#orders.open(slot);
      slot = this.#orders.next(slot);
    }
    return sum;
  }

  #vacant(): Level {
    const free = this.#free;
    if (free !== NO_LEVEL) {
      this.#free = this.#words[(free << 3) | 4] as Level;
      this.#words[(free << 3) | 4] = NO_SLOT;
      return free;
    }
    if (this.#fresh * 8 === this.#words.length) this.#grow();
    return this.#fresh++ as Level;
  }

  #grow(): void {
    const words = new Int32Array(8 * Math.ceil(this.#words.length * (1.5 / 8)));
    words.set(this.#words);
    this.#words = words;
    this.#doubles = new Float64Array(words.buffer);
  }
}
