import { type Level, NO_LEVEL, type Slab } from "./slab.ts";

/** A node has 32 places: five bits of the price choose one. */
const DIGIT_BITS = 5;
const DIGIT_MASK = 31;
/** Prices are cut in two so that 32-bit operations reach all 53 bits: six digits below, five above. */
const LOW_BITS = 30;
const LOW_MASK = 2 ** LOW_BITS - 1;

const OCCUPIED = 0;
const SHIFT = 1;
const PLACES = 2;

/** What a place holds: 0 nothing, above 0 a node, below 0 a level (negated). */
type Child = number;
const NOTHING: Child = 0;

/**
 * The levels of one book in order of price: a radix tree over the price's digits of five bits, in
 * which a node exists only where at least two levels part. So it has fewer nodes than levels
 * whatever the prices are, from 1 to 2^53 - 1, and is as deep as prices differ, eleven at most.
 *
 * ```
 * node, 136 bytes    word 0         1       2 … 33
 *                    occupied       shift   a child for each digit (price >> shift) & 31
 *                    bit a place
 * ```
 *
 * A neighbour is found by the highest or lowest bit of a masked word. Node 0 is never used.
 */
export class PriceIndex {
  readonly #slab: Slab;
  #words = new Int32Array(34 * 8);
  #root: Child = NOTHING;
  #free = 0;
  /** Nodes from here on were never used. */
  #fresh = 1;

  constructor(slab: Slab) {
    this.#slab = slab;
  }

  get byteLength(): number {
    return this.#words.byteLength;
  }

  /** The level at `price`, or `NO_LEVEL`. */
  find(price: number): Level {
    const near = this.near(price);
    return this.#slab.price(near) === price ? near : NO_LEVEL;
  }

  /** A level that shares as many leading digits with `price` as any; `NO_LEVEL` when there is none at all. */
  near(price: number): Level {
    let child = this.#root;
    while (child > 0) {
      const next = this.#child(child, digit(price, this.#shift(child)));
      child = next === NOTHING ? this.#child(child, lowest(this.#occupied(child))) : next;
    }
    return levelIn(child);
  }

  /** Adds a level whose price has none. `near` is what `near(price)` gave. */
  add(level: Level, near: Level): void {
    if (near === NO_LEVEL) {
      this.#root = -level;
      return;
    }
    const price = this.#slab.price(level);
    const parting = partingShift(price, this.#slab.price(near));
    let parent = NOTHING;
    let child = this.#root;
    while (child > 0 && this.#shift(child) > parting) {
      parent = child;
      child = this.#child(child, digit(price, this.#shift(child)));
    }
    if (child > 0 && this.#shift(child) === parting) {
      this.#place(child, digit(price, parting), -level);
      return;
    }
    const node = this.#newNode(parting);
    this.#place(node, digit(this.#slab.price(near), parting), child);
    this.#place(node, digit(price, parting), -level);
    this.#replace(parent, price, node);
  }

  /** Removes a level that is in it. */
  remove(level: Level): void {
    const price = this.#slab.price(level);
    let grandparent = NOTHING;
    let parent = NOTHING;
    let child = this.#root;
    while (child > 0) {
      grandparent = parent;
      parent = child;
      child = this.#child(child, digit(price, this.#shift(child)));
    }
    if (parent === NOTHING) {
      this.#root = NOTHING;
      return;
    }
    const left = this.#vacate(parent, digit(price, this.#shift(parent)));
    if ((left & (left - 1)) !== 0) return;
    this.#replace(grandparent, price, this.#child(parent, lowest(left)));
    this.#releaseNode(parent);
  }

  /** The next level above one that is in it, or `NO_LEVEL`. */
  above(level: Level): Level {
    const price = this.#slab.price(level);
    let turn: Child = NOTHING;
    let turnBits = 0;
    for (let child = this.#root; child > 0; ) {
      const at = digit(price, this.#shift(child));
      const beyond = this.#occupied(child) & (-2 << at);
      if (beyond !== 0) {
        turn = child;
        turnBits = beyond;
      }
      child = this.#child(child, at);
    }
    if (turn === NOTHING) return NO_LEVEL;
    let child = this.#child(turn, lowest(turnBits));
    while (child > 0) child = this.#child(child, lowest(this.#occupied(child)));
    return levelIn(child);
  }

  /** The next level below one that is in it, or `NO_LEVEL`. */
  below(level: Level): Level {
    const price = this.#slab.price(level);
    let turn: Child = NOTHING;
    let turnBits = 0;
    for (let child = this.#root; child > 0; ) {
      const at = digit(price, this.#shift(child));
      const beyond = this.#occupied(child) & ((1 << at) - 1);
      if (beyond !== 0) {
        turn = child;
        turnBits = beyond;
      }
      child = this.#child(child, at);
    }
    if (turn === NOTHING) return NO_LEVEL;
    let child = this.#child(turn, highest(turnBits));
    while (child > 0) child = this.#child(child, highest(this.#occupied(child)));
    return levelIn(child);
  }

  #occupied(node: number): number {
    return this.#words[node * 34 + OCCUPIED] as number;
  }

  #shift(node: number): number {
    return this.#words[node * 34 + SHIFT] as number;
  }

  #child(node: number, at: number): Child {
    return this.#words[node * 34 + PLACES + at] as Child;
  }

  #place(node: number, at: number, child: Child): void {
    const words = this.#words;
    words[node * 34 + PLACES + at] = child;
    words[node * 34 + OCCUPIED] = (words[node * 34 + OCCUPIED] as number) | (1 << at);
  }

  /** Empties a place; returns the bits of those still occupied. */
  #vacate(node: number, at: number): number {
    const left = this.#occupied(node) & ~(1 << at);
    this.#words[node * 34 + PLACES + at] = NOTHING;
    this.#words[node * 34 + OCCUPIED] = left;
    return left;
  }

  /** Puts `child` where `parent` leads for `price`; without a parent it is the root. */
  #replace(parent: number, price: number, child: Child): void {
    if (parent === NOTHING) this.#root = child;
    else this.#words[parent * 34 + PLACES + digit(price, this.#shift(parent))] = child;
  }

  #newNode(shift: number): number {
    let node = this.#free;
    if (node === 0) {
      if (this.#fresh * 34 === this.#words.length) this.#grow();
      node = this.#fresh++;
    } else {
      this.#free = this.#words[node * 34 + PLACES] as number;
      this.#words[node * 34 + PLACES] = NOTHING;
    }
    this.#words[node * 34 + SHIFT] = shift;
    return node;
  }

  /** Gives back a node whose one child moved to its parent. */
  #releaseNode(node: number): void {
    this.#vacate(node, lowest(this.#occupied(node)));
    this.#words[node * 34 + PLACES] = this.#free;
    this.#free = node;
  }

  #grow(): void {
    const words = new Int32Array(34 * Math.ceil(this.#words.length * (1.5 / 34)));
    words.set(this.#words);
    this.#words = words;
  }
}

/** The level in a place without a node. Not `-child`: of nothing that is -0, which is no integer. */
function levelIn(child: Child): Level {
  return (0 - child) as Level;
}

/** Five bits of the price: those from `shift` on, a multiple of 5. */
function digit(price: number, shift: number): number {
  return shift < LOW_BITS
    ? (price >>> shift) & DIGIT_MASK
    : ((price / 2 ** LOW_BITS) >>> (shift - LOW_BITS)) & DIGIT_MASK;
}

/** The shift of the highest digit in which two different prices differ. */
function partingShift(one: number, other: number): number {
  const above = (one / 2 ** LOW_BITS) ^ (other / 2 ** LOW_BITS);
  if (above !== 0) return LOW_BITS + wholeDigits(highest(above));
  return wholeDigits(highest((one ^ other) & LOW_MASK));
}

function wholeDigits(bits: number): number {
  return bits - (bits % DIGIT_BITS);
}

function highest(bits: number): number {
  return 31 - Math.clz32(bits);
}

function lowest(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
