import { assert, type Lots, lots, type Side, type Ticks, ticks } from "@tse/domain";
import { NO_ORDER, NO_SLOT, type OrderRef, type Slot } from "./order-ref.ts";
import { sideOf } from "./sides.ts";
import { type Level, Slab } from "./slab.ts";

/** The columns behind a pool, for the books on it. */
export interface Columns {
  readonly slab: Slab;
  /** By id. */
  readonly books: Map<number, { readonly size: number }>;
}

/** The way of this package's books to a pool's columns; not exported from the package. */
export let columnsOf: (pool: OrderPool) => Columns;

/**
 * All resting orders of many books: one venue has one pool. Its arrays grow by a quarter.
 *
 * Besides the books it keeps a list of each owner's orders over all of them, oldest first. Reading
 * an order that isn't live is a bug of the caller and throws; ask `isLive` when in doubt.
 */
export class OrderPool {
  readonly #columns: Columns;

  static {
    columnsOf = (pool) => pool.#columns;
  }

  constructor(initialCapacity = 1024) {
    const capacity = Math.max(2, initialCapacity);
    this.#columns = {
      slab: new Slab(capacity),
      books: new Map(),
    };
  }

  /** Live orders, over all books. */
  get size(): number {
    let size = 0;
    for (const book of this.#columns.books.values()) size += book.size;
    return size;
  }

  /** Memory of the pool's arrays. */
  get byteLength(): number {
    return this.#columns.slab.byteLength;
  }

  /** Makes room for so many orders, owners and price levels together, which spares growing to that. */
  reserve(records: number): void {
    this.#columns.slab.reserve(records + 1);
  }

  isLive(ref: OrderRef): boolean {
    return this.#columns.slab.find(ref) !== NO_SLOT;
  }

  owner(ref: OrderRef): number {
    return this.#columns.slab.owner(this.#slot(ref));
  }

  family(ref: OrderRef): number {
    return this.#columns.slab.family(this.#slot(ref));
  }

  side(ref: OrderRef): Side {
    return sideOf(this.#columns.slab.side(this.#slot(ref)));
  }

  price(ref: OrderRef): Ticks {
    return ticks(this.#columns.slab.price(this.#level(ref)));
  }

  open(ref: OrderRef): Lots {
    return lots(this.#columns.slab.open(this.#slot(ref)));
  }

  /** The id of the book it rests in. */
  book(ref: OrderRef): number {
    return this.#columns.slab.book(this.#level(ref));
  }

  /** The owner's oldest order in any book, or `NO_ORDER`. */
  firstOf(owner: number): OrderRef {
    return this.#refAt(this.#columns.slab.firstOf(owner));
  }

  /** The same owner's next younger order, or `NO_ORDER`. Ask before `ref` is cancelled. */
  nextOf(ref: OrderRef): OrderRef {
    return this.#refAt(this.#columns.slab.nextOf(this.#slot(ref)));
  }

  #refAt(slot: Slot): OrderRef {
    return slot === NO_SLOT ? NO_ORDER : this.#columns.slab.ref(slot);
  }

  #slot(ref: OrderRef): Slot {
    const slot = this.#columns.slab.find(ref);
    assert(slot !== NO_SLOT, "only a live order can be read");
    return slot;
  }

  #level(ref: OrderRef): Level {
    return this.#columns.slab.level(this.#slot(ref));
  }
}
