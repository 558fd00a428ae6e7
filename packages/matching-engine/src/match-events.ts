import type { Lots, Side, Ticks } from "@tse/domain";
import type { NewOrder } from "./new-order.ts";
import { NO_SLOT, type OrderRef, refOf, type Slot } from "./order-ref.ts";
import { codeOf, type SideCode, sideOf } from "./sides.ts";
import type { Slab } from "./slab.ts";

/** What happened. Numbers, because they are a column. */
export const MatchKind = {
  /** The incoming order traded with a resting one, at the resting one's price. */
  fill: 1,
  /** Self-trade prevention expired a resting order. */
  makerExpired: 2,
  /** Self-trade prevention took the quantity off the incoming and a resting order, without a trade. */
  decremented: 3,
  /** What was left of the incoming order is in the book. */
  rested: 4,
  cancelled: 5,
  /** A resting order became smaller and kept its place. */
  reduced: 6,
  /** What was left of the incoming order ended; see `ExpiryCause`. */
  expired: 7,
  /** A post-only order would have traded; nothing happened. */
  rejected: 8,
} as const;

export type MatchKind = (typeof MatchKind)[keyof typeof MatchKind];

/** Why what was left of an incoming order expired. */
export const ExpiryCause = {
  none: 0,
  iocRemainder: 1,
  fokUnfilled: 2,
  /** A market order emptied the other side. */
  noLiquidity: 3,
  /** A market order reached its limit. */
  limitReached: 4,
  selfTrade: 5,
  /** It took all it may on arrival and would still cross. */
  maxFill: 6,
} as const;

export type ExpiryCause = (typeof ExpiryCause)[keyof typeof ExpiryCause];

/**
 * Log of what books did, in order: one record of 64 bytes an event, written into one array that
 * grows when it must and is reused after `clear`. The caller clears it, usually before each command.
 *
 * ```
 * word   0                  1     2     3     4 5    6 7       8 9   10 11
 *        kind + 16 × cause  mark  slot  book  price  quantity  open  level's quantity
 *                                             double double    double double
 * ```
 *
 * The mark is `generation × 2 + side`, as orders keep it. What the fields mean:
 *
 * | kind | order (ref, side) | quantity | open |
 * |---|---|---|---|
 * | fill | the maker | traded | the maker's after it, 0: gone |
 * | makerExpired | the maker | expired | 0 |
 * | decremented | the maker | taken off both | the maker's after it, 0: gone |
 * | rested | the incoming, now resting | resting | the same |
 * | cancelled | the cancelled | cancelled | 0 |
 * | reduced | the reduced | taken off | after it |
 * | expired | the incoming, without a ref | left, 0 when sized by budget | 0 |
 * | rejected | the incoming, without a ref | ordered | 0 |
 *
 * `price` is the resting order's; of `expired` and `rejected` the limit. `levelQuantity` is the
 * total at that price and side after the event (`Slab` says how it is capped), 0 where no level is
 * touched. An incoming order that neither rested, expired nor was rejected is done: filled, or, with
 * `decremented` events, taken off to the last lot.
 */
export class MatchEvents {
  #words: Int32Array;
  #doubles: Float64Array;
  #length = 0;

  constructor(initialCapacity = 256) {
    this.#words = new Int32Array(Math.max(1, initialCapacity) * 16);
    this.#doubles = new Float64Array(this.#words.buffer);
  }

  get length(): number {
    return this.#length;
  }

  get byteLength(): number {
    return this.#words.byteLength;
  }

  clear(): void {
    this.#length = 0;
  }

  kind(index: number): MatchKind {
    return ((this.#words[index << 4] as number) & 15) as MatchKind;
  }

  side(index: number): Side {
    return sideOf(((this.#words[(index << 4) | 1] as number) & 1) as SideCode);
  }

  /** `none` for every kind but `expired`. */
  cause(index: number): ExpiryCause {
    return ((this.#words[index << 4] as number) >> 4) as ExpiryCause;
  }

  ref(index: number): OrderRef {
    return refOf(this.slot(index) as Slot, (this.#words[(index << 4) | 1] as number) >> 1);
  }

  /** `slotOf(ref)`, 0 where there is no ref. */
  slot(index: number): number {
    return this.#words[(index << 4) | 2] as number;
  }

  book(index: number): number {
    return this.#words[(index << 4) | 3] as number;
  }

  price(index: number): Ticks {
    return this.#doubles[(index << 3) | 2] as Ticks;
  }

  quantity(index: number): Lots {
    return this.#doubles[(index << 3) | 3] as Lots;
  }

  open(index: number): Lots {
    return this.#doubles[(index << 3) | 4] as Lots;
  }

  levelQuantity(index: number): number {
    return this.#doubles[(index << 3) | 5] as number;
  }

  /** For books: appends an event about a resting order, as it and its level now are. */
  tell(kind: MatchKind, slab: Slab, slot: Slot, lots: number): void {
    if (this.#length << 4 === this.#words.length) this.#grow();
    const at = this.#length++ << 3;
    const words = this.#words;
    const doubles = this.#doubles;
    words[at << 1] = kind;
    doubles[at | 3] = lots;
    slab.describe(slot, words, doubles, at);
  }

  /** For books: appends an event about an incoming order that won't rest. `code` is kind and cause. */
  tellIncoming(code: number, book: number, order: NewOrder, lots: number): void {
    if (this.#length << 4 === this.#words.length) this.#grow();
    const at = this.#length++ << 3;
    const words = this.#words;
    const doubles = this.#doubles;
    words[at << 1] = code;
    words[(at << 1) | 1] = codeOf(order.side);
    words[(at << 1) | 2] = NO_SLOT;
    words[(at << 1) | 3] = book;
    doubles[at | 2] = order.limit;
    doubles[at | 3] = lots;
    doubles[at | 4] = 0;
    doubles[at | 5] = 0;
  }

  #grow(): void {
    const words = new Int32Array(this.#words.length * 2);
    words.set(this.#words);
    this.#words = words;
    this.#doubles = new Float64Array(words.buffer);
  }
}

/** What `tellIncoming` takes for an incoming order that expired. */
export function expiryCode(cause: ExpiryCause): number {
  return MatchKind.expired | (cause << 4);
}
