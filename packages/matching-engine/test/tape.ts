import type { Side } from "@tse/domain";
import {
  ExpiryCause,
  MatchEvents,
  MatchKind,
  type NewOrder,
  NO_ORDER,
  OrderBook,
  OrderPool,
  type OrderRef,
} from "../src/index.ts";

/** A book whose orders have names and whose events read like a tape. */
export class Tape {
  readonly pool = new OrderPool();
  readonly book: OrderBook;
  readonly #events = new MatchEvents();
  readonly #refs = new Map<string, OrderRef>();
  readonly #names = new Map<OrderRef, string>();

  constructor() {
    this.book = new OrderBook(this.pool, this.#events);
  }

  /** Places an order and returns what happened: `["fill a 5@101", "rested b 2@101"]`. */
  place(name: string, order: NewOrder): string[] {
    return this.#told(() => this.#name(name, this.book.place(order)));
  }

  replace(old: string, name: string, order: NewOrder): string[] {
    return this.#told(() => this.#name(name, this.book.replace(this.ref(old), order)));
  }

  cancel(name: string): string[] {
    return this.#told(() => this.book.cancel(this.ref(name)));
  }

  cancelAllOf(owner: number): string[] {
    return this.#told(() => this.book.cancelAllOf(owner));
  }

  reduce(name: string, open: number): string[] {
    return this.#told(() => this.book.reduce(this.ref(name), open as never));
  }

  /** The ref an order had when it came to rest; `NO_ORDER` if it never did. */
  ref(name: string): OrderRef {
    return this.#refs.get(name) ?? NO_ORDER;
  }

  /** The orders of a side by priority: `["a 5@101"]`. */
  queue(side: Side): string[] {
    const seen: string[] = [];
    this.book.orders(side, (ref, price, open) => {
      seen.push(`${this.#names.get(ref)} ${open}@${price}`);
      return true;
    });
    return seen;
  }

  /** The levels of a side, best first: `["5@101 x1"]`. */
  depth(side: Side): string[] {
    const seen: string[] = [];
    this.book.levels(side, (price, quantity, orders) => {
      seen.push(`${quantity}@${price} x${orders}`);
      return true;
    });
    return seen;
  }

  /** Of the events of the last command: the level's total after each. */
  levelQuantities(): number[] {
    return Array.from({ length: this.#events.length }, (_, i) => this.#events.levelQuantity(i));
  }

  #told(act: () => void): string[] {
    this.#events.clear();
    act();
    return Array.from({ length: this.#events.length }, (_, i) => this.#tell(i));
  }

  #name(name: string, ref: OrderRef): void {
    if (ref === NO_ORDER) return;
    this.#refs.set(name, ref);
    this.#names.set(ref, name);
    const events = this.#events;
    for (let i = 0; i < events.length; i++) if (events.ref(i) === ref) return;
    throw new Error(`${name} rests, but no event says so`);
  }

  #tell(i: number): string {
    const events = this.#events;
    const amount = `${events.quantity(i)}@${events.price(i)}`;
    const kind = events.kind(i);
    if (kind === MatchKind.expired)
      return `expired ${nameOf(ExpiryCause, events.cause(i))} ${amount}`;
    if (kind === MatchKind.rejected) return `rejected ${amount}`;
    return `${nameOf(MatchKind, kind)} ${this.#names.get(events.ref(i))} ${amount}`;
  }
}

function nameOf(codes: Readonly<Record<string, number>>, code: number): string {
  return Object.entries(codes).find(([, value]) => value === code)?.[0] ?? `code ${code}`;
}
