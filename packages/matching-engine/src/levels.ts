import { NO_SLOT, type Slot } from "./order-ref.ts";
import type { RestingOrders } from "./resting-orders.ts";

declare const unit: unique symbol;

/** A record of a price level, from 1; 0 is none. Reused when the level is empty. */
export type Level = number & { readonly [unit]: "level" };

/** Reads as a level with price 0, quantity 0 and no orders. */
export const NO_LEVEL = 0 as Level;

/** A level's shown total stops here; see `Levels`. */
const MOST = Number.MAX_SAFE_INTEGER;

const FIRST = 4;
const LAST = 5;
const COUNT = 6;
const BOOK = 7;
const WORDS = 8;
const PRICE = 0;
const QUANTITY = 1;
const DOUBLES = WORDS / 2;

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
    this.#words = new Int32Array(capacity * WORDS);
    this.#doubles = new Float64Array(this.#words.buffer);
  }

  get byteLength(): number {
    return this.#words.byteLength;
  }

  price(level: Level): number {
    return this.#doubles[level * DOUBLES + PRICE] as number;
  }

  quantity(level: Level): number {
    return this.#doubles[level * DOUBLES + QUANTITY] as number;
  }

  /** The oldest order, next to be filled. */
  first(level: Level): Slot {
    return this.#words[level * WORDS + FIRST] as Slot;
  }

  count(level: Level): number {
    return this.#words[level * WORDS + COUNT] as number;
  }

  book(level: Level): number {
    return this.#words[level * WORDS + BOOK] as number;
  }

  /** A new level without orders. */
  open(book: number, price: number): Level {
    const level = this.#vacant();
    this.#words[level * WORDS + BOOK] = book;
    this.#doubles[level * DOUBLES + PRICE] = price;
    return level;
  }

  /** Gives back a level that has no orders. */
  close(level: Level): void {
    this.#doubles[level * DOUBLES + PRICE] = 0;
    this.#words[level * WORDS + FIRST] = this.#free;
    this.#free = level;
  }

  /** Puts an order at the end of the queue. */
  append(level: Level, slot: Slot, open: number): void {
    const at = level * WORDS;
    const words = this.#words;
    const last = words[at + LAST] as Slot;
    if (last === NO_SLOT) words[at + FIRST] = slot;
    else this.#orders.link(last, slot);
    words[at + LAST] = slot;
    words[at + COUNT] = (words[at + COUNT] as number) + 1;
    const quantity = this.quantity(level) + open;
    this.#doubles[level * DOUBLES + QUANTITY] = Math.min(quantity, MOST);
  }

  /** Takes an order out of the queue, from any place in it. Its quantity is still to be taken off. */
  unlink(level: Level, slot: Slot): void {
    const at = level * WORDS;
    const words = this.#words;
    const next = this.#orders.next(slot);
    const previous = this.#orders.previous(slot);
    if (previous === NO_SLOT) words[at + FIRST] = next;
    if (next === NO_SLOT) words[at + LAST] = previous;
    this.#orders.link(previous, next);
    words[at + COUNT] = (words[at + COUNT] as number) - 1;
  }

  /** Takes lots off the total after they left the level's orders; returns the new total. */
  takeOff(level: Level, lots: number): number {
    const before = this.quantity(level);
    const after = before === MOST ? this.#counted(level) : before - lots;
    this.#doubles[level * DOUBLES + QUANTITY] = after;
    return after;
  }

  #counted(level: Level): number {
    let sum = 0;
    let slot = this.first(level);
    while (slot !== NO_SLOT && sum < MOST) {
      sum += this.#orders.open(slot);
      slot = this.#orders.next(slot);
    }
    return Math.min(sum, MOST);
  }

  #vacant(): Level {
    const free = this.#free;
    if (free !== NO_LEVEL) {
      this.#free = this.#words[free * WORDS + FIRST] as Level;
      this.#words[free * WORDS + FIRST] = NO_SLOT;
      return free;
    }
    if (this.#fresh * WORDS === this.#words.length) this.#grow();
    return this.#fresh++ as Level;
  }

  #grow(): void {
    const words = new Int32Array(this.#words.length * 2);
    words.set(this.#words);
    this.#words = words;
    this.#doubles = new Float64Array(words.buffer);
  }
}
