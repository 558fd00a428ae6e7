import type { Slot } from "./order-ref.ts";

/**
 * Each owner's resting orders over all books, oldest first: a list through the slots.
 *
 * ```
 * links, by slot     word 0 next      1 previous    8 bytes an order
 * ends,  by owner    word 0 oldest    1 newest      8 bytes an owner
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
    return (this.#ends[2 * owner] ?? 0) as Slot;
  }

  next(slot: Slot): Slot {
    return this.#links[2 * slot] as Slot;
  }

  append(owner: number, slot: Slot): void {
    if (2 * owner >= this.#ends.length || 2 * slot >= this.#links.length) this.#grow(owner, slot);
    const links = this.#links;
    const ends = this.#ends;
    const newest = ends[2 * owner + 1] as Slot;
    links[2 * slot] = 0;
    links[2 * slot + 1] = newest;
    ends[2 * owner + 1] = slot;
    if (newest === 0) ends[2 * owner] = slot;
    else links[2 * newest] = slot;
  }

  #grow(owner: number, slot: Slot): void {
    if (2 * owner >= this.#ends.length) this.#ends = grown(this.#ends, 2 * owner);
    if (2 * slot >= this.#links.length) this.#links = grown(this.#links, 2 * slot);
  }

  remove(owner: number, slot: Slot): void {
    const links = this.#links;
    const next = links[2 * slot] as Slot;
    const previous = links[2 * slot + 1] as Slot;
    if (previous === 0) this.#ends[2 * owner] = next;
    else links[2 * previous] = next;
    if (next === 0) this.#ends[2 * owner + 1] = previous;
    else links[2 * next + 1] = previous;
  }
}

/** A copy, half as long again or more, that has a place for `index` and the one after it. */
function grown(from: Int32Array, index: number): Int32Array {
  const to = new Int32Array(2 * Math.ceil(Math.max(from.length * 0.75, (index + 2) / 2)));
  to.set(from);
  return to;
}
