import { formatShortest, type Instrument } from "@tse/domain";
import type { VenueView } from "@tse/venue";
import { amountText, priceText, quantityText } from "./numbers.ts";

const RATE_SCALE = 8;

/**
 * The rules of an instrument as this dialect's filters, each with the numbers that the venue checks now.
 * The largest price is what a count of ticks can hold; PERCENT_PRICE_BY_SIDE is far below it.
 */
export function filtersOf(
  instrument: Instrument,
  venue: Pick<VenueView, "largestNotional">,
): readonly object[] {
  const { minQuantity, maxQuantity, minNotional } = instrument;
  const lot = {
    minQty: quantityText(instrument, minQuantity),
    maxQty: quantityText(instrument, maxQuantity),
    stepSize: quantityText(instrument, 1),
  };
  const up = formatShortest(instrument.priceMultiplierUp, RATE_SCALE);
  const down = formatShortest(instrument.priceMultiplierDown, RATE_SCALE);
  return [
    {
      filterType: "PRICE_FILTER",
      minPrice: priceText(instrument, 1),
      maxPrice: priceText(instrument, Number.MAX_SAFE_INTEGER),
      tickSize: priceText(instrument, 1),
    },
    { filterType: "LOT_SIZE", ...lot },
    { filterType: "MARKET_LOT_SIZE", ...lot },
    {
      filterType: "PERCENT_PRICE_BY_SIDE",
      bidMultiplierUp: up,
      bidMultiplierDown: down,
      askMultiplierUp: up,
      askMultiplierDown: down,
      avgPriceMins: 0,
    },
    {
      filterType: "NOTIONAL",
      minNotional: amountText(minNotional),
      applyMinToMarket: true,
      maxNotional: amountText(venue.largestNotional(instrument.id)),
      applyMaxToMarket: true,
      avgPriceMins: 0,
    },
    { filterType: "MAX_NUM_ORDERS", maxNumOrders: instrument.maxOpenOrders },
  ];
}
