import { BY_SYMBOL, faultType, includes, number } from "./fault.ts";

/** Simulated makers take `reduction_factor` off their sizes: 0.8 leaves a fifth, 1 leaves nothing. */
export const liquidity = faultType({
  settings: { ...BY_SYMBOL, reduction_factor: number(0, 1).default(0.5) },
  effect: ({ reduction_factor }, scope) => ({
    liquidity: (instrument) =>
      includes(scope.instruments, instrument) ? 1 - reduction_factor : undefined,
  }),
});
