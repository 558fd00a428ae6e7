import type { Amount, Instrument } from "@tse/domain";
import type { VenueView } from "@tse/venue";

/** Kept free below the limit: the reference may move between quoting and checking. */
const MARGIN = 0.9;

/** The venue's limit of one order, in the unit of account. */
export interface OrderLimits {
  readonly maxOrderNotional: Amount;
  readonly unitOfAccount: string;
}

/**
 * Lots of the largest order that every rule lets a participant place now: the instrument's maximum
 * size and notional, and the venue's limit in the unit of account.
 *
 * @param maxOrderNotional in the unit of account
 */
export function largestOrder(
  venue: Pick<VenueView, "referencePrice" | "instrumentNamed">,
  instrument: Instrument,
  limit: OrderLimits,
): number {
  const perLot = venue.referencePrice(instrument.id) * instrument.minorPerTickLot;
  const worth = quoteWorth(venue, instrument.quoteAsset, limit.unitOfAccount);
  const byVenue = (Number(limit.maxOrderNotional) * MARGIN) / (perLot * worth);
  const byInstrument = (Number(instrument.maxNotional) * MARGIN) / perLot;
  return Math.max(1, Math.floor(Math.min(instrument.maxQuantity, byVenue, byInstrument)));
}

/** What one unit of an asset is worth in the unit of account; 1 when no instrument tells. */
function quoteWorth(
  venue: Pick<VenueView, "referencePrice" | "instrumentNamed">,
  asset: string,
  unitOfAccount: string,
): number {
  const priced = venue.instrumentNamed(`${asset}/${unitOfAccount}`);
  if (asset === unitOfAccount || priced === undefined) return 1;
  return (venue.referencePrice(priced.id) * Number(priced.tickSize.minor)) / 100_000_000;
}

/** Lots of the smallest order that the instrument takes at its reference price. */
export function smallestOrder(
  venue: Pick<VenueView, "referencePrice">,
  instrument: Instrument,
): number {
  const perLot = venue.referencePrice(instrument.id) * instrument.minorPerTickLot;
  return Math.max(instrument.minQuantity, Math.ceil(Number(instrument.minNotional) / perLot));
}
