import { BY_SYMBOL, faultType, includes, number } from "./fault.ts";

/** Simulated makers quote `multiplier` times as wide. */
export const spreads = faultType({
  settings: { multiplier: number(0.1, 100).default(2), ...BY_SYMBOL },
  effect: ({ multiplier }, scope) => ({
    spread: (instrument) => (includes(scope.instruments, instrument) ? multiplier : undefined),
  }),
});
