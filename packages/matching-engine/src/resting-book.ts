import { BookLevels } from "./book-levels.ts";
import { type ExpiryCause, expiryCode, type MatchEvents, MatchKind } from "./match-events.ts";
import type { NewOrder } from "./new-order.ts";
import { columnsOf, type OrderPool } from "./order-pool.ts";
import { NO_SLOT, type OrderRef, type Slot } from "./order-ref.ts";
import type { SideCode } from "./sides.ts";
import type { Slab } from "./slab.ts";

const RESTED = MatchKind.rested;

/**
 * What rests in one book and every way it changes: an order comes to rest, shrinks, or leaves. Each
 * change is made here once, in all columns, and told to `events`.
 */
export class RestingBook {
  readonly id: number;
  readonly slab: Slab;
  readonly sides: BookLevels;
  readonly #events: MatchEvents;
  #size = 0;

  constructor(id: number, pool: OrderPool, events: MatchEvents) {
    const { slab } = columnsOf(pool);
    this.id = id;
    this.slab = slab;
    this.sides = new BookLevels(id, slab);
    this.#events = events;
  }

  get size(): number {
    return this.#size;
  }

  /** The slot of an order that is live in this book, or `NO_SLOT`. */
  find(ref: OrderRef): Slot {
    return this.slab.findIn(this.id, ref);
  }

  /** Puts what is open of an incoming order at the end of its level's queue. */
  rest(order: NewOrder, side: SideCode, open: number): OrderRef {
    const slot = this.slab.append(order, side, this.sides.at(side, order.limit), open);
    this.#events.tell(RESTED, this.slab, slot, open);
    this.#size++;
    return this.slab.ref(slot);
  }

  /** Takes lots off an order, which leaves the book when none are left. */
  takeOff(kind: MatchKind, slot: Slot, lots: number): void {
    const { slab } = this;
    slab.takeOff(slot, lots);
    this.#events.tell(kind, slab, slot, lots);
    if (slab.open(slot) === 0) this.#drop(slot);
  }

  #drop(slot: Slot): void {
    const { slab } = this;
    const level = slab.level(slot);
    slab.remove(slot);
    this.#size--;
    if (slab.quantity(level) === 0) this.sides.drop(level);
  }

  /** Takes an order out of the book with all that is open of it. */
  remove(kind: MatchKind, slot: Slot): void {
    this.takeOff(kind, slot, this.slab.open(slot));
  }

  /** Removes the owner's orders, oldest first; returns how many there were. */
  removeAllOf(owner: number): number {
    let removed = 0;
    let slot = this.slab.firstOf(owner);
    while (slot !== NO_SLOT) {
      const next = this.slab.nextOf(slot);
      if (this.slab.book(this.slab.level(slot)) === this.id) {
        this.remove(MatchKind.cancelled, slot);
        removed++;
      }
      slot = next;
    }
    return removed;
  }

  /** Tells that what is left of an incoming order ends here. */
  expire(order: NewOrder, left: number, cause: ExpiryCause): void {
    this.#events.tellIncoming(expiryCode(cause), this.id, order, left);
  }

  /** Tells that an incoming order was refused as a whole. */
  reject(order: NewOrder): void {
    this.#events.tellIncoming(MatchKind.rejected, this.id, order, order.quantity);
  }
}
