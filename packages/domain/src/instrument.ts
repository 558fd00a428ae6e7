import type { Increment } from "./increment.ts";
import type { Amount, AssetId, InstrumentId, Lots, Ticks } from "./units.ts";

/**
 * `trading` takes orders and matches; `halted` and `cancel_only` take cancels only; `delisted` is
 * final and has no live order.
 */
export type InstrumentStatus = "trading" | "halted" | "cancel_only" | "delisted";

/** A share in parts of 10^8: 100_000 is 0.001, ten basis points. */
export type Rate = number;

/** One in the scale of `Rate`. */
export const RATE_ONE = 100_000_000;

/** What may be traded in one instrument, and how. Everything an operator may change at run time. */
export interface TradingRules {
  readonly status: InstrumentStatus;
  /** Smallest and largest quantity of one order. */
  readonly minQuantity: Lots;
  readonly maxQuantity: Lots;
  /** Smallest and largest price × quantity of one order, in the quote asset. */
  readonly minNotional: Amount;
  readonly maxNotional: Amount;
  /** A market order never executes beyond reference × (1 ± band). */
  readonly priceBand: Rate;
  /** A limit price lies between reference × down and reference × up. */
  readonly priceMultiplierDown: Rate;
  readonly priceMultiplierUp: Rate;
  /** Most live orders of one account. */
  readonly maxOpenOrders: number;
  /** Widest normal quote of the simulated makers. */
  readonly maxSpread: Rate;
  readonly makerFee: Rate;
  readonly takerFee: Rate;
}

/**
 * One listed instrument. `tickSize × lotSize` is a whole number of minor units, so that price ×
 * quantity never rounds; `minorPerTickLot` is that number.
 */
export interface Instrument extends TradingRules {
  readonly id: InstrumentId;
  /** `BTC/USD` */
  readonly symbol: string;
  readonly base: AssetId;
  readonly quote: AssetId;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  readonly tickSize: Increment;
  readonly lotSize: Increment;
  /** Minor units of the quote asset that one tick × one lot is worth. */
  readonly minorPerTickLot: number;
  /** Minor units of the base asset in one lot. */
  readonly minorPerLot: number;
  /** Reference price until the first feed price or trade. */
  readonly startPrice: Ticks;
}
