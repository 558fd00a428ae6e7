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
    return (this.#ends[owner << 1] ?? 0) as Slot;
  }

  next(slot: Slot): Slot {
    return this.#links[slot << 1] as Slot;
  }

  /** Puts an order at the end of its owner's list. */
  append(owner: number, slot: Slot): void {
    if (owner << 1 >= this.#ends.length || slot << 1 >= this.#links.length) this.#grow(owner, slot);
    const links = this.#links;
    const ends = this.#ends;
    const newest = ends[(owner << 1) | 1] as Slot;
    links[slot << 1] = 0;
    links[(slot << 1) | 1] = newest;
    ends[(owner << 1) | 1] = slot;
    if (newest === 0) ends[owner << 1] = slot;
    else links[newest << 1] = slot;
  }

  /** Takes an order out of its owner's list. */
  remove(owner: number, slot: Slot): void {
    const links = this.#links;
    const next = links[slot << 1] as Slot;
    const previous = links[(slot << 1) | 1] as Slot;
    if (previous === 0) this.#ends[owner << 1] = next;
    else links[previous << 1] = next;
    if (next === 0) this.#ends[(owner << 1) | 1] = previous;
    else links[(next << 1) | 1] = previous;
  }

  #grow(owner: number, slot: Slot): void {
    if (owner << 1 >= this.#ends.length) this.#ends = grown(this.#ends, owner << 1);
    if (slot << 1 >= this.#links.length) this.#links = grown(this.#links, slot << 1);
  }
}

/** A copy, half as long again or more, that has a place for `index` and the one after it. */
function grown(from: Int32Array, index: number): Int32Array {
  const to = new Int32Array(2 * Math.ceil(Math.max(from.length * 0.75, (index + 2) / 2)));
  to.set(from);
  return to;
}
