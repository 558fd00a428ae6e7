import { assert, type Lots, type Side, type Ticks } from "@tse/domain";
import {
  MatchEvents,
  MatchKind,
  type NewOrder,
  NO_ORDER,
  OrderBook,
  OrderPool,
  type OrderRef,
  slotOf,
} from "@tse/matching-engine";
import type { FillReceiver, FlowBook, FlowListener, FlowTrade, Sign } from "./flow-book.ts";

export interface EngineFlowBookParts {
  /** Slots that agents use. */
  readonly slots: number;
  readonly listener: FlowListener;
  readonly fills: FillReceiver;
  /** World time that trades are stamped with. */
  readonly nowUs: () => number;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * `FlowBook` straight on a matching engine, for a bare simulation. Orders of others go through
 * `submit` and `cancelOrder`; agents and others meet in one book.
 *
 * Columns: by slot the ref of its live order; by the engine's own slot the agent's slot + 1, or 0 for an
 * order of somebody else.
 */
export class EngineFlowBook implements FlowBook {
  readonly book: OrderBook;
  readonly #pool = new OrderPool(4096);
  readonly #events = new MatchEvents();
  readonly #listener: FlowListener;
  readonly #fills: FillReceiver;
  readonly #refs: Float64Array;
  #agents = new Int32Array(4096);
  readonly #nowUs: () => number;
  bid = 0;
  ask = 0;
  bidLots = 0;
  askLots = 0;
  readonly #resting = newOrder(true);
  readonly #taking = newOrder(false);
  readonly #trade: Writable<FlowTrade> = {
    timeUs: 0,
    price: 0 as Ticks,
    lots: 0,
    sign: 1,
    bid: 0,
    ask: 0,
    bidLots: 0,
    askLots: 0,
  };

  constructor({ slots, listener, fills, nowUs }: EngineFlowBookParts) {
    this.book = new OrderBook(this.#pool, this.#events);
    this.#refs = new Float64Array(slots);
    this.#listener = listener;
    this.#fills = fills;
    this.#nowUs = nowUs;
  }

  open(slot: number): number {
    const ref = this.#refs[slot] as OrderRef;
    return ref === NO_ORDER ? 0 : this.#pool.open(ref);
  }

  place(slot: number, sign: Sign, price: number, lots: number): boolean {
    assert(this.#refs[slot] === NO_ORDER, "a slot has one live order at most");
    const order = this.#resting;
    order.side = sideOf(sign);
    order.limit = price as Ticks;
    order.quantity = lots as Lots;
    this.#events.clear();
    const ref = this.book.place(order);
    if (ref === NO_ORDER) return false;
    this.#refs[slot] = ref;
    this.#mark(slotOf(ref), slot + 1);
    this.#look();
    return true;
  }

  cancel(slot: number): void {
    this.#events.clear();
    const found = this.book.cancel(this.#refs[slot] as OrderRef);
    assert(found, "a cancel names a live order");
    this.#refs[slot] = NO_ORDER;
    this.#look();
  }

  take(sign: Sign, worst: number, lots: number): number {
    const order = this.#taking;
    order.side = sideOf(sign);
    order.limit = worst as Ticks;
    order.quantity = lots as Lots;
    this.#events.clear();
    this.book.place(order);
    return this.#settle(sign);
  }

  /** An order of somebody else. Returns the lots it traded; `ref` is what rests of it. */
  submit(order: NewOrder): { readonly ref: OrderRef; readonly traded: number } {
    this.#events.clear();
    const ref = this.book.place(order);
    if (ref !== NO_ORDER) this.#mark(slotOf(ref), 0);
    return { ref, traded: this.#settle(order.side === "buy" ? 1 : -1) };
  }

  /** False when the order isn't live, or is one of the agents'. */
  cancelOrder(ref: OrderRef): boolean {
    if (!this.#pool.isLive(ref) || this.#agents[slotOf(ref)] !== 0) return false;
    this.#events.clear();
    this.book.cancel(ref);
    this.#look();
    return true;
  }

  /** Passes on what the last order traded; returns how much. */
  #settle(sign: Sign): number {
    const events = this.#events;
    let traded = 0;
    for (let i = 0; i < events.length; i++) {
      if (events.kind(i) !== MatchKind.fill) continue;
      const lots = events.quantity(i);
      traded += lots;
      this.#tellTrade(events.price(i), lots, sign);
      const agent = (this.#agents[events.slot(i)] as number) - 1;
      if (agent < 0) continue;
      const open = events.open(i);
      if (open === 0) this.#refs[agent] = NO_ORDER;
      this.#fills.filled(agent, lots, open);
    }
    if (events.length > 0) this.#look();
    return traded;
  }

  #tellTrade(price: Ticks, lots: number, sign: Sign): void {
    const trade = this.#trade;
    trade.timeUs = this.#nowUs();
    trade.price = price;
    trade.lots = lots;
    trade.sign = sign;
    trade.bid = this.bid;
    trade.ask = this.ask;
    trade.bidLots = this.bidLots;
    trade.askLots = this.askLots;
    this.#listener.trade(trade);
  }

  /** Reads the touch anew and tells when it changed. */
  #look(): void {
    const { book } = this;
    const bid = book.bestBid;
    const ask = book.bestAsk;
    const bidLots = bid === 0 ? 0 : book.levelQuantity("buy", bid);
    const askLots = ask === 0 ? 0 : book.levelQuantity("sell", ask);
    const same =
      bid === this.bid && ask === this.ask && bidLots === this.bidLots && askLots === this.askLots;
    if (same) return;
    this.bid = bid;
    this.ask = ask;
    this.bidLots = bidLots;
    this.askLots = askLots;
    this.#listener.touch(this.#nowUs(), this);
  }

  #mark(engineSlot: number, agent: number): void {
    if (engineSlot >= this.#agents.length) {
      const longer = new Int32Array(Math.max(engineSlot + 1, this.#agents.length * 2));
      longer.set(this.#agents);
      this.#agents = longer;
    }
    this.#agents[engineSlot] = agent;
  }
}

function sideOf(sign: Sign): Side {
  return sign > 0 ? "buy" : "sell";
}

/** Written again for each order: the book reads it and keeps nothing of it. */
function newOrder(rests: boolean): Writable<NewOrder> {
  return {
    side: "buy",
    limit: 0 as Ticks,
    quantity: 0 as Lots,
    quoteBudget: 0,
    timeInForce: rests ? "gtc" : "ioc",
    postOnly: rests,
    selfTradePrevention: "none",
    owner: 0,
    family: 0,
    maxFill: 0 as Lots,
    rests,
  };
}
