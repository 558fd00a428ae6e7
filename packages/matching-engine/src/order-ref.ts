declare const unit: unique symbol;

/** A place in the slab of resting orders, 1 to 2^28 - 1; 0 is none. Reused when its order is gone. */
export type Slot = number & { readonly [unit]: "slot" };

/**
 * Names one resting order for ever: `generation × 2^28 + slot`, a safe integer above 0. A slot gets
 * a new generation with each order and is retired when they are used up, so no ref is given twice.
 */
export type OrderRef = number & { readonly [unit]: "order ref" };

export const NO_SLOT = 0 as Slot;

/** Stands for "no order": never names one. */
export const NO_ORDER = 0 as OrderRef;

/** Slots end here so that a word's place in the slab, 8 words an order, stays a 32-bit integer. */
export const SLOT_LIMIT = 2 ** 28;

/** Generations are 1 to this - 1: with the slot they fill the 53 bits of a safe integer. */
export const GENERATION_LIMIT = 2 ** 25;

/** Dense and reused: callers may keep columns of their own by slot, valid while the order rests. */
export function slotOf(ref: OrderRef): number {
  return ref & (SLOT_LIMIT - 1);
}

export function refOf(slot: Slot, generation: number): OrderRef {
  return (generation * SLOT_LIMIT + slot) as OrderRef;
}
