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
import type { Digest } from "./digest.ts";
import type { TradeRecord } from "./trade-record.ts";

const FIRST_WORDS = 4096;
const LONGEST = Math.max(...WORDS);

/**
 * What the venue's commands did, in order, until the reader clears it.
 *
 * The frequent kinds are written as words, so that a command allocates nothing; `at` builds the
 * event from them. The rare kinds are kept as the event itself.
 *
 * ```
 * words    kind, fields … │ kind, fields … │ …    one record an event, doubles
 * objects  in order: each rare event, and the order of each order_accepted
 * ```
 *
 * Records differ in length. Reading goes on from the event read last, so that reading in order, which
 * is how events are read, finds each record at once.
 */
export class EventLog implements Iterable<VenueEvent> {
  #words = new Float64Array(FIRST_WORDS);
  #wordCount = 0;
  readonly #objects: (VenueEvent | PlaceOrder | undefined)[] = [];
  #objectCount = 0;
  /** Those of the objects that words don't tell all about. */
  readonly #wordless: (VenueEvent | PlaceOrder)[] = [];
  #length = 0;

  /** Where the record of event `#atIndex` begins, and how many objects come before it. */
  #atIndex = 0;
  #atWord = 0;
  #atObject = 0;

  get length(): number {
    return this.#length;
  }

  at(index: number): VenueEvent {
    if (!(index >= 0 && index < this.#length)) {
      throw new RangeError(`the log holds ${this.#length} events, there is none at ${index}`);
    }
    if (index < this.#atIndex) this.#rewind();
    while (this.#atIndex < index) this.#skip();
    return decode(this.#words, this.#atWord, this.#objects[this.#atObject]);
  }

  /** Every event, in order. */
  read(): VenueEvent[] {
    return this.#readAll(true);
  }

  /**
   * As `read`, without the changes of balances and levels: what was done, and not what it made of the
   * state, where it can be looked up. That leaves less than half of the events.
   */
  readDeeds(): VenueEvent[] {
    return this.#readAll(false);
  }

  *[Symbol.iterator](): IterableIterator<VenueEvent> {
    for (let index = 0; index < this.#length; index++) yield this.at(index);
  }

  /** Takes everything the log holds into a hash. How often the log is cleared makes no difference. */
  addTo(digest: Digest): void {
    digest.addNumbers(this.#words.subarray(0, this.#wordCount));
    for (const object of this.#wordless) digest.addValue(object);
  }

  clear(): void {
    this.#objects.fill(undefined, 0, this.#objectCount);
    this.#objectCount = 0;
    this.#wordless.length = 0;
    this.#wordCount = 0;
    this.#length = 0;
    this.#rewind();
  }

  /** A rare event, as it is. */
  append(event: VenueEvent): void {
    const words = this.#begin();
    words[this.#wordCount++] = KIND.object;
    this.#objects[this.#objectCount++] = event;
    this.#wordless.push(event);
  }

  orderAccepted(orderSeq: number, order: PlaceOrder, replaces: number): void {
    const words = this.#begin();
    this.#objects[this.#objectCount++] = order;
    if (hasMoreThanWords(order)) this.#wordless.push(order);
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
    const words = this.#begin();
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
    const words = this.#begin();
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
    const words = this.#begin();
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
    const words = this.#begin();
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
    const words = this.#begin();
    let to = this.#wordCount;
    words[to++] = kind;
    words[to++] = first;
    words[to++] = second;
    words[to++] = third;
    words[to++] = fourth;
    this.#wordCount = to;
  }

  #readAll(withState: boolean): VenueEvent[] {
    const events: VenueEvent[] = [];
    for (this.#rewind(); this.#atIndex < this.#length; this.#skip()) {
      const kind = this.#words[this.#atWord];
      const isOfState = kind === KIND.balanceChanged || kind === KIND.levelChanged;
      if (isOfState && !withState) continue;
      events.push(decode(this.#words, this.#atWord, this.#objects[this.#atObject]));
    }
    this.#rewind();
    return events;
  }

  /** Begins a record and returns the words, long enough for any kind. */
  #begin(): Float64Array {
    if (this.#wordCount + LONGEST > this.#words.length) this.#grow();
    this.#length += 1;
    return this.#words;
  }

  #grow(): void {
    const words = new Float64Array(this.#words.length * 2);
    words.set(this.#words);
    this.#words = words;
  }

  #skip(): void {
    const kind = this.#words[this.#atWord] as number;
    this.#atWord += WORDS[kind] as number;
    if (kind === KIND.object || kind === KIND.orderAccepted) this.#atObject += 1;
    this.#atIndex += 1;
  }

  #rewind(): void {
    this.#atIndex = 0;
    this.#atWord = 0;
    this.#atObject = 0;
  }
}

/** Whether an accepted order has anything that its words don't tell. */
function hasMoreThanWords(order: PlaceOrder): boolean {
  if (order.clientOrderId !== "" || order.fault !== undefined) return true;
  return order.quantity === 0 && order.quoteQuantity !== 0n;
}

function put(words: Float64Array, to: number, money: Money): number {
  words[to] = money.high;
  words[to + 1] = money.low;
  return to + 2;
}
