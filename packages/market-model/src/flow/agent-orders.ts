import type { FlowBook, Sign } from "./flow-book.ts";

/**
 * The resting orders of all agents, by slot: at most one live order a slot, so that their number is
 * bounded. Columns: price in ticks, 0 where no order lives; direction.
 */
export class AgentOrders {
  readonly #prices: Float64Array;
  readonly #signs: Int8Array;
  readonly #book: FlowBook;

  constructor(slots: number, book: FlowBook) {
    this.#prices = new Float64Array(slots);
    this.#signs = new Int8Array(slots);
    this.#book = book;
  }

  get live(): number {
    let live = 0;
    for (const price of this.#prices) if (price !== 0) live++;
    return live;
  }

  /** 0: no order lives in the slot. */
  price(slot: number): number {
    return this.#prices[slot] as number;
  }

  sign(slot: number): Sign {
    return this.#signs[slot] as Sign;
  }

  /** Rests an order in an empty slot, unless it has no size, no price, or would trade. */
  place(slot: number, sign: Sign, price: number, lots: number): void {
    if (!(lots >= 1 && price >= 1)) return;
    this.#prices[slot] = price;
    this.#signs[slot] = sign;
    if (!this.#book.place(slot, sign, price, lots)) this.#prices[slot] = 0;
  }

  cancel(slot: number): void {
    if (this.#prices[slot] === 0) return;
    this.#prices[slot] = 0;
    this.#book.cancel(slot);
  }

  /** One of them traded, or left otherwise, and `open` lots are left. */
  filled(slot: number, open: number): void {
    if (open === 0) this.#prices[slot] = 0;
  }

  /** The slot with the best price of `sign` that is beyond `bound`, among `from` to `to` - 1; -1: none. */
  bestBeyond(sign: Sign, bound: number, from: number, to: number): number {
    let found = -1;
    let best = bound;
    for (let slot = from; slot < to; slot++) {
      const price = this.#prices[slot] as number;
      if (price === 0 || this.#signs[slot] !== sign || (price - best) * sign <= 0) continue;
      best = price;
      found = slot;
    }
    return found;
  }
}
