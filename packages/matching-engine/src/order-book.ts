import { assert, type Lots, lots, type Side, type Ticks, ticks } from "@tse/domain";
import { ExpiryCause, type MatchEvents, MatchKind } from "./match-events.ts";
import { Matching } from "./matching.ts";
import type { NewOrder } from "./new-order.ts";
import { columnsOf, type OrderPool } from "./order-pool.ts";
import { NO_ORDER, NO_SLOT, type OrderRef } from "./order-ref.ts";
import { Preview, type PreviewVisitor } from "./preview.ts";
import { RestingBook } from "./resting-book.ts";
import { BUY, boundOf, codeOf, opposite, reaches, SELL, type SideCode } from "./sides.ts";
import { type Level, NO_LEVEL } from "./slab.ts";

const CANCELLED = MatchKind.cancelled;

/**
 * Limit order book of one instrument: price-time priority on exact integers. Deterministic: the same
 * commands give the same events. It validates nothing that depends on an instrument or an account.
 *
 * After every command: the book isn't crossed, every resting order has lots left, and everything
 * that changed was told to `events`. No command makes an object, except when an array must grow.
 */
export class OrderBook {
  readonly id: number;
  readonly #resting: RestingBook;
  readonly #matching: Matching;
  readonly #preview: Preview;

  /** @param id tells the books of one pool apart: a 32-bit integer from 0 */
  constructor(pool: OrderPool, events: MatchEvents, id = 0) {
    const { books } = columnsOf(pool);
    assert(!books.has(id), "books of one pool have different ids");
    books.set(id, this);
    this.id = id;
    this.#resting = new RestingBook(id, pool, events);
    this.#matching = new Matching(this.#resting);
    this.#preview = new Preview(this.#resting);
  }

  /** Live orders in this book. */
  get size(): number {
    return this.#resting.size;
  }

  /** Memory of this book's own arrays; its orders and levels are in the pool. */
  get byteLength(): number {
    return this.#resting.sides.byteLength;
  }

  /** Highest bid; 0: none. */
  get bestBid(): Ticks {
    return ticks(this.#resting.slab.price(this.#resting.sides.best(BUY)));
  }

  /** Lowest ask; 0: none. */
  get bestAsk(): Ticks {
    return ticks(this.#resting.slab.price(this.#resting.sides.best(SELL)));
  }

  /** Whether a limit order would trade on arrival. */
  wouldTake(side: Side, limit: Ticks): boolean {
    return this.#crosses(codeOf(side), limit);
  }

  /** Matches an order and rests what may rest of it: returns that, or `NO_ORDER`. */
  place(order: NewOrder): OrderRef {
    checkShape(order);
    const side = codeOf(order.side);
    if (!order.rests || order.timeInForce !== "gtc" || this.#crosses(side, order.limit)) {
      return this.#take(order, side);
    }
    return this.#resting.rest(order, side, order.quantity);
  }

  /** Matches an order that may not rest as it is. */
  #take(order: NewOrder, side: SideCode): OrderRef {
    if (order.postOnly && this.#crosses(side, order.limit)) {
      this.#resting.reject(order);
      return NO_ORDER;
    }
    if (order.timeInForce === "fok" && !this.#preview.fills(order)) {
      this.#resting.expire(order, order.quantity, ExpiryCause.fokUnfilled);
      return NO_ORDER;
    }
    return this.#finish(order, side, this.#matching.match(order, side));
  }

  /** Rests or expires what matching left. */
  #finish(order: NewOrder, side: SideCode, stoppedBy: ExpiryCause): OrderRef {
    if (stoppedBy === ExpiryCause.none) return NO_ORDER;
    const left = this.#matching.left(order);
    const exhausted =
      stoppedBy === ExpiryCause.noLiquidity || stoppedBy === ExpiryCause.limitReached;
    if (exhausted && order.rests) {
      if (order.timeInForce === "gtc") return this.#resting.rest(order, side, left);
      this.#resting.expire(order, left, ExpiryCause.iocRemainder);
    } else {
      this.#resting.expire(order, left, stoppedBy);
    }
    return NO_ORDER;
  }

  #crosses(side: SideCode, limit: number): boolean {
    return reaches(side, boundOf(side, limit), this.#resting.sides.touch(opposite(side)));
  }

  /** False, and nothing happens, when the order isn't live in this book. */
  cancel(ref: OrderRef): boolean {
    const slot = this.#resting.find(ref);
    if (slot === NO_SLOT) return false;
    this.#resting.remove(CANCELLED, slot);
    return true;
  }

  /** Cancels the owner's orders in this book, oldest first; returns how many. */
  cancelAllOf(owner: number): number {
    return this.#resting.removeAllOf(owner);
  }

  /**
   * Lowers what is open of an order, which keeps its place in the queue. False, and nothing happens,
   * when it isn't live in this book or `open` isn't above 0 and below what is open now.
   */
  reduce(ref: OrderRef, open: Lots): boolean {
    const slot = this.#resting.find(ref);
    if (slot === NO_SLOT) return false;
    const before = this.#resting.slab.open(slot);
    if (!(open > 0 && open < before)) return false;
    this.#resting.takeOff(MatchKind.reduced, slot, before - open);
    return true;
  }

  /**
   * Cancels an order and places another, which goes to the end of its queue and may match. When the
   * new one is post-only and would trade, it is rejected and the old one stays. When `ref` isn't live
   * in this book nothing happens at all, not even an event.
   */
  replace(ref: OrderRef, order: NewOrder): OrderRef {
    const slot = this.#resting.find(ref);
    if (slot === NO_SLOT) return NO_ORDER;
    checkShape(order);
    if (order.postOnly && this.#crosses(codeOf(order.side), order.limit)) {
      this.#resting.reject(order);
      return NO_ORDER;
    }
    this.#resting.remove(MatchKind.cancelled, slot);
    return this.place(order);
  }

  /** What `place(order)` would trade now, once for each price, best first. `visit` must not touch the book. */
  preview(order: NewOrder, visit: PreviewVisitor): void {
    checkShape(order);
    this.#preview.visit(order, visit);
  }

  /** Total open lots at a price, 0 when no order of `side` is there; see `Slab` for its cap. */
  levelQuantity(side: Side, price: Ticks): number {
    return this.#resting.slab.quantity(this.#resting.sides.find(codeOf(side), price));
  }

  /** Calls `visit` for each level, best first, until it returns false. It must not touch the book. */
  levels(side: Side, visit: (price: Ticks, quantity: number, orders: number) => boolean): void {
    const { slab, sides } = this.#resting;
    const code = codeOf(side);
    for (let level = sides.best(code); level !== NO_LEVEL; level = sides.next(code, level)) {
      const price = ticks(slab.price(level));
      if (!visit(price, slab.quantity(level), slab.count(level))) return;
    }
  }

  /** Calls `visit` for each order by priority until it returns false. It must not touch the book. */
  orders(side: Side, visit: (ref: OrderRef, price: Ticks, open: Lots) => boolean): void {
    const { sides } = this.#resting;
    const code = codeOf(side);
    for (let level = sides.best(code); level !== NO_LEVEL; level = sides.next(code, level)) {
      if (!this.#ordersAt(level, visit)) return;
    }
  }

  #ordersAt(level: Level, visit: (ref: OrderRef, price: Ticks, open: Lots) => boolean): boolean {
    const { slab } = this.#resting;
    const price = ticks(slab.price(level));
    for (let slot = slab.next(level); slot !== level; slot = slab.next(slot)) {
      if (!visit(slab.ref(slot), price, lots(slab.open(slot)))) return false;
    }
    return true;
  }
}

function checkShape(order: NewOrder): void {
  if (order.quoteBudget === 0) {
    assert(order.quantity > 0, "an order is sized by quantity or by budget");
    assert(order.limit > 0 || !order.rests, "an order that may rest has a limit");
  } else {
    checkBudgetShape(order);
  }
}

function checkBudgetShape(order: NewOrder): void {
  assert(order.quantity === 0, "an order is sized by quantity or by budget");
  assert(!order.rests && order.timeInForce !== "fok", "an order by budget is a market order");
}
