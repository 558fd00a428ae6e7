import { assert, type Lots, lots, type Side, type Ticks, ticks } from "@tse/domain";
import { type Level, Levels } from "./levels.ts";
import { NO_ORDER, NO_SLOT, type OrderRef, type Slot } from "./order-ref.ts";
import { OwnerLists } from "./owner-lists.ts";
import { RestingOrders } from "./resting-orders.ts";
import { sideOf } from "./sides.ts";

/** The columns behind a pool, for the books on it. */
export interface Columns {
  readonly orders: RestingOrders;
  readonly levels: Levels;
  readonly owners: OwnerLists;
  /** By id. */
  readonly books: Map<number, { readonly size: number }>;
}

/** The way of this package's books to a pool's columns; not exported from the package. */
export let columnsOf: (pool: OrderPool) => Columns;

/**
 * All resting orders of many books: one venue has one pool. Its arrays grow by half.
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
    const orders = new RestingOrders(capacity);
    this.#columns = {
      orders,
      levels: new Levels(orders, capacity),
      owners: new OwnerLists(capacity),
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
    const { orders, levels, owners } = this.#columns;
    return orders.byteLength + levels.byteLength + owners.byteLength;
  }

  isLive(ref: OrderRef): boolean {
    return this.#columns.orders.find(ref) !== NO_SLOT;
  }

  owner(ref: OrderRef): number {
    return this.#columns.orders.owner(this.#slot(ref));
  }

  family(ref: OrderRef): number {
    return this.#columns.orders.family(this.#slot(ref));
  }

  side(ref: OrderRef): Side {
    return sideOf(this.#columns.orders.side(this.#slot(ref)));
  }

  price(ref: OrderRef): Ticks {
    return ticks(this.#columns.levels.price(this.#level(ref)));
  }

  open(ref: OrderRef): Lots {
    return lots(this.#columns.orders.open(this.#slot(ref)));
  }

  /** The id of the book it rests in. */
  book(ref: OrderRef): number {
    return this.#columns.levels.book(this.#level(ref));
  }

  /** The owner's oldest order in any book, or `NO_ORDER`. */
  firstOf(owner: number): OrderRef {
    return this.#refAt(this.#columns.owners.first(owner));
  }

  /** The same owner's next younger order, or `NO_ORDER`. Ask before `ref` is cancelled. */
  nextOf(ref: OrderRef): OrderRef {
    return this.#refAt(this.#columns.owners.next(this.#slot(ref)));
  }

  #refAt(slot: Slot): OrderRef {
    return slot === NO_SLOT ? NO_ORDER : this.#columns.orders.ref(slot);
  }

  #slot(ref: OrderRef): Slot {
    const slot = this.#columns.orders.find(ref);
    assert(slot !== NO_SLOT, "only a live order can be read");
    return slot;
  }

  #level(ref: OrderRef): Level {
    return this.#columns.orders.level(this.#slot(ref)) as Level;
  }
}
