import { assert } from "@tse/domain";
import type { NewOrder } from "./new-order.ts";
import {
  GENERATION_LIMIT,
  NO_SLOT,
  type OrderRef,
  refOf,
  SLOT_LIMIT,
  type Slot,
  slotOf,
} from "./order-ref.ts";
import type { SideCode } from "./sides.ts";

declare const unit: unique symbol;

/** A price level's record, which is also the end of its queue. Reused when the level is empty. */
export type Level = Slot & { readonly [unit]: "level" };

/** Reads as a level with price 0, quantity 0 and no orders. */
export const NO_LEVEL = NO_SLOT as Level;

/**
 * The memory of a pool: its resting orders, the price levels of its books and the ends of its
 * owners' lists, a record of 32 bytes each, all in one array.
 *
 * ```
 * word      0       1         2       3                       4 5        6       7
 * order     next    previous  level   generation × 2 + side   open       list    family
 *           record  record    record                          double     record
 * level     oldest  newest    orders  ~book                   quantity   price
 *           record  record    count                           double     double
 * list                        0                                          owner
 *
 * links     word 0 next or oldest, word 1 previous or newest: 8 bytes a record, of owners' lists
 * ```
 *
 * A level's queue and an owner's list are rings through their own record: a level is the `next` of
 * its newest order and the `previous` of its oldest, so that no link is a case of its own. Nothing
 * is allocated or collected while orders come and go.
 *
 * A level's quantity is the exact sum of its orders up to 2^53 - 1. A larger sum is shown as
 * 2^53 - 1 and counted anew, order by order, when something leaves: it is never off by a rounding.
 *
 * Record 0 is never used. A record that was an order's stays one, a level's a level's. Free ones of
 * each kind have 0 in word 2 and are chained by word 0, last freed first. Word 3 of a level is below
 * 0, and so no safe integer is a ref of it.
 *
 * Places in a record are written as numbers: a named constant of a module is checked at each use,
 * and V8 inlines by length of bytecode. What one command does to a record is one method, however
 * long, for the same reason: each array is then looked up once.
 */
export class Slab {
  #words: Int32Array;
  #doubles: Float64Array;
  #links: Int32Array;
  /** By owner: the record that ends its list, 0 before its first order. */
  #owners = new Int32Array(64);
  #freeOrder = NO_SLOT;
  #freeLevel = NO_SLOT;
  /** Records from here on were never used. */
  #fresh = 1;

  constructor(capacity: number) {
    this.#words = new Int32Array(capacity * 8);
    this.#doubles = new Float64Array(this.#words.buffer);
    this.#links = new Int32Array(capacity * 2);
  }

  get byteLength(): number {
    return this.#words.byteLength + this.#links.byteLength + this.#owners.byteLength;
  }

  /** Makes room for so many records, free ones included. */
  reserve(records: number): void {
    if (records << 3 > this.#words.length) this.#resize(records);
  }

  /** The order behind this one; of the newest, its level. Of a level: its oldest order. */
  next(slot: Slot): Slot {
    return this.#words[slot << 3] as Slot;
  }

  level(slot: Slot): Level {
    return this.#words[(slot << 3) | 2] as Level;
  }

  /** `generation × 2 + side`. */
  mark(slot: Slot): number {
    return this.#words[(slot << 3) | 3] as number;
  }

  side(slot: Slot): SideCode {
    return (this.mark(slot) & 1) as SideCode;
  }

  /** Lots still to be filled, above 0. */
  open(slot: Slot): number {
    return this.#doubles[(slot << 2) | 2] as number;
  }

  owner(slot: Slot): number {
    const list = this.#words[(slot << 3) | 6] as number;
    return this.#words[(list << 3) | 6] as number;
  }

  family(slot: Slot): number {
    return this.#words[(slot << 3) | 7] as number;
  }

  ref(slot: Slot): OrderRef {
    return refOf(slot, this.mark(slot) >>> 1);
  }

  /** The slot of a live order, or `NO_SLOT` for any other number: gone, never given, not an integer. */
  find(ref: OrderRef): Slot {
    const slot = slotOf(ref) as Slot;
    if (slot >= this.#fresh || this.level(slot) === 0) return NO_SLOT;
    return this.ref(slot) === ref ? slot : NO_SLOT;
  }

  /** The same, of an order that is live in that book. */
  findIn(book: number, ref: OrderRef): Slot {
    const slot = slotOf(ref) as Slot;
    if (slot >= this.#fresh) return NO_SLOT;
    const words = this.#words;
    const level = words[(slot << 3) | 2] as Level;
    if (words[(level << 3) | 3] !== ~book) return NO_SLOT;
    return refOf(slot, (words[(slot << 3) | 3] as number) >>> 1) === ref ? slot : NO_SLOT;
  }

  /** The owner's oldest order, or `NO_SLOT`; also for an owner never seen. */
  firstOf(owner: number): Slot {
    return this.#orderAt(this.#links[(this.#owners[owner] ?? 0) << 1] as Slot);
  }

  /** The same owner's next younger order, or `NO_SLOT`. */
  nextOf(slot: Slot): Slot {
    return this.#orderAt(this.#links[slot << 1] as Slot);
  }

  /** The order of a record in an owner's list, or `NO_SLOT` where the list ends. */
  #orderAt(slot: Slot): Slot {
    return this.level(slot) === NO_LEVEL ? NO_SLOT : slot;
  }

  price(level: Level): number {
    return this.#doubles[(level << 2) | 3] as number;
  }

  quantity(level: Level): number {
    return this.#doubles[(level << 2) | 2] as number;
  }

  /** Orders in the level's queue. */
  count(level: Level): number {
    return this.#words[(level << 3) | 2] as number;
  }

  book(level: Level): number {
    return ~(this.#words[(level << 3) | 3] as number);
  }

  /** Whether it is, still, the level of that book at that price. */
  isAt(level: Level, book: number, price: number): boolean {
    return this.price(level) === price && this.book(level) === book;
  }

  /** Writes what an event says of an order and its level; `MatchEvents` has the layout. */
  describe(slot: Slot, words: Int32Array, doubles: Float64Array, at: number): void {
    const own = this.#words;
    const amounts = this.#doubles;
    const word = at << 1;
    const level = own[(slot << 3) | 2] as Level;
    words[word | 1] = own[(slot << 3) | 3] as number;
    words[word | 2] = slot;
    words[word | 3] = ~(own[(level << 3) | 3] as number);
    doubles[at | 2] = amounts[(level << 2) | 3] as number;
    doubles[at | 4] = amounts[(slot << 2) | 2] as number;
    doubles[at | 5] = amounts[(level << 2) | 2] as number;
  }

  /** A new order at the end of its level's queue and its owner's list. May grow the arrays. */
  append(order: NewOrder, side: SideCode, level: Level, open: number): Slot {
    const list = this.#listOf(order.owner);
    const slot = this.#freeOrder === NO_SLOT ? this.#freshOrder() : this.#freeOrder;
    const words = this.#words;
    const doubles = this.#doubles;
    const at = slot << 3;
    const last = words[(level << 3) | 1] as Slot;
    this.#freeOrder = words[at] as Slot;
    words[at] = level;
    words[at | 1] = last;
    words[at | 2] = level;
    words[at | 3] = (words[at | 3] as number) | side;
    words[at | 6] = list;
    words[at | 7] = order.family;
    doubles[(slot << 2) | 2] = open;
    words[last << 3] = slot;
    words[(level << 3) | 1] = slot;
    words[(level << 3) | 2] = (words[(level << 3) | 2] as number) + 1;
    doubles[(level << 2) | 2] = shown((doubles[(level << 2) | 2] as number) + open);
    const links = this.#links;
    const newest = links[(list << 1) | 1] as Slot;
    links[slot << 1] = list;
    links[(slot << 1) | 1] = newest;
    links[newest << 1] = slot;
    links[(list << 1) | 1] = slot;
    return slot;
  }

  /**
   * Takes an order of which nothing is open out of its level's queue and its owner's list, from any
   * place in them, and gives its slot back under the next generation; retires it after the last.
   */
  remove(slot: Slot): void {
    const words = this.#words;
    const at = slot << 3;
    const next = words[at] as Slot;
    const previous = words[at | 1] as Slot;
    const counted = ((words[at | 2] as Level) << 3) | 2;
    const mark = ((words[at | 3] as number) | 1) + 1;
    words[previous << 3] = next;
    words[(next << 3) | 1] = previous;
    words[counted] = (words[counted] as number) - 1;
    words[at | 2] = 0;
    const links = this.#links;
    const younger = links[slot << 1] as Slot;
    const older = links[(slot << 1) | 1] as Slot;
    links[older << 1] = younger;
    links[(younger << 1) | 1] = older;
    if (mark >> 1 === GENERATION_LIMIT) return;
    words[at | 3] = mark;
    words[at] = this.#freeOrder;
    this.#freeOrder = slot;
  }

  /** Takes lots off an order and its level's total. */
  takeOff(slot: Slot, lots: number): void {
    const doubles = this.#doubles;
    const level = this.level(slot);
    const before = doubles[(level << 2) | 2] as number;
    doubles[(slot << 2) | 2] = (doubles[(slot << 2) | 2] as number) - lots;
    doubles[(level << 2) | 2] =
      before === Number.MAX_SAFE_INTEGER ? this.#counted(level) : before - lots;
  }

  /** A new level without orders. May grow the arrays. */
  openLevel(book: number, price: number): Level {
    const level = this.#freeLevel === NO_SLOT ? this.#freshRecord() : this.#freeLevel;
    const words = this.#words;
    const at = level << 3;
    this.#freeLevel = words[at] as Slot;
    words[at] = level;
    words[at | 1] = level;
    words[at | 3] = ~book;
    this.#doubles[(level << 2) | 3] = price;
    return level as Level;
  }

  /** Gives back a level that has no orders. */
  closeLevel(level: Level): void {
    this.#doubles[(level << 2) | 3] = 0;
    this.#words[level << 3] = this.#freeLevel;
    this.#freeLevel = level;
  }

  #counted(level: Level): number {
    let sum = 0;
    let slot = this.next(level);
    while (slot !== level && sum < Number.MAX_SAFE_INTEGER) {
      sum += this.open(slot);
      slot = this.next(slot);
    }
    return shown(sum);
  }

  #listOf(owner: number): Slot {
    const owners = this.#owners;
    if (owner < owners.length && owners[owner] !== 0) return owners[owner] as Slot;
    return this.#newList(owner);
  }

  #newList(owner: number): Slot {
    if (owner >= this.#owners.length) {
      const owners = new Int32Array(Math.max(owner + 1, Math.ceil(this.#owners.length * 1.5)));
      owners.set(this.#owners);
      this.#owners = owners;
    }
    const list = this.#freshRecord();
    this.#words[(list << 3) | 6] = owner;
    this.#links[list << 1] = list;
    this.#links[(list << 1) | 1] = list;
    this.#owners[owner] = list;
    return list;
  }

  #freshOrder(): Slot {
    const slot = this.#freshRecord();
    this.#words[(slot << 3) | 3] = 1 << 1;
    return slot;
  }

  /** A record never used, while no other of its kind is free: all 0. */
  #freshRecord(): Slot {
    if (this.#fresh << 3 === this.#words.length) this.#grow();
    return this.#fresh++ as Slot;
  }

  #grow(): void {
    this.#resize(Math.ceil((this.#words.length / 8) * 1.25));
  }

  #resize(capacity: number): void {
    assert(capacity <= SLOT_LIMIT, "a pool has fewer than 2^28 records");
    const words = new Int32Array(capacity * 8);
    words.set(this.#words);
    this.#words = words;
    this.#doubles = new Float64Array(words.buffer);
    const links = new Int32Array(capacity * 2);
    links.set(this.#links);
    this.#links = links;
  }
}

/** A level's total as it is shown: no more than a number holds exactly. */
function shown(sum: number): number {
  return Math.min(sum, Number.MAX_SAFE_INTEGER);
}
