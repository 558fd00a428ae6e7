import type { PlaceOrder, VenueEvent } from "@tse/domain";
import type { Money } from "../ledger/money.ts";
import {
  type EndCode,
  KIND,
  selfTradeCode,
  sideCode,
  timeInForceCode,
  typeCode,
  WORDS,
} from "./codes.ts";
import { decode } from "./decode.ts";
import type { TradeRecord } from "./trade-record.ts";

const FIRST_WORDS = 4096;
const FIRST_EVENTS = 512;

/**
 * What the venue's commands did, in order, until the reader clears it.
 *
 * The frequent kinds are written as words, so that a command allocates nothing; `at` builds the
 * event from them. The rare kinds are kept as the event itself.
 *
 * ```
 * words    kind, fields … │ kind, fields … │ …       one record an event, doubles
 * starts   position of each record in words
 * objects  by event: the rare event, or the order of an order_accepted
 * ```
 */
export class EventLog implements Iterable<VenueEvent> {
  #words = new Float64Array(FIRST_WORDS);
  #wordCount = 0;
  #starts = new Float64Array(FIRST_EVENTS);
  #objects: (VenueEvent | PlaceOrder | undefined)[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The words of all records, a view that the next write or `clear` makes invalid. */
  get words(): Float64Array {
    return this.#words.subarray(0, this.#wordCount);
  }

  at(index: number): VenueEvent {
    const start = this.#starts[index];
    if (index < 0 || index >= this.#length || start === undefined) {
      throw new RangeError(`the log holds ${this.#length} events, there is none at ${index}`);
    }
    return decode(this.#words, start, this.#objects[index]);
  }

  /** The rare event at `index`, or the order of an `order_accepted`; `undefined` for the others. */
  objectAt(index: number): VenueEvent | PlaceOrder | undefined {
    return index < this.#length ? this.#objects[index] : undefined;
  }

  *[Symbol.iterator](): IterableIterator<VenueEvent> {
    for (let index = 0; index < this.#length; index++) yield this.at(index);
  }

  clear(): void {
    this.#objects.fill(undefined, 0, Math.min(this.#length, this.#objects.length));
    this.#length = 0;
    this.#wordCount = 0;
  }

  /** A rare event, as it is. */
  append(event: VenueEvent): void {
    const words = this.#record(KIND.object, event);
    words[this.#wordCount++] = KIND.object;
  }

  orderAccepted(orderSeq: number, order: PlaceOrder, replaces: number): void {
    const words = this.#record(KIND.orderAccepted, order);
    let to = this.#wordCount;
    words[to++] = KIND.orderAccepted;
    words[to++] = orderSeq;
    words[to++] = replaces;
    words[to++] = order.account;
    words[to++] = order.instrument;
    words[to++] =
      sideCode(order.side) +
      2 * typeCode(order.type) +
      4 * timeInForceCode(order.timeInForce) +
      16 * selfTradeCode(order.selfTradePrevention) +
      (order.postOnly ? 128 : 0);
    words[to++] = order.limit;
    words[to++] = order.quantity;
    this.#wordCount = to;
  }

  trade(trade: TradeRecord): void {
    const words = this.#record(KIND.trade, undefined);
    let to = this.#wordCount;
    words[to++] = KIND.trade;
    words[to++] = trade.tradeSeq;
    words[to++] = trade.instrument * 2 + sideCode(trade.takerSide);
    words[to++] = trade.price;
    words[to++] = trade.quantity;
    words[to++] = trade.takerOrder;
    words[to++] = trade.makerOrder;
    words[to++] = trade.takerAccount;
    words[to++] = trade.makerAccount;
    to = put(words, to, trade.notional);
    to = put(words, to, trade.takerFee);
    this.#wordCount = put(words, to, trade.makerFee);
  }

  orderClosed(
    orderSeq: number,
    account: number,
    instrument: number,
    end: EndCode,
    left: number,
  ): void {
    const words = this.#record(KIND.orderClosed, undefined);
    let to = this.#wordCount;
    words[to++] = KIND.orderClosed;
    words[to++] = orderSeq;
    words[to++] = account;
    words[to++] = instrument;
    words[to++] = end;
    words[to++] = left;
    this.#wordCount = to;
  }

  /** @param cells available and locked, two limbs each, from `cell` on */
  balanceChanged(account: number, asset: number, cells: Float64Array, cell: number): void {
    const words = this.#record(KIND.balanceChanged, undefined);
    let to = this.#wordCount;
    words[to++] = KIND.balanceChanged;
    words[to++] = account;
    words[to++] = asset;
    words[to++] = cells[cell] as number;
    words[to++] = cells[cell + 1] as number;
    words[to++] = cells[cell + 2] as number;
    words[to++] = cells[cell + 3] as number;
    this.#wordCount = to;
  }

  levelChanged(
    instrument: number,
    side: number,
    price: number,
    quantity: number,
    bookSequence: number,
  ): void {
    const words = this.#record(KIND.levelChanged, undefined);
    let to = this.#wordCount;
    words[to++] = KIND.levelChanged;
    words[to++] = instrument;
    words[to++] = side;
    words[to++] = price;
    words[to++] = quantity;
    words[to++] = bookSequence;
    this.#wordCount = to;
  }

  orderReduced(orderSeq: number, account: number, instrument: number, quantity: number): void {
    this.#four(KIND.orderReduced, orderSeq, account, instrument, quantity);
  }

  selfTradePrevented(
    instrument: number,
    takerOrder: number,
    makerOrder: number,
    quantity: number,
  ): void {
    this.#four(KIND.selfTradePrevented, instrument, takerOrder, makerOrder, quantity);
  }

  #four(kind: number, first: number, second: number, third: number, fourth: number): void {
    const words = this.#record(kind, undefined);
    let to = this.#wordCount;
    words[to++] = kind;
    words[to++] = first;
    words[to++] = second;
    words[to++] = third;
    words[to++] = fourth;
    this.#wordCount = to;
  }

  /** Opens a record of `kind` with its object, and returns the words, long enough for it. */
  #record(kind: number, object: VenueEvent | PlaceOrder | undefined): Float64Array {
    if (this.#wordCount + (WORDS[kind] as number) > this.#words.length)
      this.#words = doubled(this.#words);
    if (this.#length === this.#starts.length) this.#starts = doubled(this.#starts);
    this.#starts[this.#length] = this.#wordCount;
    this.#objects[this.#length] = object;
    this.#length += 1;
    return this.#words;
  }
}

function put(words: Float64Array, to: number, money: Money): number {
  words[to] = money.high;
  words[to + 1] = money.low;
  return to + 2;
}

function doubled(array: Float64Array): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(array.length * 2);
  longer.set(array);
  return longer;
}
