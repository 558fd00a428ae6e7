import type { Side } from "@tse/domain";
import type { NewOrder } from "../src/index.ts";
import type { Chance } from "./chance.ts";
import { limit, market, marketByBudget, type TestCommand } from "./commands.ts";
import type { NaiveBook } from "./naive-book.ts";

/** The kind of market a run of random commands makes. */
export interface Climate {
  readonly books: number;
  readonly owners: number;
  /** Owner o is of family `o % families`; family 0 may trade with itself. */
  readonly families: number;
  readonly lowestPrice: number;
  readonly highestPrice: number;
  readonly largestQuantity: number;
  /** Above this many live orders the source empties the market more than it fills it. */
  readonly fullAt: number;
}

const TOP = Number.MAX_SAFE_INTEGER;

export const CLIMATES: Readonly<Record<string, Climate>> = {
  crowded: climate({ highestPrice: 8, fullAt: 40 }),
  ordinary: climate({ lowestPrice: 900, highestPrice: 1100, books: 3 }),
  scattered: climate({ highestPrice: 10 ** 9, books: 2 }),
  wide: climate({ highestPrice: TOP, largestQuantity: 1000 }),
  top: climate({ lowestPrice: TOP - 40, highestPrice: TOP }),
  heavy: climate({ highestPrice: 4, largestQuantity: TOP, fullAt: 20 }),
  kin: climate({ highestPrice: 12, owners: 4, families: 2, largestQuantity: 6 }),
};

function climate(differences: Partial<Climate>): Climate {
  return {
    books: 1,
    owners: 5,
    families: 3,
    lowestPrice: 1,
    highestPrice: 100,
    largestQuantity: 30,
    fullAt: 30,
    ...differences,
  };
}

/**
 * Random commands for books that it watches through their oracle, so that most cancels, reduces
 * and replaces name a live order. What it returns is plain data and can be run again without it.
 */
export class CommandSource {
  readonly #chance: Chance;
  readonly #climate: Climate;
  readonly #naive: readonly NaiveBook[];
  #id = 0;

  constructor(chance: Chance, of: Climate, naive: readonly NaiveBook[]) {
    this.#chance = chance;
    this.#climate = of;
    this.#naive = naive;
  }

  next(): TestCommand {
    const book = this.#chance.between(0, this.#climate.books - 1);
    const full = this.#live(book).length > this.#climate.fullAt;
    const dice = full ? this.#chance.next() * 0.6 : this.#chance.next();
    const target = this.#target(book);
    if (dice < 0.02) return { kind: "cancel_all", book, owner: this.#owner() };
    if (dice < 0.2) return { kind: "cancel", book, target };
    if (dice < 0.28) return { kind: "reduce", book, target, open: this.#smaller(book, target) };
    this.#id++;
    if (dice < 0.38) return { kind: "replace", id: this.#id, book, target, order: this.#order() };
    const order = dice < 0.6 ? this.#marketOrder() : this.#order();
    return { kind: "place", id: this.#id, book, order };
  }

  #live(book: number) {
    return (this.#naive[book] as NaiveBook).all();
  }

  /** Mostly a live order of the book; else one of another book, one gone, or none. */
  #target(book: number): number {
    const dice = this.#chance.next();
    if (dice < 0.1) return this.#chance.between(0, this.#id + 1);
    const other = dice < 0.15 ? this.#chance.between(0, this.#climate.books - 1) : book;
    const live = this.#live(other);
    return live.length === 0 ? 0 : this.#chance.pick(live).id;
  }

  #smaller(book: number, target: number): number {
    const open = (this.#naive[book] as NaiveBook).find(target)?.open ?? 5;
    return this.#chance.chance(0.1) ? this.#quantity() : this.#chance.between(0, open);
  }

  #owner(): number {
    return this.#chance.between(0, this.#climate.owners - 1);
  }

  #quantity(): number {
    const { largestQuantity } = this.#climate;
    const most = this.#chance.chance(0.7) ? Math.ceil(largestQuantity / 5) : largestQuantity;
    return this.#chance.between(1, most);
  }

  #price(): number {
    return this.#chance.between(this.#climate.lowestPrice, this.#climate.highestPrice);
  }

  #side(): Side {
    return this.#chance.chance(0.5) ? "buy" : "sell";
  }

  #details() {
    const owner = this.#owner();
    return {
      owner,
      family: owner % this.#climate.families,
      maxFill: this.#chance.chance(0.1) ? this.#quantity() : 0,
      selfTradePrevention: this.#chance.pick([
        "none",
        "expire_taker",
        "expire_maker",
        "expire_both",
        "decrement",
      ] as const),
    };
  }

  #order(): NewOrder {
    const timeInForce = this.#chance.pick(["gtc", "gtc", "gtc", "gtc", "ioc", "fok"] as const);
    const postOnly = timeInForce === "gtc" && this.#chance.chance(0.1);
    const details = { ...this.#details(), timeInForce, postOnly };
    return limit(this.#side(), this.#quantity(), this.#price(), details);
  }

  #marketOrder(): NewOrder {
    const bound = this.#chance.chance(0.4) ? this.#price() : 0;
    if (this.#chance.chance(0.5)) {
      const budget = Math.min(TOP, this.#quantity() * this.#price() + this.#chance.between(0, 50));
      return marketByBudget(this.#side(), budget, bound, this.#details());
    }
    const timeInForce = this.#chance.chance(0.2) ? "fok" : "ioc";
    return market(this.#side(), this.#quantity(), bound, { ...this.#details(), timeInForce });
  }
}
