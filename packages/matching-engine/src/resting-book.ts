import { BookLevels } from "./book-levels.ts";
import type { Level, Levels } from "./levels.ts";
import { type ExpiryCause, expiryCode, type MatchEvents, MatchKind } from "./match-events.ts";
import type { NewOrder } from "./new-order.ts";
import { columnsOf, type OrderPool } from "./order-pool.ts";
import { NO_SLOT, type OrderRef, refOf, type Slot } from "./order-ref.ts";
import type { OwnerLists } from "./owner-lists.ts";
import type { RestingOrders } from "./resting-orders.ts";
import { codeOf, type SideCode } from "./sides.ts";

const RESTED = MatchKind.rested;

/**
 * What rests in one book and every way it changes: an order comes to rest, shrinks, or leaves. Each
 * change is made here once, in all columns, and told to `events`.
 */
export class RestingBook {
  readonly id: number;
  readonly orders: RestingOrders;
  readonly levels: Levels;
  readonly sides: BookLevels;
  readonly #owners: OwnerLists;
  readonly #events: MatchEvents;
  #size = 0;

  constructor(id: number, pool: OrderPool, events: MatchEvents) {
    const { orders, levels, owners } = columnsOf(pool);
    this.id = id;
    this.orders = orders;
    this.levels = levels;
    this.sides = new BookLevels(id, levels);
    this.#owners = owners;
    this.#events = events;
  }

  get size(): number {
    return this.#size;
  }

  /** The slot of an order that is live in this book, or `NO_SLOT`. */
  find(ref: OrderRef): Slot {
    const slot = this.orders.find(ref);
    if (slot === NO_SLOT) return NO_SLOT;
    return this.levels.book(this.orders.level(slot) as Level) === this.id ? slot : NO_SLOT;
  }

  /** Puts what is open of an incoming order at the end of its level's queue. */
  rest(order: NewOrder, side: SideCode, open: number): OrderRef {
    const { orders } = this;
    const { limit, owner } = order;
    const level = this.sides.at(side, limit);
    const slot = orders.take(level, side, owner, order.family);
    orders.setOpen(slot, open);
    this.#owners.append(owner, slot);
    this.#size++;
    const mark = orders.mark(slot);
    this.#events.begin(RESTED, mark, slot, this.id);
    this.#events.amounts(limit, open, open, this.levels.append(level, slot, open));
    return refOf(slot, mark >> 1);
  }

  /** Takes lots off an order of the level, which leaves the book when none are left. */
  takeOff(kind: MatchKind, level: Level, slot: Slot, lots: number): void {
    const open = this.orders.open(slot) - lots;
    const mark = this.orders.mark(slot);
    this.#events.begin(kind, mark, slot, this.id);
    if (open === 0) this.#unlink(level, slot);
    else this.orders.setOpen(slot, open);
    const total = this.levels.takeOff(level, lots);
    this.#events.amounts(this.levels.price(level), lots, open, total);
    if (total === 0) this.sides.drop((mark & 1) as SideCode, level);
  }

  /** Takes an order out of the book with all that is open of it. */
  remove(kind: MatchKind, slot: Slot): void {
    this.takeOff(kind, this.orders.level(slot) as Level, slot, this.orders.open(slot));
  }

  /** Removes the owner's orders, oldest first; returns how many there were. */
  removeAllOf(owner: number): number {
    let removed = 0;
    let slot = this.#owners.first(owner);
    while (slot !== NO_SLOT) {
      const next = this.#owners.next(slot);
      if (this.levels.book(this.orders.level(slot) as Level) === this.id) {
        this.remove(MatchKind.cancelled, slot);
        removed++;
      }
      slot = next;
    }
    return removed;
  }

  /** Tells that what is left of an incoming order ends here. */
  expire(order: NewOrder, left: number, cause: ExpiryCause): void {
    this.#events.begin(expiryCode(cause), codeOf(order.side), NO_SLOT, this.id);
    this.#events.amounts(order.limit, left, 0, 0);
  }

  /** Tells that an incoming order was refused as a whole. */
  reject(order: NewOrder): void {
    this.#events.begin(MatchKind.rejected, codeOf(order.side), NO_SLOT, this.id);
    this.#events.amounts(order.limit, order.quantity, 0, 0);
  }

  #unlink(level: Level, slot: Slot): void {
    this.levels.unlink(level, slot);
    this.#owners.remove(this.orders.owner(slot), slot);
    this.orders.release(slot);
    this.#size--;
  }
}
