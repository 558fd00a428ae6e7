import { ExpiryCause, MatchKind } from "./match-events.ts";
import { allowanceOf, type NewOrder, preventedFamily } from "./new-order.ts";
import type { Slot } from "./order-ref.ts";
import type { RestingBook } from "./resting-book.ts";
import { boundOf, opposite, reaches, type SideCode } from "./sides.ts";
import { type Level, NO_LEVEL } from "./slab.ts";

const FILL = MatchKind.fill;

/**
 * Matches incoming orders of one book: best price first, oldest first within a price, at the
 * resting order's price. One object, reused: its fields are what is left of the order in hand.
 */
export class Matching {
  readonly #book: RestingBook;
  /** Lots still wanted; of an order sized by budget, at the price in hand. */
  #open = 0;
  /** Ticks × lots still to spend or raise. */
  #budget = 0;
  /** Lots it may still trade on arrival. */
  #allowance = 0;

  constructor(book: RestingBook) {
    this.#book = book;
  }

  /** Lots that the last order left; 0 for one sized by budget. */
  left(order: NewOrder): number {
    return order.quoteBudget > 0 ? 0 : this.#open;
  }

  /**
   * Trades the order as far as it goes.
   *
   * An order sized by budget takes, at each price, the lots that the rest of it buys, and is done
   * when that is none.
   *
   * @returns `none` when it is done; else what stopped it: no maker left (`noLiquidity`), none within
   * its limit (`limitReached`), one of its family (`selfTrade`), or its cap (`maxFill`)
   */
  match(order: NewOrder, side: SideCode): ExpiryCause {
    const bound = boundOf(side, order.limit);
    const makers = opposite(side);
    const { sides, slab } = this.#book;
    this.#open = order.quantity;
    this.#budget = order.quoteBudget;
    this.#allowance = allowanceOf(order);
    for (;;) {
      const level = sides.best(makers);
      if (level === NO_LEVEL) return ExpiryCause.noLiquidity;
      if (!reaches(side, bound, slab.price(level))) return ExpiryCause.limitReached;
      const cause =
        order.quoteBudget === 0 ? this.#take(level, order) : this.#takeForBudget(level, order);
      if (cause !== ExpiryCause.none || this.#open === 0) return cause;
    }
  }

  #takeForBudget(level: Level, order: NewOrder): ExpiryCause {
    const price = this.#book.slab.price(level);
    const wanted = Math.floor(this.#budget / price);
    this.#open = wanted;
    const cause = this.#take(level, order);
    this.#budget -= (wanted - this.#open) * price;
    return cause;
  }

  /** Takes the level's orders, oldest first, until they or the order in hand end. */
  #take(level: Level, order: NewOrder): ExpiryCause {
    const { slab } = this.#book;
    const family = preventedFamily(order);
    for (let slot = slab.next(level); slot !== level && this.#open > 0; ) {
      if (this.#allowance === 0) return ExpiryCause.maxFill;
      const next = slab.next(slot);
      if (family === 0 || slab.family(slot) !== family) this.#fill(slot);
      else if (this.#preventSelfTrade(slot, order)) return ExpiryCause.selfTrade;
      slot = next;
    }
    return ExpiryCause.none;
  }

  #fill(maker: Slot): void {
    const lots = Math.min(this.#open, this.#book.slab.open(maker), this.#allowance);
    this.#open -= lots;
    this.#allowance -= lots;
    this.#book.takeOff(FILL, maker, lots);
  }

  /** Does what the order's mode says about a maker of its own family; true when the order ends there. */
  #preventSelfTrade(maker: Slot, order: NewOrder): boolean {
    switch (order.selfTradePrevention) {
      case "expire_maker":
        this.#book.remove(MatchKind.makerExpired, maker);
        return false;
      case "expire_both":
        this.#book.remove(MatchKind.makerExpired, maker);
        return true;
      case "decrement": {
        const lots = Math.min(this.#open, this.#book.slab.open(maker));
        this.#open -= lots;
        this.#book.takeOff(MatchKind.decremented, maker, lots);
        return false;
      }
      default:
        return true;
    }
  }
}
