import type { Ticks } from "@tse/domain";

/** Direction of an order or a trade: bought 1, sold -1. */
export type Sign = 1 | -1;

/**
 * The hand of the flow's agents in a market, and their eyes. A slot is one resting order an agent may
 * have; the flow gives each slot at most one live order. A bare simulation implements it on a book,
 * a client of a venue with commands. All calls take effect before they return.
 */
export interface FlowBook {
  /** Best prices in ticks, 0: none; and what they offer in lots. */
  readonly bid: number;
  readonly ask: number;
  readonly bidLots: number;
  readonly askLots: number;

  /** Rests an order in an empty slot; false, and nothing happens, when it would trade or is refused. */
  place(slot: number, sign: Sign, price: number, lots: number): boolean;

  /** Takes the slot's order out. Its slot must be live. */
  cancel(slot: number): void;

  /** Lots of the slot's order; 0 when none is live. */
  open(slot: number): number;

  /** Trades at `worst` or better what it can; the rest expires. Returns the lots traded. `worst` 0: any. */
  take(sign: Sign, worst: number, lots: number): number;
}

/** Told by a `FlowBook` what becomes of the slots' orders, while the call that caused it is under way. */
export interface FillReceiver {
  /** `lots` of the slot's order traded, or left otherwise, and `open` are left; at 0 the slot is empty. */
  filled(slot: number, lots: number, open: number): void;
}

/** What a market tells about itself, in order. Nothing here may trade. */
export interface FlowListener {
  /** One match; the touch is as it was just before the taker's order. */
  trade(trade: FlowTrade): void;

  /** The best prices or what they offer changed. */
  touch(timeUs: number, touch: Touch): void;
}

/** Best prices in ticks, 0: none, and lots there. */
export interface Touch {
  readonly bid: number;
  readonly ask: number;
  readonly bidLots: number;
  readonly askLots: number;
}

/** Reused by the next trade: copy what is kept. */
export interface FlowTrade extends Touch {
  readonly timeUs: number;
  readonly price: Ticks;
  readonly lots: number;
  /** Of the taker. */
  readonly sign: Sign;
}
