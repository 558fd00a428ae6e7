import type { Lots, Side, Ticks, TimeInForce } from "@tse/domain";
import {
  MatchEvents,
  MatchKind,
  type NewOrder,
  OrderBook,
  OrderPool,
  type OrderRef,
} from "@tse/matching-engine";
import * as hft from "hft-limit-order-book";
import * as fasenderos from "nodejs-order-book";
import { Fingerprint } from "./fingerprint.ts";
import { CommandKind, orderAt, SIDES, TIME_IN_FORCE, type Workload } from "./workload.ts";

/** An engine with a workload before it. Every trade it makes goes into the fingerprint. */
export interface Session {
  /** Runs the workload's commands from `from` up to, not with, `to`. */
  run(from: number, to: number): void;
  /** Of all trades so far: maker and taker by command, price, quantity. */
  readonly trades: Fingerprint;
  /** Of all other events; 0 for engines that have none. */
  readonly events: Fingerprint;
  /** Memory of the engine's own arrays, or `undefined` when it lives on the heap. */
  byteLength(): number | undefined;
}

interface Contender {
  start(workload: Workload): Session;
}

/** Ours first, then engines from npm that do the same job. */
export const CONTENDERS = {
  "matching-engine": { start: (workload) => new OurSession(workload) },
  "hft-limit-order-book": {
    start: (workload) =>
      new RivalSession(workload, () => new hft.OrderBook() as unknown as RivalBook),
  },
  "nodejs-order-book": {
    start: (workload) =>
      new RivalSession(workload, () => new fasenderos.OrderBook() as unknown as RivalBook),
  },
} as const satisfies Record<string, Contender>;

export type ContenderName = keyof typeof CONTENDERS;

class OurSession implements Session {
  readonly trades = new Fingerprint();
  readonly events = new Fingerprint();
  readonly #workload: Workload;
  readonly #log = new MatchEvents();
  readonly #pool = new OrderPool();
  readonly #books: readonly OrderBook[];
  /** The order in hand: one object, since a command need not be an allocation. */
  readonly #order: { -readonly [Field in keyof NewOrder]: NewOrder[Field] };
  /** By slot: the command that placed the order. An order brings a level and an owner at most. */
  readonly #placedBy: Int32Array;

  constructor(workload: Workload) {
    this.#workload = workload;
    this.#books = Array.from(
      { length: workload.symbols },
      (_, id) => new OrderBook(this.#pool, this.#log, id),
    );
    this.#order = orderAt(workload, 0);
    this.#placedBy = new Int32Array(3 * workload.length);
  }

  byteLength(): number {
    return this.#books.reduce((sum, book) => sum + book.byteLength, this.#pool.byteLength);
  }

  run(from: number, to: number): void {
    for (let at = from; at < to; at++) {
      this.#log.clear();
      this.#command(at);
      this.#read(at);
    }
  }

  #command(at: number): void {
    const { kind, symbol, targetRef } = this.#workload;
    const book = this.#books[symbol[at] as number] as OrderBook;
    switch (kind[at]) {
      case CommandKind.cancel:
        book.cancel(targetRef[at] as OrderRef);
        return;
      case CommandKind.replace:
        this.#load(at);
        book.replace(targetRef[at] as OrderRef, this.#order);
        return;
      default:
        this.#load(at);
        book.place(this.#order);
    }
  }

  #load(at: number): void {
    const { kind, side, limit, quantity, owner } = this.#workload;
    const order = this.#order;
    const of = kind[at] as number;
    order.side = SIDES[side[at] as number] as Side;
    order.limit = limit[at] as Ticks;
    order.quantity = quantity[at] as Lots;
    order.owner = owner[at] as number;
    order.family = owner[at] as number;
    order.timeInForce = TIME_IN_FORCE[of] as TimeInForce;
    order.rests = of !== CommandKind.market;
  }

  /** Reads every field of every event. */
  #read(at: number): void {
    const log = this.#log;
    for (let i = 0; i < log.length; i++) {
      const kind = log.kind(i);
      const slot = log.slot(i);
      const price = log.price(i);
      const quantity = log.quantity(i);
      if (kind === MatchKind.fill) {
        this.trades.add(tradeCode(this.#placedBy[slot] as number, at, price, quantity));
      } else if (kind === MatchKind.rested) {
        this.#placedBy[slot] = at;
      }
      const amounts = quantity ^ (log.open(i) << 10) ^ (log.levelQuantity(i) << 20);
      const about = kind ^ (log.cause(i) << 4) ^ (log.book(i) << 8) ^ (log.side(i).length << 16);
      this.events.add(price ^ amounts ^ about ^ log.ref(i));
    }
  }
}

/** What both npm engines offer, as far as a workload needs it. */
interface RivalBook {
  limit(order: {
    side: string;
    id: string;
    size: number;
    price: number;
    timeInForce: string;
  }): RivalAnswer;
  market(order: { side: string; size: number }): RivalAnswer;
  cancel(id: string): unknown;
}

interface RivalAnswer {
  readonly done: readonly RivalOrder[];
  readonly partial: RivalOrder | null;
  readonly partialQuantityProcessed: number;
}

interface RivalOrder {
  readonly id: string;
  readonly price: number;
  readonly size: number;
}

/** By command: what its order is called, kept from round to round as ours are in the workload. */
const NAMES: string[] = [];

function nameOf(command: number): string {
  NAMES[command] ??= String(command);
  return NAMES[command];
}

class RivalSession implements Session {
  readonly trades = new Fingerprint();
  readonly events = new Fingerprint();
  readonly #workload: Workload;
  readonly #books: readonly RivalBook[];

  constructor(workload: Workload, newBook: () => RivalBook) {
    this.#workload = workload;
    this.#books = Array.from({ length: workload.symbols }, newBook);
  }

  byteLength(): undefined {
    return undefined;
  }

  run(from: number, to: number): void {
    const { kind, symbol, target } = this.#workload;
    for (let at = from; at < to; at++) {
      const book = this.#books[symbol[at] as number] as RivalBook;
      const isCancel = kind[at] === CommandKind.cancel;
      if (isCancel || kind[at] === CommandKind.replace) book.cancel(nameOf(target[at] as number));
      if (!isCancel) this.#read(at, nameOf(at), this.#place(book, at));
    }
  }

  #place(book: RivalBook, at: number): RivalAnswer {
    const { kind, side, limit, quantity } = this.#workload;
    const order = { side: side[at] === 0 ? "buy" : "sell", size: quantity[at] as number };
    if (kind[at] === CommandKind.market) return book.market(order);
    const timeInForce = kind[at] === CommandKind.ioc ? "IOC" : "GTC";
    return book.limit({ ...order, id: nameOf(at), price: limit[at] as number, timeInForce });
  }

  /** `done` lists the makers filled, and the taker when it is; `partial` is the last maker or the taker. */
  #read(at: number, id: string, answer: RivalAnswer): void {
    for (const order of answer.done) if (order.id !== id) this.#trade(at, order, order.size);
    const { partial } = answer;
    if (partial !== null && partial.id !== id) {
      this.#trade(at, partial, answer.partialQuantityProcessed);
    }
  }

  #trade(at: number, maker: RivalOrder, quantity: number): void {
    this.trades.add(tradeCode(Number(maker.id), at, maker.price, quantity));
  }
}

/** One number of a trade that changes when any of the four does. */
export function tradeCode(maker: number, taker: number, price: number, quantity: number): number {
  return (
    Math.imul(maker, 0x9e3779b1) ^
    Math.imul(taker, 0x85ebca6b) ^
    Math.imul(price, 0xc2b2ae35) ^
    Math.imul(quantity, 0x27d4eb2f)
  );
}
