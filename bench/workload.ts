import { lots, type Side, type TimeInForce, ticks } from "@tse/domain";
import {
  MatchEvents,
  MatchKind,
  type NewOrder,
  OrderBook,
  OrderPool,
  slotOf,
} from "@tse/matching-engine";
import { Chance } from "./chance.ts";
import { Fingerprint } from "./fingerprint.ts";

/** What a command of a workload does. An order is named by the index of the command that placed it. */
export const CommandKind = { limit: 0, ioc: 1, market: 2, cancel: 3, replace: 4 } as const;

/**
 * A recorded stream of commands, a column a field. The first `prefill` of them only fill the books
 * and aren't measured.
 */
export interface Workload {
  readonly family: FamilyName;
  readonly seed: number;
  readonly symbols: number;
  readonly prefill: number;
  readonly length: number;
  readonly kind: Uint8Array;
  readonly symbol: Uint8Array;
  /** 0 buy, 1 sell. */
  readonly side: Uint8Array;
  readonly limit: Int32Array;
  readonly quantity: Int32Array;
  /** For `cancel` and `replace`: the command that placed an order which is live then. */
  readonly target: Int32Array;
  /** The name of that order in our engine, as its client got it when it was placed. */
  readonly targetRef: Float64Array;
  readonly owner: Int32Array;
  /** Of all columns. */
  readonly fingerprint: string;
  /** Orders and levels in the books at the end. */
  readonly orders: number;
  readonly levels: number;
}

interface Family {
  readonly symbols: number;
  /** Live orders, over all symbols, that the stream keeps to. */
  readonly live: number;
  /** Ticks from the mid: exponential with this mean, cut at the farthest. */
  readonly meanDistance: number;
  readonly farthest: number;
  /** Ticks of one step of the mid's random walk, and how often it steps. */
  readonly step: number;
  readonly stepProbability: number;
}

export const FAMILIES = {
  one: {
    symbols: 1,
    live: 10_000,
    meanDistance: 53,
    farthest: 1e6,
    step: 1,
    stepProbability: 0.002,
  },
  many: {
    symbols: 32,
    live: 64_000,
    meanDistance: 52,
    farthest: 1e6,
    step: 1,
    stepProbability: 0.002,
  },
  sparse: {
    symbols: 1,
    live: 10_000,
    meanDistance: 9_000,
    farthest: 4e6,
    step: 30,
    stepProbability: 0.01,
  },
  hot: { symbols: 1, live: 19_000, meanDistance: 6, farthest: 11, step: 1, stepProbability: 0 },
} as const satisfies Record<string, Family>;

export type FamilyName = keyof typeof FAMILIES;

/** Shares of commands once the books are full; the rest, about 48 % passive and 31 % cancels, keeps them so. */
const MARKETABLE = 0.1;
const IOC = 0.025;
const MARKET = 0.025;
const REPLACE = 0.05;
const CANCEL_OF_REST = 0.31 / 0.79;
/** How hard the stream steers back to its number of live orders. */
const STEERING = 4;

const START_PRICE = 5_000_000;
const OWNERS = 1000;
const MAKERS_MOST = 12;

/** The workload of a family: `length` commands after the prefill, all a function of the seed. */
export function generate(family: FamilyName, seed: number, length: number): Workload {
  return new Generator(family, seed, length).run();
}

class Generator {
  readonly #family: Family;
  readonly #chance: Chance;
  readonly #workload: Workload;
  readonly #events = new MatchEvents();
  readonly #pool = new OrderPool();
  readonly #books: readonly OrderBook[];
  readonly #mids: number[];
  /** Commands whose orders are live, in no order; and where each is in it. */
  readonly #live: number[] = [];
  readonly #place: Int32Array;
  readonly #refs: Float64Array;
  /** By slot: the command that placed the order. */
  readonly #placedBy: number[] = [];
  #at = 0;

  constructor(name: FamilyName, seed: number, length: number) {
    const family = FAMILIES[name];
    const all = family.live + length;
    this.#family = family;
    this.#chance = new Chance(seed);
    this.#workload = {
      family: name,
      seed,
      symbols: family.symbols,
      prefill: family.live,
      length: all,
      kind: new Uint8Array(all),
      symbol: new Uint8Array(all),
      side: new Uint8Array(all),
      limit: new Int32Array(all),
      quantity: new Int32Array(all),
      target: new Int32Array(all),
      targetRef: new Float64Array(all),
      owner: new Int32Array(all),
      fingerprint: "",
      orders: 0,
      levels: 0,
    };
    this.#books = Array.from(
      { length: family.symbols },
      (_, id) => new OrderBook(this.#pool, this.#events, id),
    );
    this.#mids = this.#books.map(() => START_PRICE);
    this.#place = new Int32Array(all);
    this.#refs = new Float64Array(all);
  }

  run(): Workload {
    const { length, prefill } = this.#workload;
    for (this.#at = 0; this.#at < length; this.#at++) {
      if (this.#at < prefill) this.#passive(this.#symbol());
      else this.#next();
    }
    return {
      ...this.#workload,
      fingerprint: fingerprintOf(this.#workload),
      orders: this.#pool.size,
      levels: this.#books.reduce((sum, book) => sum + levelsOf(book), 0),
    };
  }

  #next(): void {
    const symbol = this.#symbol();
    this.#walk(symbol);
    const dice = this.#chance.next();
    if (dice < MARKETABLE) this.#taking(CommandKind.limit, symbol);
    else if (dice < MARKETABLE + IOC) this.#taking(CommandKind.ioc, symbol);
    else if (dice < MARKETABLE + IOC + MARKET) this.#taking(CommandKind.market, symbol);
    else if (dice < MARKETABLE + IOC + MARKET + REPLACE) this.#replace();
    else if (this.#chance.next() < this.#cancelShare()) this.#cancel();
    else this.#passive(symbol);
  }

  #symbol(): number {
    return this.#chance.integer(this.#family.symbols);
  }

  #cancelShare(): number {
    const { live } = this.#family;
    return CANCEL_OF_REST + (STEERING * (this.#live.length - live)) / live;
  }

  #walk(symbol: number): void {
    const { step, stepProbability } = this.#family;
    if (this.#chance.next() >= stepProbability) return;
    const change = this.#chance.next() < 0.5 ? -step : step;
    this.#mids[symbol] = (this.#mids[symbol] as number) + change;
  }

  #passive(symbol: number): void {
    const side = this.#chance.integer(2);
    const limit = this.#passivePrice(symbol, side);
    this.#record(CommandKind.limit, symbol, side, limit, this.#quantity());
    this.#apply();
  }

  /** On the own side of the mid and of the other side's best. */
  #passivePrice(symbol: number, side: number): number {
    const { meanDistance, farthest } = this.#family;
    const book = this.#books[symbol] as OrderBook;
    const mid = this.#mids[symbol] as number;
    const distance = Math.floor(this.#chance.exponential(meanDistance)) % farthest;
    if (side === 0) return Math.min(mid, book.bestAsk === 0 ? mid : book.bestAsk - 1) - distance;
    return Math.max(mid + 1, book.bestBid + 1) + distance;
  }

  #quantity(): number {
    return Math.ceil(Math.exp(3 + this.#chance.normal()));
  }

  /** An order that takes 1 to 12 makers, the last in part. An IOC asks for more than is there. */
  #taking(kind: number, symbol: number): void {
    const side = this.#chance.integer(2);
    const book = this.#books[symbol] as OrderBook;
    const makers = Math.min(MAKERS_MOST, 1 + Math.floor(this.#chance.exponential(1.5)));
    const share = this.#chance.next();
    let met = 0;
    let quantity = 0;
    let limit = 0;
    book.orders(side === 0 ? "sell" : "buy", (_ref, price, open) => {
      met++;
      limit = price;
      quantity += met === makers ? Math.ceil(open * share) : open;
      return met < makers;
    });
    if (met < makers) {
      this.#passive(symbol);
      return;
    }
    if (kind === CommandKind.ioc) quantity += this.#quantity();
    this.#record(kind, symbol, side, kind === CommandKind.market ? 0 : limit, quantity);
    this.#apply();
  }

  #cancel(): void {
    const target = this.#target();
    this.#record(CommandKind.cancel, this.#workload.symbol[target] as number, 0, 0, 0);
    this.#apply();
  }

  #replace(): void {
    const target = this.#target();
    const symbol = this.#workload.symbol[target] as number;
    const side = this.#workload.side[target] as number;
    const limit = this.#passivePrice(symbol, side);
    this.#record(CommandKind.replace, symbol, side, limit, this.#quantity());
    this.#apply();
  }

  /** Aims the command in hand at any live order. */
  #target(): number {
    const target = this.#live[this.#chance.integer(this.#live.length)] as number;
    this.#workload.target[this.#at] = target;
    this.#workload.targetRef[this.#at] = this.#refs[target] as number;
    return target;
  }

  #record(kind: number, symbol: number, side: number, limit: number, quantity: number): void {
    const { workload, at } = { workload: this.#workload, at: this.#at };
    workload.kind[at] = kind;
    workload.symbol[at] = symbol;
    workload.side[at] = side;
    workload.limit[at] = limit;
    workload.quantity[at] = quantity;
    workload.owner[at] = this.#chance.integer(OWNERS);
  }

  /** Runs the command recorded last on the books, so that later ones can name what is live. */
  #apply(): void {
    const { kind, symbol, targetRef } = this.#workload;
    const book = this.#books[symbol[this.#at] as number] as OrderBook;
    const ref = targetRef[this.#at] as ReturnType<OrderBook["place"]>;
    this.#events.clear();
    if (kind[this.#at] === CommandKind.cancel) book.cancel(ref);
    else if (kind[this.#at] === CommandKind.replace)
      book.replace(ref, orderAt(this.#workload, this.#at));
    else book.place(orderAt(this.#workload, this.#at));
    for (let i = 0; i < this.#events.length; i++) this.#follow(i);
  }

  #follow(event: number): void {
    const ref = this.#events.ref(event);
    const slot = slotOf(ref);
    if (this.#events.kind(event) === MatchKind.rested) {
      this.#refs[this.#at] = ref;
      this.#placedBy[slot] = this.#at;
      this.#place[this.#at] = this.#live.push(this.#at) - 1;
    } else if (slot !== 0 && this.#events.open(event) === 0) {
      this.#forget(this.#placedBy[slot] as number);
    }
  }

  #forget(command: number): void {
    const last = this.#live.pop() as number;
    const place = this.#place[command] as number;
    if (last === command) return;
    this.#live[place] = last;
    this.#place[last] = place;
  }
}

export const SIDES: readonly Side[] = ["buy", "sell"];

/** By kind of command. */
export const TIME_IN_FORCE: readonly TimeInForce[] = ["gtc", "ioc", "ioc", "gtc", "gtc"];

/** The order that a command of the workload places. */
export function orderAt(workload: Workload, at: number): NewOrder {
  const kind = workload.kind[at];
  return {
    side: SIDES[workload.side[at] as number] as Side,
    limit: ticks(workload.limit[at] as number),
    quantity: lots(workload.quantity[at] as number),
    quoteBudget: 0,
    timeInForce: TIME_IN_FORCE[kind as number] as TimeInForce,
    postOnly: false,
    selfTradePrevention: "none",
    owner: workload.owner[at] as number,
    family: workload.owner[at] as number,
    maxFill: lots(0),
    rests: kind !== CommandKind.market,
  };
}

function fingerprintOf(workload: Workload): string {
  const { kind, symbol, side, limit, quantity, target, owner } = workload;
  const fingerprint = new Fingerprint();
  for (const column of [kind, symbol, side, limit, quantity, target, owner]) {
    for (const value of column) fingerprint.add(value);
  }
  return fingerprint.text;
}

function levelsOf(book: OrderBook): number {
  let levels = 0;
  for (const side of SIDES) {
    book.levels(side, () => {
      levels++;
      return true;
    });
  }
  return levels;
}
