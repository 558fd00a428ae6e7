import { type Level, NO_LEVEL } from "./levels.ts";
import { ExpiryCause, MatchKind } from "./match-events.ts";
import { allowanceOf, type NewOrder, preventedFamily } from "./new-order.ts";
import { NO_SLOT, type Slot } from "./order-ref.ts";
import type { RestingBook } from "./resting-book.ts";
import { boundOf, opposite, reaches, type SideCode } from "./sides.ts";

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
    const { sides, levels } = this.#book;
    this.#open = order.quantity;
    this.#budget = order.quoteBudget;
    this.#allowance = allowanceOf(order);
    for (;;) {
      const level = sides.best(makers);
      if (level === NO_LEVEL) return ExpiryCause.noLiquidity;
      if (!reaches(side, bound, levels.price(level))) return ExpiryCause.limitReached;
      const cause =
        order.quoteBudget === 0 ? this.#take(level, order) : this.#takeForBudget(level, order);
      if (cause !== ExpiryCause.none || this.#open === 0) return cause;
    }
  }

  #takeForBudget(level: Level, order: NewOrder): ExpiryCause {
    const price = this.#book.levels.price(level);
    const wanted = Math.floor(this.#budget / price);
    this.#open = wanted;
    const cause = this.#take(level, order);
    this.#budget -= (wanted - this.#open) * price;
    return cause;
  }

  /** Takes the level's orders, oldest first, until they or the order in hand end. */
  #take(level: Level, order: NewOrder): ExpiryCause {
    const { orders, levels } = this.#book;
    const family = preventedFamily(order);
    for (let slot = levels.first(level); slot !== NO_SLOT && this.#open > 0; ) {
      if (this.#allowance === 0) return ExpiryCause.maxFill;
      const next = orders.next(slot);
      if (family === 0 || orders.family(slot) !== family) this.#fill(level, slot);
      else if (this.#preventSelfTrade(level, slot, order)) return ExpiryCause.selfTrade;
      slot = next;
    }
    return ExpiryCause.none;
  }

  #fill(level: Level, maker: Slot): void {
    const lots = Math.min(this.#open, this.#book.orders.open(maker), this.#allowance);
    this.#open -= lots;
    this.#allowance -= lots;
    this.#book.takeOff(MatchKind.fill, level, maker, lots);
  }

  /** Does what the order's mode says about a maker of its own family; true when the order ends there. */
  #preventSelfTrade(level: Level, maker: Slot, order: NewOrder): boolean {
    switch (order.selfTradePrevention) {
      case "expire_maker":
        this.#book.remove(MatchKind.makerExpired, maker);
        return false;
      case "expire_both":
        this.#book.remove(MatchKind.makerExpired, maker);
        return true;
      case "decrement": {
        const lots = Math.min(this.#open, this.#book.orders.open(maker));
        this.#open -= lots;
        this.#book.takeOff(MatchKind.decremented, level, maker, lots);
        return false;
      }
      default:
        return true;
    }
  }
}
