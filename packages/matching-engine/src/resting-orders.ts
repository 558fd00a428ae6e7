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
 *
 * Places in a record are written as numbers, here and in the other columns: a named constant of a
 * module is checked at each use, which would make these methods too long for V8 to inline them.
 */
export class RestingOrders {
  #words: Int32Array;
  #doubles: Float64Array;
  #free: Slot = NO_SLOT;
  /** Slots from here on were never used. */
  #fresh = 1;

  constructor(capacity: number) {
    const buffer = new ArrayBuffer(capacity * 8 * 4);
    this.#words = new Int32Array(buffer);
    this.#doubles = new Float64Array(buffer);
  }

  get capacity(): number {
    return this.#words.length / 8;
  }

  get byteLength(): number {
    return this.#words.byteLength;
  }

  next(slot: Slot): Slot {
    return this.#words[slot << 3] as Slot;
  }

  previous(slot: Slot): Slot {
    return this.#words[(slot << 3) | 1] as Slot;
  }

  setNext(slot: Slot, next: Slot): void {
    this.#words[slot << 3] = next;
  }

  setPrevious(slot: Slot, previous: Slot): void {
    this.#words[(slot << 3) | 1] = previous;
  }

  /** Puts `after`, which is in no queue, behind the last of one. */
  join(last: Slot, after: Slot): void {
    this.setNext(last, after);
    this.setPrevious(after, last);
  }

  level(slot: Slot): number {
    return this.#words[(slot << 3) | 2] as number;
  }

  owner(slot: Slot): number {
    return this.#words[(slot << 3) | 3] as number;
  }

  family(slot: Slot): number {
    return this.#words[(slot << 3) | 7] as number;
  }

  /** `generation × 2 + side`. */
  mark(slot: Slot): number {
    return this.#words[(slot << 3) | 6] as number;
  }

  side(slot: Slot): SideCode {
    return (this.mark(slot) & 1) as SideCode;
  }

  /** Lots still to be filled, above 0. */
  open(slot: Slot): number {
    return this.#doubles[(slot << 2) | 2] as number;
  }

  setOpen(slot: Slot, open: number): void {
    this.#doubles[(slot << 2) | 2] = open;
  }

  ref(slot: Slot): OrderRef {
    return refOf(slot, this.mark(slot) >> 1);
  }

  /** The slot of a live order, or `NO_SLOT` for any other number: gone, never given, not an integer. */
  find(ref: OrderRef): Slot {
    const slot = slotOf(ref) as Slot;
    if (slot >= this.#fresh || this.level(slot) === 0) return NO_SLOT;
    return this.ref(slot) === ref ? slot : NO_SLOT;
  }

  /** A slot for a new order that is in no queue yet. May grow the slab. */
  take(level: number, side: SideCode, owner: number, family: number): Slot {
    const slot = this.#free === 0 ? this.#fresher() : this.#free;
    const at = slot << 3;
    const words = this.#words;
    this.#free = words[at] as Slot;
    words[at] = 0;
    words[at | 1] = 0;
    words[at | 2] = level;
    words[at | 3] = owner;
    words[at | 6] = (words[at | 6] as number) | side;
    words[at | 7] = family;
    return slot;
  }

  /** Gives the slot back under its next generation; retires it after the last. */
  release(slot: Slot): void {
    const at = slot << 3;
    const words = this.#words;
    const generation = ((words[at | 6] as number) >> 1) + 1;
    words[at | 2] = 0;
    if (generation === GENERATION_LIMIT) return;
    words[at | 6] = generation << 1;
    words[at] = this.#free;
    this.#free = slot;
  }

  /** A slot never used, while no other is free. */
  #fresher(): Slot {
    if (this.#fresh === this.capacity) this.#grow();
    const slot = this.#fresh++ as Slot;
    this.#words[(slot << 3) | 6] = 1 << 1;
    return slot;
  }

  #grow(): void {
    const capacity = Math.ceil(this.capacity * 1.5);
    assert(capacity <= SLOT_LIMIT, "a pool holds fewer than 2^28 resting orders");
    const words = new Int32Array(capacity * 8);
    words.set(this.#words);
    this.#words = words;
    this.#doubles = new Float64Array(words.buffer);
  }
}
