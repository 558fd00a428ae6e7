import { type Lots, lots, type Side, type Ticks, ticks } from "@tse/domain";
import type { OrderRef } from "./order-ref.ts";
import { type SideCode, sideOf } from "./sides.ts";

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

const CODE = 0;
const REF = 1;
const OWNER = 2;
const BOOK = 3;
const PRICE = 4;
const QUANTITY = 5;
const OPEN = 6;
const LEVEL_QUANTITY = 7;
const STRIDE = 8;

const SIDE_SHIFT = 4;
const CAUSE_SHIFT = 5;

/**
 * Log of what books did, in order: one record of 64 bytes an event, written into one array that
 * grows when it must and is reused after `clear`. The caller clears it, usually before each command.
 *
 * | kind | order (ref, owner, side) | quantity | open |
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
 * total at that price and side after the event (`Levels` says how it is capped), 0 where no level is touched.
 */
export class MatchEvents {
  #records: Float64Array;
  #end = 0;

  constructor(initialCapacity = 256) {
    this.#records = new Float64Array(Math.max(1, initialCapacity) * STRIDE);
  }

  get length(): number {
    return this.#end / STRIDE;
  }

  get byteLength(): number {
    return this.#records.byteLength;
  }

  clear(): void {
    this.#end = 0;
  }

  kind(index: number): MatchKind {
    return (this.#code(index) & 15) as MatchKind;
  }

  side(index: number): Side {
    return sideOf(((this.#code(index) >> SIDE_SHIFT) & 1) as SideCode);
  }

  /** `none` for every kind but `expired`. */
  cause(index: number): ExpiryCause {
    return (this.#code(index) >> CAUSE_SHIFT) as ExpiryCause;
  }

  ref(index: number): OrderRef {
    return this.#records[index * STRIDE + REF] as OrderRef;
  }

  owner(index: number): number {
    return this.#records[index * STRIDE + OWNER] as number;
  }

  book(index: number): number {
    return this.#records[index * STRIDE + BOOK] as number;
  }

  price(index: number): Ticks {
    return ticks(this.#records[index * STRIDE + PRICE] as number);
  }

  quantity(index: number): Lots {
    return lots(this.#records[index * STRIDE + QUANTITY] as number);
  }

  open(index: number): Lots {
    return lots(this.#records[index * STRIDE + OPEN] as number);
  }

  levelQuantity(index: number): number {
    return this.#records[index * STRIDE + LEVEL_QUANTITY] as number;
  }

  /** For books: starts an event. `about` and `amounts` complete it. */
  begin(kind: MatchKind, side: SideCode, cause: ExpiryCause = ExpiryCause.none): void {
    if (this.#end === this.#records.length) this.#grow();
    this.#records[this.#end + CODE] = kind | (side << SIDE_SHIFT) | (cause << CAUSE_SHIFT);
    this.#end += STRIDE;
  }

  /** For books: which order the event begun is about. */
  about(ref: OrderRef, owner: number, book: number, price: number): void {
    const at = this.#end - STRIDE;
    this.#records[at + REF] = ref;
    this.#records[at + OWNER] = owner;
    this.#records[at + BOOK] = book;
    this.#records[at + PRICE] = price;
  }

  /** For books: how much the event begun moved and what is left. */
  amounts(quantity: number, open: number, levelQuantity: number): void {
    const at = this.#end - STRIDE;
    this.#records[at + QUANTITY] = quantity;
    this.#records[at + OPEN] = open;
    this.#records[at + LEVEL_QUANTITY] = levelQuantity;
  }

  #code(index: number): number {
    return this.#records[index * STRIDE + CODE] as number;
  }

  #grow(): void {
    const records = new Float64Array(this.#records.length * 2);
    records.set(this.#records);
    this.#records = records;
  }
}
