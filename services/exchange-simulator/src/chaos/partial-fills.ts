import { RATE_ONE } from "@tse/domain";
import { BY_SYMBOL, faultType, includes, number } from "./fault.ts";

/**
 * An incoming order fills at most `max_fill_ratio` of its quantity, rounded down to a lot, and never less
 * than one lot: 0 lets each order take exactly one. What is left rests or expires.
 */
export const partialFills = faultType({
  settings: {
    max_fill_ratio: number(0, 1).describe("Largest share to fill; one lot is always taken."),
    ...BY_SYMBOL,
  },
  effect({ max_fill_ratio }, scope) {
    const ratio = Math.round(max_fill_ratio * RATE_ONE);
    return {
      orderFault: ({ instrument }) =>
        includes(scope.instruments, instrument) ? { kind: "max_fill", ratio } : undefined,
    };
  },
});
