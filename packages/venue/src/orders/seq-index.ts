const SPREAD = 0x9e3779b1;

/**
 * Finds the slot of a live order by its sequence number: open addressing, at most half full.
 *
 * Only slots are kept; the sequence numbers are read from the column they already have. Entries that
 * follow a removed one move up, so there are no tombstones and the table never needs a clean-up.
 *
 * Sequence numbers are spread by a multiplication. Taken as they are they would fill runs of the
 * table, and a new order would have to walk past a thousand old ones.
 */
export class SeqIndex {
  readonly #seqOf: (slot: number) => number;
  #slots = new Int32Array(1024);
  #shift = 22;
  #size = 0;

  /** @param seqOf sequence number of the order in a slot; slots are above 0 */
  constructor(seqOf: (slot: number) => number) {
    this.#seqOf = seqOf;
  }

  get size(): number {
    return this.#size;
  }

  /** 0: no such order lives. */
  find(seq: number): number {
    const mask = this.#slots.length - 1;
    for (let at = this.#home(seq); ; at = (at + 1) & mask) {
      const slot = this.#slots[at] as number;
      if (slot === 0 || this.#seqOf(slot) === seq) return slot;
    }
  }

  add(seq: number, slot: number): void {
    this.#size += 1;
    if (this.#size * 2 > this.#slots.length) this.#grow();
    this.#put(seq, slot);
  }

  remove(seq: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let hole = this.#home(seq);
    while (this.#seqOf(slots[hole] as number) !== seq) hole = (hole + 1) & mask;

    for (let at = (hole + 1) & mask; slots[at] !== 0; at = (at + 1) & mask) {
      const home = this.#home(this.#seqOf(slots[at] as number));
      const isReachedOverHole = ((at - home) & mask) >= ((at - hole) & mask);
      if (!isReachedOverHole) continue;
      slots[hole] = slots[at] as number;
      hole = at;
    }
    slots[hole] = 0;
    this.#size -= 1;
  }

  #put(seq: number, slot: number): void {
    const mask = this.#slots.length - 1;
    let at = this.#home(seq);
    while (this.#slots[at] !== 0) at = (at + 1) & mask;
    this.#slots[at] = slot;
  }

  #home(seq: number): number {
    return Math.imul(seq, SPREAD) >>> this.#shift;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2);
    this.#shift -= 1;
    for (const slot of old) if (slot !== 0) this.#put(this.#seqOf(slot), slot);
  }
}
