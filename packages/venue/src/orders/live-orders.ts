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
import { SeqIndex } from "./seq-index.ts";

const WIDTH = 8;
const SEQ = 0;
const ACCOUNT = 1;
const QUANTITY = 2;
const FILLED_HIGH = 3;
const FILLED_LOW = 4;
const CREATED_AT = 5;
const FLAGS = 6;
const REF = 7;

const POST_ONLY = 8;
const NAMED = 16;

/**
 * What the venue knows of each live order beyond what the book keeps (side, price, open quantity).
 * Columns beside the engine's slots, one line of 64 bytes an order; a slot is valid while its order
 * is live.
 *
 * ```
 * 0 orderSeq   1 account   2 quantity   3 filled quote, high   4 filled quote, low
 * 5 createdAt  6 self-trade mode + 8 post-only + 16 has a clientOrderId   7 ref
 * ```
 */
export class LiveOrders {
  #columns = new Float64Array(1024 * WIDTH);
  readonly #index = new SeqIndex((slot) => this.#columns[slot * WIDTH] as number);
  /** By slot; only orders flagged as named have a valid entry. */
  readonly #clientOrderIds: string[] = [];
  /** By account, then by clientOrderId: the slot. */
  readonly #byClientOrderId: (Map<string, number> | undefined)[] = [];

  get size(): number {
    return this.#index.size;
  }

  /** @param quantity as ordered, less what self-trade prevention took off */
  add(ref: OrderRef, order: Incoming, quantity: number, at: Timestamp): void {
    const slot = slotOf(ref);
    if ((slot + 1) * WIDTH > this.#columns.length) this.#grow(slot);
    const columns = this.#columns;
    const base = slot * WIDTH;
    const isNamed = order.clientOrderId !== "";
    columns[base + SEQ] = order.orderSeq;
    columns[base + ACCOUNT] = order.owner;
    columns[base + QUANTITY] = quantity;
    columns[base + FILLED_HIGH] = order.filledQuote.high;
    columns[base + FILLED_LOW] = order.filledQuote.low;
    columns[base + CREATED_AT] = at;
    columns[base + FLAGS] =
      selfTradeCode(order.selfTradePrevention) +
      (order.postOnly ? POST_ONLY : 0) +
      (isNamed ? NAMED : 0);
    columns[base + REF] = ref;
    this.#index.add(order.orderSeq, slot);
    if (isNamed) this.#name(slot, order.owner, order.clientOrderId);
  }

  /** Forgets the order. */
  remove(slot: number): void {
    if (this.#hasFlag(slot, NAMED)) {
      this.#byClientOrderId[this.account(slot)]?.delete(this.#clientOrderIds[slot] as string);
      this.#clientOrderIds[slot] = "";
    }
    this.#index.remove(this.orderSeq(slot));
  }

  /** Slot of a live order, 0 when it isn't live. */
  find(orderSeq: OrderSeq): number {
    return this.#index.find(orderSeq);
  }

  findNamed(account: AccountNumber, clientOrderId: string): number {
    return this.#byClientOrderId[account]?.get(clientOrderId) ?? 0;
  }

  orderSeq(slot: number): OrderSeq {
    return this.#columns[slot * WIDTH + SEQ] as OrderSeq;
  }

  account(slot: number): AccountNumber {
    return this.#columns[slot * WIDTH + ACCOUNT] as AccountNumber;
  }

  quantity(slot: number): Lots {
    return this.#columns[slot * WIDTH + QUANTITY] as Lots;
  }

  createdAt(slot: number): Timestamp {
    return this.#columns[slot * WIDTH + CREATED_AT] as Timestamp;
  }

  ref(slot: number): OrderRef {
    return this.#columns[slot * WIDTH + REF] as OrderRef;
  }

  filledQuote(slot: number): Amount {
    const base = slot * WIDTH;
    return toAmount(
      this.#columns[base + FILLED_HIGH] as number,
      this.#columns[base + FILLED_LOW] as number,
    );
  }

  isPostOnly(slot: number): boolean {
    return this.#hasFlag(slot, POST_ONLY);
  }

  selfTradePrevention(slot: number): SelfTradePrevention {
    return selfTradeOf((this.#columns[slot * WIDTH + FLAGS] as number) & 7);
  }

  clientOrderId(slot: number): string {
    return this.#hasFlag(slot, NAMED) ? (this.#clientOrderIds[slot] as string) : "";
  }

  setQuantity(slot: number, quantity: number): void {
    this.#columns[slot * WIDTH + QUANTITY] = quantity;
  }

  addFilledQuote(slot: number, money: Money): void {
    const columns = this.#columns;
    const at = slot * WIDTH + FILLED_HIGH;
    const low = (columns[at + 1] as number) + money.low;
    const carry = low >= LIMB ? 1 : 0;
    columns[at] = (columns[at] as number) + money.high + carry;
    columns[at + 1] = low - carry * LIMB;
  }

  #hasFlag(slot: number, flag: number): boolean {
    return ((this.#columns[slot * WIDTH + FLAGS] as number) & flag) !== 0;
  }

  #name(slot: number, account: AccountNumber, clientOrderId: string): void {
    while (this.#clientOrderIds.length <= slot) this.#clientOrderIds.push("");
    this.#clientOrderIds[slot] = clientOrderId;
    const named = this.#byClientOrderId[account];
    if (named === undefined) this.#byClientOrderId[account] = new Map([[clientOrderId, slot]]);
    else named.set(clientOrderId, slot);
  }

  #grow(slot: number): void {
    let slots = this.#columns.length / WIDTH;
    while (slots <= slot) slots *= 2;
    const columns = new Float64Array(slots * WIDTH);
    columns.set(this.#columns);
    this.#columns = columns;
  }
}
