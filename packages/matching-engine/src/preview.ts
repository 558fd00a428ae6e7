import { type Lots, lots, type Ticks, ticks } from "@tse/domain";
import { allowanceOf, type NewOrder, preventedFamily } from "./new-order.ts";
import type { RestingBook } from "./resting-book.ts";
import { boundOf, codeOf, opposite, reaches } from "./sides.ts";
import { type Level, NO_LEVEL } from "./slab.ts";

export type PreviewVisitor = (price: Ticks, quantity: Lots) => void;

/**
 * What an order would trade now, level by level, without changing anything; `fok` asks it whether
 * there is enough. One object, reused: its fields are what is left of the order in hand.
 */
export class Preview {
  readonly #book: RestingBook;
  #open = 0;
  #budget = 0;
  #allowance = 0;
  /** The order would end at a maker of its own family. */
  #stopped = false;

  constructor(book: RestingBook) {
    this.#book = book;
  }

  /** Whether all of the order's quantity would trade at once. */
  fills(order: NewOrder): boolean {
    return this.#walk(order, undefined) === order.quantity;
  }

  /** Calls `visit` once for each level the order would trade at, best price first. */
  visit(order: NewOrder, visit: PreviewVisitor): void {
    if (order.postOnly || (order.timeInForce === "fok" && !this.fills(order))) return;
    this.#walk(order, visit);
  }

  /** Returns the lots that would trade. */
  #walk(order: NewOrder, visit: PreviewVisitor | undefined): number {
    const side = codeOf(order.side);
    const bound = boundOf(side, order.limit);
    const { slab, sides } = this.#book;
    const makers = opposite(side);
    this.#open = order.quantity;
    this.#budget = order.quoteBudget;
    this.#allowance = allowanceOf(order);
    this.#stopped = false;
    let traded = 0;
    for (
      let level = sides.best(makers);
      level !== NO_LEVEL && reaches(side, bound, slab.price(level));
      level = sides.next(makers, level)
    ) {
      const quantity = this.#takeLevel(level, order);
      traded += quantity;
      if (quantity > 0) visit?.(ticks(slab.price(level)), lots(quantity));
      if (this.#stopped || this.#open === 0 || this.#allowance === 0) break;
    }
    return traded;
  }

  /** Returns the lots that would trade at the level. */
  #takeLevel(level: Level, order: NewOrder): number {
    const price = this.#book.slab.price(level);
    const budgeted = order.quoteBudget > 0;
    if (budgeted) this.#open = Math.floor(this.#budget / price);
    const wanted = this.#open;
    const family = preventedFamily(order);
    const traded =
      family === 0
        ? this.#take(this.#book.slab.quantity(level))
        : this.#takeStrangers(level, order, family);
    if (budgeted) this.#budget -= (wanted - this.#open) * price;
    return traded;
  }

  /** As `#takeLevel`, order by order, with what self-trade prevention would do. */
  #takeStrangers(level: Level, order: NewOrder, family: number): number {
    const { slab } = this.#book;
    let traded = 0;
    let slot = slab.next(level);
    while (slot !== level && this.#open > 0 && this.#allowance > 0 && !this.#stopped) {
      if (slab.family(slot) === family) this.#meetFamily(order, slab.open(slot));
      else traded += this.#take(slab.open(slot));
      slot = slab.next(slot);
    }
    return traded;
  }

  #take(available: number): number {
    const lots = Math.min(this.#open, available, this.#allowance);
    this.#open -= lots;
    this.#allowance -= lots;
    return lots;
  }

  /** A `fok` order can't be decremented: then it wouldn't fill completely. */
  #meetFamily(order: NewOrder, open: number): void {
    if (order.selfTradePrevention === "expire_maker") return;
    if (order.selfTradePrevention === "decrement") this.#open -= Math.min(this.#open, open);
    else this.#stopped = true;
  }
}
