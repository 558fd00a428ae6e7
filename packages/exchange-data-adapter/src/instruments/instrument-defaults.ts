import { amount } from "@tse/domain";
import type { Instrument } from "./instrument.ts";

/** What an instrument has unless something else is said: the schema's defaults. */
export const INSTRUMENT_DEFAULTS = {
  status: "TRADING",
  minNotional: amount(0n),
  priceBand: 20_000_000,
  priceMultiplierUp: 500_000_000,
  priceMultiplierDown: 20_000_000,
  maxOpenOrders: 200,
  maxOpenStopOrders: 5,
  maxSpreadBps: 1_000_000_000,
  makerFeeRate: 100_000,
  takerFeeRate: 100_000,
} as const satisfies Partial<Instrument>;
