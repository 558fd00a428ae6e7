import { assert } from "@tse/domain";
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

/** Words of an order's record. The quantity takes two, read as one double. */
const NEXT = 0;
const PREVIOUS = 1;
const LEVEL = 2;
const OWNER = 3;
const MARK = 6;
const FAMILY = 7;
const WORDS = 8;
const DOUBLES = WORDS / 2;
const OPEN = 2;

/**
 * The slab: every resting order of every book of a pool, one record of 32 bytes a slot.
 *
 * ```
 * word   0      1         2      3      4    5    6                       7
 *        next   previous  level  owner  open      generation × 2 + side   family
 *        slot   slot      0 free        double, lots
 * ```
 *
 * An order lies in one cache line, and nothing is allocated or collected while orders come and go.
 * Slot 0 is never used, so 0 ends every list. Free slots are chained by `next`, last freed first.
 */
export class RestingOrders {
  #words: Int32Array;
  #doubles: Float64Array;
  #free: Slot = NO_SLOT;
  /** Slots from here on were never used. */
  #fresh = 1;
  #size = 0;

  constructor(capacity: number) {
    const buffer = new ArrayBuffer(capacity * WORDS * 4);
    this.#words = new Int32Array(buffer);
    this.#doubles = new Float64Array(buffer);
  }

  get size(): number {
    return this.#size;
  }

  get capacity(): number {
    return this.#words.length / WORDS;
  }

  get byteLength(): number {
    return this.#words.byteLength;
  }

  next(slot: Slot): Slot {
    return this.#words[slot * WORDS + NEXT] as Slot;
  }

  previous(slot: Slot): Slot {
    return this.#words[slot * WORDS + PREVIOUS] as Slot;
  }

  /** Makes `after` follow `before` in their queue; either may be `NO_SLOT`, an end of it. */
  link(before: Slot, after: Slot): void {
    if (before !== NO_SLOT) this.#words[before * WORDS + NEXT] = after;
    if (after !== NO_SLOT) this.#words[after * WORDS + PREVIOUS] = before;
  }

  level(slot: Slot): number {
    return this.#words[slot * WORDS + LEVEL] as number;
  }

  owner(slot: Slot): number {
    return this.#words[slot * WORDS + OWNER] as number;
  }

  family(slot: Slot): number {
    return this.#words[slot * WORDS + FAMILY] as number;
  }

  side(slot: Slot): SideCode {
    return ((this.#words[slot * WORDS + MARK] as number) & 1) as SideCode;
  }

  /** Lots still to be filled, above 0. */
  open(slot: Slot): number {
    return this.#doubles[slot * DOUBLES + OPEN] as number;
  }

  setOpen(slot: Slot, open: number): void {
    this.#doubles[slot * DOUBLES + OPEN] = open;
  }

  ref(slot: Slot): OrderRef {
    return refOf(slot, (this.#words[slot * WORDS + MARK] as number) >> 1);
  }

  /** The slot of a live order, or `NO_SLOT` for any other number: gone, never given, not an integer. */
  find(ref: OrderRef): Slot {
    const slot = slotOf(ref) as Slot;
    if (slot >= this.#fresh || this.level(slot) === 0) return NO_SLOT;
    return this.ref(slot) === ref ? slot : NO_SLOT;
  }

  /** A slot for a new order, in no queue yet. May grow the slab. */
  take(level: number, side: SideCode, open: number, owner: number, family: number): Slot {
    const slot = this.#vacant();
    const at = slot * WORDS;
    const words = this.#words;
    words[at + NEXT] = NO_SLOT;
    words[at + PREVIOUS] = NO_SLOT;
    words[at + LEVEL] = level;
    words[at + OWNER] = owner;
    words[at + MARK] = (words[at + MARK] as number) | side;
    words[at + FAMILY] = family;
    this.#doubles[slot * DOUBLES + OPEN] = open;
    this.#size++;
    return slot;
  }

  /** Gives the slot back under its next generation; retires it after the last. */
  release(slot: Slot): void {
    const at = slot * WORDS;
    const words = this.#words;
    const generation = ((words[at + MARK] as number) >> 1) + 1;
    words[at + LEVEL] = 0;
    this.#size--;
    if (generation === GENERATION_LIMIT) return;
    words[at + MARK] = generation << 1;
    words[at + NEXT] = this.#free;
    this.#free = slot;
  }

  #vacant(): Slot {
    const free = this.#free;
    if (free !== NO_SLOT) {
      this.#free = this.next(free);
      return free;
    }
    if (this.#fresh === this.capacity) this.#grow();
    const slot = this.#fresh++ as Slot;
    this.#words[slot * WORDS + MARK] = 1 << 1;
    return slot;
  }

  #grow(): void {
    const capacity = this.capacity * 2;
    assert(capacity <= SLOT_LIMIT, "a pool holds fewer than 2^28 resting orders");
    const words = new Int32Array(capacity * WORDS);
    words.set(this.#words);
    this.#words = words;
    this.#doubles = new Float64Array(words.buffer);
  }
}
