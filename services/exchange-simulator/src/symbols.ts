import type { Instrument } from "@tse/domain";
import type { VenueView } from "@tse/venue";

/**
 * The instrument that a client means: `BTC/USD`, or as paths and older clients write it `BTC-USD`,
 * `BTCUSD`, `BTC%2FUSD`. `undefined` when no instrument is called so.
 */
export function findInstrument(
  venue: Pick<VenueView, "instrumentNamed" | "instruments">,
  text: string,
): Instrument | undefined {
  const symbol = text.replace(/-|%2F/i, "/");
  const named = venue.instrumentNamed(symbol);
  if (named !== undefined || symbol.includes("/")) return named;
  return joined(venue, symbol);
}

/** The instrument called `BTCUSD`: the youngest, as a delisted one may have been called so, too. */
export function joined(
  venue: Pick<VenueView, "instruments">,
  symbol: string,
): Instrument | undefined {
  return venue
    .instruments()
    .findLast(({ baseAsset, quoteAsset }) => baseAsset + quoteAsset === symbol);
}
