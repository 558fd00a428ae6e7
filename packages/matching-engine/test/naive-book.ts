import type { Side } from "@tse/domain";
import type { ExpiryCause, MatchKind, NewOrder } from "../src/index.ts";

export interface NaiveOrder {
  /** Of the command that placed it. */
  readonly id: number;
  readonly side: Side;
  readonly price: number;
  readonly owner: number;
  readonly family: number;
  /** Counts arrivals over all books. */
  readonly age: number;
  open: number;
}

/** An event of the fast book with its order named by id. */
export interface NaiveEvent {
  readonly kind: keyof typeof MatchKind;
  readonly side: Side;
  readonly cause: keyof typeof ExpiryCause;
  readonly id: number;
  readonly price: number;
  readonly quantity: number;
  readonly open: number;
  readonly levelQuantity: number;
}

type Cause = NaiveEvent["cause"];

/** What is left of an incoming order. */
interface Taker {
  left: number;
  budget: bigint;
  allowed: number;
}

/**
 * The order book as one would explain it: a list of orders a side, best first. Slow and obvious;
 * kept for ever as the oracle of the fast one.
 */
export class NaiveBook {
  readonly events: NaiveEvent[];
  readonly bids: NaiveOrder[];
  readonly asks: NaiveOrder[];

  constructor(events: NaiveEvent[], from?: NaiveBook) {
    this.events = events;
    this.bids = (from?.bids ?? []).map((order) => ({ ...order }));
    this.asks = (from?.asks ?? []).map((order) => ({ ...order }));
  }

  /** Returns whether something rests. */
  place(id: number, age: number, order: NewOrder): boolean {
    const makers = this.#queue(order.side === "buy" ? "sell" : "buy");
    if (order.postOnly && makers.some((maker) => crosses(order, maker))) {
      this.#tellIncoming("rejected", order, "none", order.quantity);
      return false;
    }
    if (order.timeInForce === "fok" && this.#wouldTrade(order) < order.quantity) {
      this.#tellIncoming("expired", order, "fokUnfilled", order.quantity);
      return false;
    }
    const { left, cause } = this.#match(makers, order);
    if (cause === "none") return false;
    const stoppedForGood = cause === "selfTrade" || cause === "maxFill" || !order.rests;
    if (stoppedForGood || order.timeInForce !== "gtc") {
      this.#tellIncoming("expired", order, stoppedForGood ? cause : "iocRemainder", left);
      return false;
    }
    this.#rest({ ...order, id, age, price: order.limit, open: left });
    return true;
  }

  cancel(id: number): boolean {
    const order = this.find(id);
    if (order === undefined) return false;
    this.#takeOff(order, order.open, "cancelled");
    return true;
  }

  cancelAllOf(owner: number): number {
    const theirs = this.all().filter((order) => order.owner === owner);
    theirs.sort((one, other) => one.age - other.age);
    for (const order of theirs) this.#takeOff(order, order.open, "cancelled");
    return theirs.length;
  }

  reduce(id: number, open: number): boolean {
    const order = this.find(id);
    if (order === undefined || open <= 0 || open >= order.open) return false;
    this.#takeOff(order, order.open - open, "reduced");
    return true;
  }

  replace(target: number, id: number, age: number, order: NewOrder): boolean {
    const old = this.find(target);
    if (old === undefined) return false;
    const makers = this.#queue(order.side === "buy" ? "sell" : "buy");
    const refused = order.postOnly && makers.some((maker) => crosses(order, maker));
    if (!refused) this.#takeOff(old, old.open, "cancelled");
    return this.place(id, age, order);
  }

  /** Price and lots of what `place(order)` would trade, one entry a price. */
  preview(order: NewOrder): [price: number, lots: number][] {
    const copy = new NaiveBook([], this);
    copy.place(0, 0, order);
    const trades = new Map<number, number>();
    for (const event of copy.events) {
      if (event.kind !== "fill") continue;
      trades.set(event.price, (trades.get(event.price) ?? 0) + event.quantity);
    }
    return [...trades];
  }

  find(id: number): NaiveOrder | undefined {
    return this.all().find((order) => order.id === id);
  }

  all(): NaiveOrder[] {
    return [...this.bids, ...this.asks];
  }

  levelQuantity(side: Side, price: number): number {
    let sum = 0n;
    for (const order of this.#queue(side)) if (order.price === price) sum += BigInt(order.open);
    return Math.min(Number(sum), Number.MAX_SAFE_INTEGER);
  }

  #queue(side: Side): NaiveOrder[] {
    return side === "buy" ? this.bids : this.asks;
  }

  #wouldTrade(order: NewOrder): number {
    const trades = this.preview({ ...order, timeInForce: "ioc" });
    return trades.reduce((sum, [, lots]) => sum + lots, 0);
  }

  #match(makers: readonly NaiveOrder[], order: NewOrder): { left: number; cause: Cause } {
    const taker: Taker = {
      left: order.quantity,
      budget: BigInt(order.quoteBudget),
      allowed: order.maxFill === 0 ? Number.POSITIVE_INFINITY : order.maxFill,
    };
    for (;;) {
      const [maker] = makers;
      const cause = stopBefore(maker, order, taker);
      if (cause !== undefined || maker === undefined)
        return { left: taker.left, cause: cause ?? "none" };
      const { price } = maker;
      if (this.#meet(maker, order, taker)) return { left: taker.left, cause: "selfTrade" };
      if (wanted(order, taker, price) === 0) return { left: taker.left, cause: "none" };
    }
  }

  /** Trades with a maker or prevents it; true when that ends the taker. */
  #meet(maker: NaiveOrder, order: NewOrder, taker: Taker): boolean {
    const own = order.family !== 0 && maker.family === order.family;
    const mode = own ? order.selfTradePrevention : "none";
    const lots = Math.min(wanted(order, taker, maker.price), maker.open);
    switch (mode) {
      case "none":
        this.#trade(maker, order, taker, Math.min(lots, taker.allowed));
        return false;
      case "decrement":
        spend(maker, order, taker, lots);
        this.#takeOff(maker, lots, "decremented");
        return false;
      case "expire_taker":
        return true;
      default:
        this.#takeOff(maker, maker.open, "makerExpired");
        return mode === "expire_both";
    }
  }

  #trade(maker: NaiveOrder, order: NewOrder, taker: Taker, lots: number): void {
    taker.allowed -= lots;
    spend(maker, order, taker, lots);
    this.#takeOff(maker, lots, "fill");
  }

  #rest(order: NaiveOrder): void {
    const queue = this.#queue(order.side);
    const worse = queue.findIndex((other) =>
      order.side === "buy" ? other.price < order.price : other.price > order.price,
    );
    queue.splice(worse === -1 ? queue.length : worse, 0, order);
    this.#tell("rested", order, order.open);
  }

  #takeOff(order: NaiveOrder, lots: number, kind: NaiveEvent["kind"]): void {
    order.open -= lots;
    const queue = this.#queue(order.side);
    if (order.open === 0) queue.splice(queue.indexOf(order), 1);
    this.#tell(kind, order, lots);
  }

  #tell(kind: NaiveEvent["kind"], order: NaiveOrder, quantity: number): void {
    const { side, id, price, open } = order;
    const levelQuantity = this.levelQuantity(side, price);
    this.events.push({
      kind,
      side,
      cause: "none",
      id,
      price,
      quantity,
      open,
      levelQuantity,
    });
  }

  #tellIncoming(kind: NaiveEvent["kind"], order: NewOrder, cause: Cause, quantity: number): void {
    const { side, limit: price } = order;
    this.events.push({
      kind,
      side,
      cause,
      id: 0,
      price,
      quantity,
      open: 0,
      levelQuantity: 0,
    });
  }
}

/** Why the taker doesn't meet the best maker, if it doesn't; `none`: it is done. */
function stopBefore(
  maker: NaiveOrder | undefined,
  order: NewOrder,
  taker: Taker,
): Cause | undefined {
  if (maker === undefined) return "noLiquidity";
  if (!crosses(order, maker)) return "limitReached";
  if (wanted(order, taker, maker.price) === 0) return "none";
  return taker.allowed === 0 ? "maxFill" : undefined;
}

/** Lots it still wants at a price. */
function wanted(order: NewOrder, taker: Taker, price: number): number {
  return order.quoteBudget > 0 ? Number(taker.budget / BigInt(price)) : taker.left;
}

function spend(maker: NaiveOrder, order: NewOrder, taker: Taker, lots: number): void {
  if (order.quoteBudget > 0) taker.budget -= BigInt(lots) * BigInt(maker.price);
  else taker.left -= lots;
}

function crosses(order: NewOrder, maker: NaiveOrder): boolean {
  if (order.limit === 0) return true;
  return order.side === "buy" ? maker.price <= order.limit : maker.price >= order.limit;
}
