import { PriceIndex } from "./price-index.ts";
import { BUY, isBetter, SELL, type SideCode } from "./sides.ts";
import { type Level, NO_LEVEL, type Slab } from "./slab.ts";

/** Places for recent levels: a price has the place of its low ten bits. */
const RECENT = 1024;

/** Stand for the price of an empty side: no limit reaches them, and every price is better. */
const UNREACHED_BID = -1;
const UNREACHED_ASK = Number.POSITIVE_INFINITY;

/**
 * The levels of one book: both sides in one index, since a book is never crossed, the best of each
 * side at hand, and those used of late by the low bits of their price, to spare the way through
 * the index. A recent level may be gone, or another's by now, so it is looked at before use.
 */
export class BookLevels {
  readonly #book: number;
  readonly #slab: Slab;
  readonly #index: PriceIndex;
  readonly #recent = new Int32Array(RECENT);
  /** By side: the best level, or `NO_LEVEL`. */
  readonly #best = new Int32Array(2);
  /** By side: what `touch` gives. */
  readonly #touch = new Float64Array([UNREACHED_BID, UNREACHED_ASK]);

  constructor(book: number, slab: Slab) {
    this.#book = book;
    this.#slab = slab;
    this.#index = new PriceIndex(slab);
  }

  get byteLength(): number {
    return this.#index.byteLength + this.#recent.byteLength;
  }

  best(side: SideCode): Level {
    return this.#best[side] as Level;
  }

  /** The price of the best level; of an empty side one that no order reaches and any improves. */
  touch(side: SideCode): number {
    return this.#touch[side] as number;
  }

  /** The level after this one, away from the touch, or `NO_LEVEL`. */
  next(side: SideCode, level: Level): Level {
    if (side === SELL) return this.#index.above(level);
    return this.#index.below(level);
  }

  /** The level at `price` of `side`, or `NO_LEVEL`. */
  find(side: SideCode, price: number): Level {
    if (isBetter(side, price, this.touch(side))) return NO_LEVEL;
    return this.#index.find(price);
  }

  /** The level at `price`, made when there is none. `price` doesn't cross the other side. */
  at(side: SideCode, price: number): Level {
    const recent = this.#recent[price & 1023] as Level;
    return this.#slab.isAt(recent, this.#book, price) ? recent : this.#findOrOpen(side, price);
  }

  #findOrOpen(side: SideCode, price: number): Level {
    const near = this.#index.near(price);
    const level = this.#slab.price(near) === price ? near : this.#open(side, price, near);
    this.#recent[price & 1023] = level;
    return level;
  }

  #open(side: SideCode, price: number, near: Level): Level {
    const level = this.#slab.openLevel(this.#book, price);
    this.#index.add(level, near);
    if (isBetter(side, price, this.touch(side))) this.#setBest(side, level);
    return level;
  }

  /** Drops a level that has no orders left. */
  drop(level: Level): void {
    if (level === this.#best[BUY]) this.#setBest(BUY, this.#index.below(level));
    else if (level === this.#best[SELL]) this.#setBest(SELL, this.#index.above(level));
    this.#index.remove(level);
    this.#slab.closeLevel(level);
  }

  #setBest(side: SideCode, level: Level): void {
    const none = side === BUY ? UNREACHED_BID : UNREACHED_ASK;
    this.#best[side] = level;
    this.#touch[side] = level === NO_LEVEL ? none : this.#slab.price(level);
  }
}
