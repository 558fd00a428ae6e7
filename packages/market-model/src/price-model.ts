import type { Instrument, Ticks, Timestamp } from "@tse/domain";

/** Largest price in ticks that a double still counts exactly. */
const MAX_TICKS = Number.MAX_SAFE_INTEGER;
const MINOR_PER_UNIT = 100_000_000;

/**
 * What assets are worth while a world's time passes: one path for each asset, whoever asks and however
 * often. Every way to make prices is one implementation.
 *
 * Values stand on a grid of world time. Between two points of the grid nothing moves, so that one long
 * step and many short ones end at the same values. Deterministic; time never goes back.
 */
export interface PriceModel {
  /** The grid point that the values belong to. */
  readonly time: Timestamp;

  /** Moves on to the newest grid point at or before `time`; does nothing when it stands there. */
  advanceTo(time: Timestamp): void;

  /**
   * Natural logarithm of what one unit of the asset is worth in the unit of account; 0 for the unit of
   * account itself. Always finite. Asking for an asset that the model doesn't know is a bug.
   */
  logValue(asset: string): number;
}

/** What an instrument's price depends on. */
export type PricedInstrument = Pick<Instrument, "baseAsset" | "quoteAsset" | "tickSize">;

/** A model that may know at which side of the spread the newest trade was: `MarketModel.side`. */
type SidedPrices = PriceModel & { side?(asset: string): number };

/**
 * Price of an instrument in whole ticks, at least one: the quotient of what its two assets are worth, so that prices
 * that form a triangle agree to within their rounding.
 *
 * Rounded up to the ask where the newest trade of the base asset bought, down to the bid where it sold, and to the
 * nearest tick where the model knows no sides.
 */
export function instrumentPrice(model: SidedPrices, instrument: PricedInstrument): Ticks {
  const price = Math.exp(
    model.logValue(instrument.baseAsset) - model.logValue(instrument.quoteAsset),
  );
  const exact = (price * MINOR_PER_UNIT) / Number(instrument.tickSize.minor);
  const side = model.side?.(instrument.baseAsset) ?? 0;
  const count = side === 0 ? Math.round(exact) : side > 0 ? Math.ceil(exact) : Math.floor(exact);
  return Math.min(Math.max(count, 1), MAX_TICKS) as Ticks;
}
