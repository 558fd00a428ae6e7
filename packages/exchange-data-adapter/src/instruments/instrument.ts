import type { Amount, Rate, Timestamp } from "@tse/domain";
import type { JsonObject, PageRequest } from "@tse/storage/rows";

/** Something that is held and traded: `BTC`. */
export interface Asset {
  /** 2 to 10 of `A-Z0-9`. */
  readonly asset: string;
  readonly displayName: string | undefined;
  /** Digits after the point that are shown: 0 to 8. */
  readonly decimals: number;
  readonly isActive: boolean;
}

export const INSTRUMENT_STATUSES = ["TRADING", "HALTED", "CANCEL_ONLY", "DELISTED"] as const;
export type InstrumentStatus = (typeof INSTRUMENT_STATUSES)[number];

/**
 * A listed instrument. Sizes and prices are in units of 10^-8. Every rate, bps included, is the
 * column's number times 10^8: a fee of 0.001 is 100_000, ten basis points are 1_000_000_000.
 */
export interface Instrument {
  /** `BTC/USD`: base and quote asset. */
  readonly symbol: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  readonly status: InstrumentStatus;
  /** Times `lotSize` a whole number of 10^-8. */
  readonly tickSize: bigint;
  readonly lotSize: bigint;
  readonly minSize: bigint;
  readonly maxSize: bigint;
  readonly minNotional: Amount;
  /** At most four digits, like the three below. */
  readonly priceBand: Rate;
  readonly priceMultiplierUp: Rate;
  readonly priceMultiplierDown: Rate;
  readonly maxOpenOrders: number;
  readonly maxOpenStopOrders: number;
  readonly maxSpreadBps: Rate;
  readonly makerFeeRate: Rate;
  readonly takerFeeRate: Rate;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
  readonly metadata: JsonObject | undefined;
}

type Required =
  | "symbol"
  | "baseAsset"
  | "quoteAsset"
  | "tickSize"
  | "lotSize"
  | "minSize"
  | "maxSize";

/** What `create` takes; the rest has the schema's defaults. */
export type NewInstrument = Pick<Instrument, Required> &
  Partial<Omit<Instrument, Required | "updatedAt">>;

/** What `update` may change. Steps and assets are for ever. */
export type InstrumentChange = Partial<
  Omit<Instrument, "symbol" | "baseAsset" | "quoteAsset" | "createdAt" | "updatedAt">
>;

/** Sorted by `symbol` (default, ascending), `createdAt`, `updatedAt` or `status`. */
export interface InstrumentQuery extends PageRequest {
  readonly baseAsset?: string;
  readonly quoteAsset?: string;
  readonly status?: InstrumentStatus | readonly InstrumentStatus[];
}

/** Fees of the accounts of one tier, in one instrument or, as `*`, in every other. */
export interface FeeTier {
  readonly tier: string;
  readonly symbol: string;
  readonly makerFeeRate: Rate;
  readonly takerFeeRate: Rate;
}
