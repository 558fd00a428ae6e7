import { z } from "zod";
import { BY_SYMBOL, faultType, includes } from "./fault.ts";

/** Simulated makers quote `multiplier` times as wide. */
export const spreads = faultType({
  settings: { multiplier: z.number().min(0.1).max(100).default(2), ...BY_SYMBOL },
  effect: ({ multiplier }, scope) => ({
    spread: (instrument) => (includes(scope.instruments, instrument) ? multiplier : undefined),
  }),
});
