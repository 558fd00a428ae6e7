/**
 * Numbers with a unit. A brand costs nothing at run time and keeps a price from being passed for a
 * quantity at compile time; arithmetic gives a plain number, which is nothing until it is given its
 * unit again. All are integers; a fraction exists only as text, at the edge.
 */
declare const unit: unique symbol;
type Branded<Base, Unit extends string> = Base & { readonly [unit]: Unit };

/** A price as a count of the instrument's tick size: 0 (market orders: no limit) to 2^53 - 1. */
export type Ticks = Branded<number, "ticks">;

/** A quantity as a count of the instrument's lot size: 0 to 2^53 - 1. */
export type Lots = Branded<number, "lots">;

/** Money of one asset in minor units of 10^-8. Unbounded and exact; may be negative only as a difference. */
export type Amount = Branded<bigint, "amount">;

/** World time in whole microseconds since 1970-01-01T00:00:00Z. Exact until the year 2255. */
export type Timestamp = Branded<number, "microseconds">;

/** A length of time in whole microseconds. */
export type Duration = Branded<number, "duration">;

/** A venue's dense number of an account: 0 is the venue itself, customers start at 1. Never reused. */
export type AccountNumber = Branded<number, "account">;

/** A venue's dense number of an instrument, from 0 in order of listing. Never reused. */
export type InstrumentId = Branded<number, "instrument">;

/** A venue's dense number of an asset, from 0 in order of listing. Never reused. */
export type AssetId = Branded<number, "asset">;

/** A venue's number of an order: 1, 2, 3, … in order of arrival, over all instruments. Never reused. */
export type OrderSeq = Branded<number, "order">;

/** A venue's number of a trade: 1, 2, 3, … in order of execution, over all instruments. */
export type TradeSeq = Branded<number, "trade">;

/** Position of a command in the venue's journal: 1, 2, 3, … without a gap. */
export type Sequence = Branded<number, "sequence">;

export const ticks = (count: number): Ticks => count as Ticks;
export const lots = (count: number): Lots => count as Lots;
export const amount = (minorUnits: bigint): Amount => minorUnits as Amount;
export const timestamp = (microseconds: number): Timestamp => microseconds as Timestamp;
export const duration = (microseconds: number): Duration => microseconds as Duration;

/** Digits after the point that money keeps: one minor unit is 10^-8 of an asset. */
export const MONEY_SCALE = 8;

/**
 * Stands for a price or quantity that a client sent and that isn't a whole number of ticks or lots.
 * The gateway can't refuse it, because earlier checks go first; the venue does, in its turn.
 */
export const OFF_GRID = -1;
