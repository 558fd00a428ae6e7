import type {
  AccountNumber,
  Amount,
  Lots,
  OrderSeq,
  SelfTradePrevention,
  Timestamp,
} from "@tse/domain";
import { type OrderRef, slotOf } from "@tse/matching-engine";
import { selfTradeCode, selfTradeOf } from "../events/codes.ts";
import { LIMB, type Money, toAmount } from "../ledger/money.ts";
import type { Incoming } from "./incoming.ts";

/** Doubles of a record. */
const DOUBLES = 8;
const SEQ = 0;
const QUANTITY = 1;
const FILLED_HIGH = 2;
const FILLED_LOW = 3;
const CREATED_AT = 4;
const REF = 5;
/** 32-bit words of a record, in its last two doubles. */
const WORDS = 16;
const ACCOUNT = 12;
const FLAGS = 13;
const NEXT = 14;

const MODE = 7;
const POST_ONLY = 8;
const NAMED = 16;

/**
 * What the venue knows of each live order beyond what the book keeps (side, price, open quantity).
 * One record of 64 bytes beside each of the engine's slots; a slot is valid while its order is live.
 *
 * ```
 * doubles  0 orderSeq  1 quantity  2, 3 filled quote, high and low limb  4 createdAt  5 ref
 * words    12 account  13 self-trade mode + 8 post-only + 16 has a clientOrderId
 *          14 next slot of the same bucket, 0: none
 *
 * buckets  [orderSeq mod their number] ─► slot ─► slot ─► 0
 * ```
 *
 * Orders are found by number through the buckets. Numbers come in a row, so that they spread evenly
 * as they are, and orders of one moment lie side by side.
 */
export class LiveOrders {
  #doubles = new Float64Array(1024 * DOUBLES);
  #words = new Int32Array(this.#doubles.buffer);
  #buckets = new Int32Array(1024);
  #size = 0;
  /** By slot; only orders flagged as named have a valid entry. */
  readonly #clientOrderIds: string[] = [];
  /** By account, then by clientOrderId: the slot. */
  readonly #byClientOrderId: (Map<string, number> | undefined)[] = [];

  /** Makes room for so many orders, which spares growing to that. Before the first one. */
  reserve(orders: number): void {
    this.#growRecords(orders);
    let { length } = this.#buckets;
    while (length < orders) length *= 2;
    this.#buckets = new Int32Array(length);
  }

  /** @param quantity as ordered, less what self-trade prevention took off */
  add(ref: OrderRef, order: Incoming, quantity: number, at: Timestamp): void {
    const slot = slotOf(ref);
    if ((slot + 1) * DOUBLES > this.#doubles.length) this.#growRecords(slot);
    const doubles = this.#doubles;
    const base = slot * DOUBLES;
    doubles[base + SEQ] = order.orderSeq;
    doubles[base + QUANTITY] = quantity;
    doubles[base + FILLED_HIGH] = order.filledQuote.high;
    doubles[base + FILLED_LOW] = order.filledQuote.low;
    doubles[base + CREATED_AT] = at;
    doubles[base + REF] = ref;
    this.#words[slot * WORDS + ACCOUNT] = order.owner;
    this.#words[slot * WORDS + FLAGS] = flagsOf(order);
    this.#link(slot);
    if (order.clientOrderId !== "") this.#name(slot, order.owner, order.clientOrderId);
  }

  /** Forgets the order. */
  remove(slot: number): void {
    if (this.#hasFlag(slot, NAMED)) {
      this.#byClientOrderId[this.account(slot)]?.delete(this.#clientOrderIds[slot] as string);
      this.#clientOrderIds[slot] = "";
    }
    this.#unlink(slot);
  }

  /** The numbers of all live orders, ascending. */
  numbers(): Float64Array {
    const numbers = new Float64Array(this.#size);
    let count = 0;
    for (const first of this.#buckets) {
      for (let slot = first; slot !== 0; slot = this.#words[slot * WORDS + NEXT] as number) {
        numbers[count++] = this.orderSeq(slot);
      }
    }
    return numbers.sort();
  }

  /** Slot of a live order, 0 when it isn't live. */
  find(orderSeq: OrderSeq): number {
    let slot = this.#buckets[this.#bucketOf(orderSeq)] as number;
    while (slot !== 0 && this.#doubles[slot * DOUBLES + SEQ] !== orderSeq) {
      slot = this.#words[slot * WORDS + NEXT] as number;
    }
    return slot;
  }

  findNamed(account: AccountNumber, clientOrderId: string): number {
    return this.#byClientOrderId[account]?.get(clientOrderId) ?? 0;
  }

  orderSeq(slot: number): OrderSeq {
    return this.#doubles[slot * DOUBLES + SEQ] as OrderSeq;
  }

  account(slot: number): AccountNumber {
    return this.#words[slot * WORDS + ACCOUNT] as AccountNumber;
  }

  quantity(slot: number): Lots {
    return this.#doubles[slot * DOUBLES + QUANTITY] as Lots;
  }

  createdAt(slot: number): Timestamp {
    return this.#doubles[slot * DOUBLES + CREATED_AT] as Timestamp;
  }

  ref(slot: number): OrderRef {
    return this.#doubles[slot * DOUBLES + REF] as OrderRef;
  }

  filledQuote(slot: number): Amount {
    const base = slot * DOUBLES;
    const high = this.#doubles[base + FILLED_HIGH] as number;
    return toAmount(high, this.#doubles[base + FILLED_LOW] as number);
  }

  /** Sets `money` to the order's filled quote. */
  readFilledQuote(slot: number, money: Money): void {
    const base = slot * DOUBLES;
    money.high = this.#doubles[base + FILLED_HIGH] as number;
    money.low = this.#doubles[base + FILLED_LOW] as number;
  }

  isPostOnly(slot: number): boolean {
    return this.#hasFlag(slot, POST_ONLY);
  }

  selfTradePrevention(slot: number): SelfTradePrevention {
    return selfTradeOf((this.#words[slot * WORDS + FLAGS] as number) & MODE);
  }

  clientOrderId(slot: number): string {
    return this.#hasFlag(slot, NAMED) ? (this.#clientOrderIds[slot] as string) : "";
  }

  setQuantity(slot: number, quantity: number): void {
    this.#doubles[slot * DOUBLES + QUANTITY] = quantity;
  }

  addFilledQuote(slot: number, money: Money): void {
    const doubles = this.#doubles;
    const at = slot * DOUBLES + FILLED_HIGH;
    const low = (doubles[at + 1] as number) + money.low;
    const carry = low >= LIMB ? 1 : 0;
    doubles[at] = (doubles[at] as number) + money.high + carry;
    doubles[at + 1] = low - carry * LIMB;
  }

  #hasFlag(slot: number, flag: number): boolean {
    return ((this.#words[slot * WORDS + FLAGS] as number) & flag) !== 0;
  }

  #name(slot: number, account: AccountNumber, clientOrderId: string): void {
    while (this.#clientOrderIds.length <= slot) this.#clientOrderIds.push("");
    this.#clientOrderIds[slot] = clientOrderId;
    const named = this.#byClientOrderId[account];
    if (named === undefined) this.#byClientOrderId[account] = new Map([[clientOrderId, slot]]);
    else named.set(clientOrderId, slot);
  }

  #bucketOf(orderSeq: OrderSeq): number {
    return orderSeq & (this.#buckets.length - 1);
  }

  #link(slot: number): void {
    this.#size += 1;
    if (this.#size > this.#buckets.length) this.#growBuckets();
    const bucket = this.#bucketOf(this.orderSeq(slot));
    this.#words[slot * WORDS + NEXT] = this.#buckets[bucket] as number;
    this.#buckets[bucket] = slot;
  }

  #unlink(slot: number): void {
    this.#size -= 1;
    const bucket = this.#bucketOf(this.orderSeq(slot));
    const next = this.#words[slot * WORDS + NEXT] as number;
    let before = this.#buckets[bucket] as number;
    if (before === slot) {
      this.#buckets[bucket] = next;
      return;
    }
    while (this.#words[before * WORDS + NEXT] !== slot) {
      before = this.#words[before * WORDS + NEXT] as number;
    }
    this.#words[before * WORDS + NEXT] = next;
  }

  #growBuckets(): void {
    const old = this.#buckets;
    this.#buckets = new Int32Array(old.length * 2);
    this.#size = 1;
    for (const first of old) {
      for (let slot = first; slot !== 0; ) {
        const next = this.#words[slot * WORDS + NEXT] as number;
        this.#link(slot);
        slot = next;
      }
    }
  }

  #growRecords(slot: number): void {
    let slots = this.#doubles.length / DOUBLES;
    while (slots <= slot) slots *= 2;
    const doubles = new Float64Array(slots * DOUBLES);
    doubles.set(this.#doubles);
    this.#doubles = doubles;
    this.#words = new Int32Array(doubles.buffer);
  }
}

function flagsOf(order: Incoming): number {
  const mode = selfTradeCode(order.selfTradePrevention);
  return mode + (order.postOnly ? POST_ONLY : 0) + (order.clientOrderId === "" ? 0 : NAMED);
}
