import { RATE_ONE } from "@tse/domain";
import { z } from "zod";
import { BY_SYMBOL, faultType, includes } from "./fault.ts";

/** An incoming order fills at most `max_fill_ratio` of its quantity; what is left rests or expires. */
export const partialFills = faultType({
  settings: { max_fill_ratio: z.number().min(0).max(1), ...BY_SYMBOL },
  effect({ max_fill_ratio }, scope) {
    const ratio = Math.round(max_fill_ratio * RATE_ONE);
    return {
      orderFault: ({ instrument }) =>
        includes(scope.instruments, instrument) ? { kind: "max_fill", ratio } : undefined,
    };
  },
});
