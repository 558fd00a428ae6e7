import { NO_SLOT, type Slot } from "./order-ref.ts";

/**
 * Each owner's resting orders over all books, oldest first: a list through the slots.
 *
 * ```
 * links, by slot     2 words: next, previous     8 bytes an order
 * ends,  by owner    2 words: oldest, newest     8 bytes an owner
 * ```
 */
export class OwnerLists {
  #links: Int32Array;
  #ends: Int32Array = new Int32Array(2 * 64);

  constructor(capacity: number) {
    this.#links = new Int32Array(2 * capacity);
  }

  get byteLength(): number {
    return this.#links.byteLength + this.#ends.byteLength;
  }

  /** The owner's oldest order, or `NO_SLOT`; also for an owner never seen. */
  first(owner: number): Slot {
    return (this.#ends[2 * owner] ?? NO_SLOT) as Slot;
  }

  next(slot: Slot): Slot {
    return this.#links[2 * slot] as Slot;
  }

  append(owner: number, slot: Slot): void {
    if (2 * owner >= this.#ends.length) this.#ends = grown(this.#ends, 2 * owner);
    if (2 * slot >= this.#links.length) this.#links = grown(this.#links, 2 * slot);
    const newest = this.#ends[2 * owner + 1] as Slot;
    this.#links[2 * slot] = NO_SLOT;
    this.#links[2 * slot + 1] = newest;
    this.#ends[2 * owner + 1] = slot;
    if (newest === NO_SLOT) this.#ends[2 * owner] = slot;
    else this.#links[2 * newest] = slot;
  }

  remove(owner: number, slot: Slot): void {
    const next = this.#links[2 * slot] as Slot;
    const previous = this.#links[2 * slot + 1] as Slot;
    if (previous === NO_SLOT) this.#ends[2 * owner] = next;
    else this.#links[2 * previous] = next;
    if (next === NO_SLOT) this.#ends[2 * owner + 1] = previous;
    else this.#links[2 * next + 1] = previous;
  }
}

/** A copy of at least double the length that has a place for `index` and the one after it. */
function grown(from: Int32Array, index: number): Int32Array {
  let length = from.length;
  while (length < index + 2) length *= 2;
  const to = new Int32Array(length);
  to.set(from);
  return to;
}
