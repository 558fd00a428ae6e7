import type { Side } from "@tse/domain";
import {
  ExpiryCause,
  MatchEvents,
  MatchKind,
  NO_ORDER,
  OrderBook,
  OrderPool,
  type OrderRef,
  slotOf,
} from "../src/index.ts";
import type { TestCommand } from "./commands.ts";
import { NaiveBook, type NaiveEvent, type NaiveOrder } from "./naive-book.ts";

const SIDES: readonly Side[] = ["buy", "sell"];
const KINDS = invert(MatchKind);
const CAUSES = invert(ExpiryCause);

/** The fast books and their oracle disagree. */
class Divergence extends Error {
  override name = "Divergence";
}

/** Several books on one pool beside their naive counterparts: every command runs on both. */
export class ComparedMarket {
  readonly naive: readonly NaiveBook[];
  /** Kinds and causes of all events so far. */
  readonly seen = new Set<string>();
  readonly #books: readonly OrderBook[];
  readonly #pool = new OrderPool(2);
  readonly #events = new MatchEvents(1);
  readonly #naiveEvents: NaiveEvent[] = [];
  readonly #refs = new Map<number, OrderRef>();
  readonly #ids = new Map<OrderRef, number>();
  readonly #owners: number;
  #age = 0;

  /** @param owners owner numbers used are below this */
  constructor(books: number, owners: number) {
    this.#owners = owners;
    this.naive = Array.from({ length: books }, () => new NaiveBook(this.#naiveEvents));
    this.#books = this.naive.map((_, id) => new OrderBook(this.#pool, this.#events, id));
  }

  /** Runs a command on both and throws `Divergence` unless answer, events and books are the same. */
  apply(command: TestCommand): void {
    this.#events.clear();
    this.#naiveEvents.length = 0;
    this.#age++;
    if (command.kind === "place") this.#comparePreview(command);
    const id = "id" in command ? command.id : 0;
    expectSame("answer", this.#answer(command, id), this.#naiveAnswer(command, id));
    this.#compareEvents();
    for (const book of this.naive.keys()) this.#compareBook(book);
    this.#compareOwners();
  }

  #answer(command: TestCommand, id: number): number {
    const book = this.#books[command.book] as OrderBook;
    const target = "target" in command ? (this.#refs.get(command.target) ?? NO_ORDER) : NO_ORDER;
    switch (command.kind) {
      case "place":
        return this.#remember(id, book.place(command.order));
      case "replace":
        return this.#remember(id, book.replace(target, command.order));
      case "cancel":
        return Number(book.cancel(target));
      case "cancel_all":
        return book.cancelAllOf(command.owner);
      case "reduce":
        return Number(book.reduce(target, command.open as never));
    }
  }

  #naiveAnswer(command: TestCommand, id: number): number {
    const book = this.naive[command.book] as NaiveBook;
    switch (command.kind) {
      case "place":
        return Number(book.place(id, this.#age, command.order));
      case "replace":
        return Number(book.replace(command.target, id, this.#age, command.order));
      case "cancel":
        return Number(book.cancel(command.target));
      case "cancel_all":
        return book.cancelAllOf(command.owner);
      case "reduce":
        return Number(book.reduce(command.target, command.open));
    }
  }

  #remember(id: number, ref: OrderRef): number {
    if (ref === NO_ORDER) return 0;
    if (this.#ids.has(ref)) throw new Divergence(`ref ${ref} was given before`);
    this.#refs.set(id, ref);
    this.#ids.set(ref, id);
    return 1;
  }

  #comparePreview(command: TestCommand & { kind: "place" }): void {
    const seen: number[] = [];
    const book = this.#books[command.book] as OrderBook;
    book.preview(command.order, (price, quantity) => seen.push(price, quantity));
    const expected = (this.naive[command.book] as NaiveBook).preview(command.order).flat();
    expectSame("preview", seen.join(), expected.join());
  }

  #compareEvents(): void {
    const events = this.#events;
    expectSame("number of events", events.length, this.#naiveEvents.length);
    for (const [i, expected] of this.#naiveEvents.entries()) {
      this.seen.add(expected.kind).add(expected.cause);
      expectSame("event kind", KINDS[events.kind(i)] as string, expected.kind);
      expectSame("event side", events.side(i), expected.side);
      expectSame("event cause", CAUSES[events.cause(i)] as string, expected.cause);
      expectSame("event order", this.#ids.get(events.ref(i)) ?? 0, expected.id);
      expectSame("event slot", events.slot(i), slotOf(events.ref(i)));
      expectSame("event price", events.price(i), expected.price);
      expectSame("event quantity", events.quantity(i), expected.quantity);
      expectSame("event open", events.open(i), expected.open);
      expectSame("event level quantity", events.levelQuantity(i), expected.levelQuantity);
    }
  }

  #compareBook(id: number): void {
    const book = this.#books[id] as OrderBook;
    const naive = this.naive[id] as NaiveBook;
    expectSame("size", book.size, naive.bids.length + naive.asks.length);
    expectSame("best bid", book.bestBid, naive.bids[0]?.price ?? 0);
    expectSame("best ask", book.bestAsk, naive.asks[0]?.price ?? 0);
    for (const side of SIDES) {
      const queue = side === "buy" ? naive.bids : naive.asks;
      this.#compareQueue(book, side, queue);
      compareLevels(book, side, queue, naive);
    }
  }

  #compareQueue(book: OrderBook, side: Side, queue: readonly NaiveOrder[]): void {
    let at = 0;
    book.orders(side, (ref, price, open) => {
      const expected = queue[at++];
      expectSame("order by priority", this.#ids.get(ref) ?? 0, expected?.id ?? 0);
      expectSame("its price", price, expected?.price ?? 0);
      expectSame("its open quantity", open, expected?.open ?? 0);
      return true;
    });
    expectSame("orders by priority", at, queue.length);
  }

  #compareOwners(): void {
    const all = this.naive.flatMap((book) => book.all());
    all.sort((one, other) => one.age - other.age);
    expectSame("pool size", this.#pool.size, all.length);
    for (let owner = 0; owner < this.#owners; owner++) {
      let ref = this.#pool.firstOf(owner);
      for (const order of all) {
        if (order.owner !== owner) continue;
        expectSame("order of owner", this.#ids.get(ref) ?? 0, order.id);
        expectSame("its family", this.#pool.family(ref), order.family);
        ref = this.#pool.nextOf(ref);
      }
      expectSame("end of owner's orders", ref, NO_ORDER);
    }
  }
}

function compareLevels(
  book: OrderBook,
  side: Side,
  queue: readonly NaiveOrder[],
  naive: NaiveBook,
): void {
  const prices = [...new Set(queue.map((order) => order.price))];
  let at = 0;
  book.levels(side, (price, quantity, orders) => {
    expectSame("level", price, prices[at++] ?? 0);
    expectSame("its quantity", quantity, naive.levelQuantity(side, price));
    expectSame("its quantity by price", book.levelQuantity(side, price), quantity);
    expectSame("its orders", orders, queue.filter((order) => order.price === price).length);
    return true;
  });
  expectSame("levels", at, prices.length);
}

function expectSame(what: string, seen: number | string, expected: number | string): void {
  if (seen !== expected) throw new Divergence(`${what}: ${seen}, but the oracle says ${expected}`);
}

function invert(names: Record<string, number>): Record<number, string> {
  return Object.fromEntries(Object.entries(names).map(([name, code]) => [code, name]));
}
