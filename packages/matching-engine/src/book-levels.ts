import { type Level, type Levels, NO_LEVEL } from "./levels.ts";
import { PriceIndex } from "./price-index.ts";
import { BUY, isBetter, SELL, type SideCode } from "./sides.ts";

/** Places for recent levels: a price has the place of its low ten bits. */
const RECENT = 1024;

/**
 * The levels of one book: both sides in one index, since a book is never crossed, the best of each
 * side at hand, and those used of late by the low bits of their price, to spare the way through
 * the index. A recent level may be gone, or another's by now, so it is looked at before use.
 */
export class BookLevels {
  readonly #book: number;
  readonly #levels: Levels;
  readonly #index: PriceIndex;
  readonly #recent = new Int32Array(RECENT);
  #bid: Level = NO_LEVEL;
  #ask: Level = NO_LEVEL;

  constructor(book: number, levels: Levels) {
    this.#book = book;
    this.#levels = levels;
    this.#index = new PriceIndex(levels);
  }

  get byteLength(): number {
    return this.#index.byteLength + this.#recent.byteLength;
  }

  best(side: SideCode): Level {
    return side === BUY ? this.#bid : this.#ask;
  }

  /** The level after this one, away from the touch, or `NO_LEVEL`. */
  next(side: SideCode, level: Level): Level {
    if (side === SELL) return this.#index.above(level);
    return this.#index.below(level);
  }

  /** The level at `price` of `side`, or `NO_LEVEL`. */
  find(side: SideCode, price: number): Level {
    const best = this.best(side);
    if (best === NO_LEVEL || isBetter(side, price, this.#levels.price(best))) return NO_LEVEL;
    return this.#index.find(price);
  }

  /** The level at `price`, made when there is none. `price` doesn't cross the other side. */
  at(side: SideCode, price: number): Level {
    const recent = this.#recent[price & 1023] as Level;
    return this.#levels.isAt(recent, this.#book, price) ? recent : this.#findOrOpen(side, price);
  }

  #findOrOpen(side: SideCode, price: number): Level {
    const near = this.#index.near(price);
    const level = this.#levels.price(near) === price ? near : this.#open(side, price, near);
    this.#recent[price & 1023] = level;
    return level;
  }

  #open(side: SideCode, price: number, near: Level): Level {
    const level = this.#levels.open(this.#book, price);
    this.#index.add(level, near);
    const best = this.best(side);
    if (best === NO_LEVEL || isBetter(side, price, this.#levels.price(best))) {
      this.#setBest(side, level);
    }
    return level;
  }

  /** Drops a level that has no orders left. */
  drop(side: SideCode, level: Level): void {
    if (level === this.best(side)) this.#setBest(side, this.next(side, level));
    this.#index.remove(level);
    this.#levels.close(level);
  }

  #setBest(side: SideCode, level: Level): void {
    if (side === BUY) this.#bid = level;
    else this.#ask = level;
  }
}
