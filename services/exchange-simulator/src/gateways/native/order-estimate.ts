import {
  type Amount,
  type AssetId,
  amount,
  type Instrument,
  opposite,
  type PlaceOrder,
  RATE_ONE,
} from "@tse/domain";
import type { VenueView } from "@tse/venue";

/** What an order would trade if it came now, the prices of the book standing still. */
export interface OrderEstimate {
  /** Paid or received in the quote asset, before fees. */
  readonly cost: Amount;
  /** A taker's, in `feeAsset`, rounded up to the next minor unit. */
  readonly fee: Amount;
}

interface Traded {
  readonly lots: bigint;
  readonly tickLots: bigint;
}

const LEVELS_MAX = 1_000;

/** What the buyer receives is base, the seller quote: fees are taken from it. */
export function feeAssetOf({ side }: PlaceOrder, { base, quote }: Instrument): AssetId {
  return side === "buy" ? base : quote;
}

/**
 * A limit order as if all of it traded at its limit, a market order against the best 1,000 levels.
 * `undefined` when there is nothing to estimate: an order off the grid, or nobody to trade with.
 */
export function estimate(
  order: PlaceOrder,
  instrument: Instrument,
  venue: Pick<VenueView, "depth" | "fees">,
): OrderEstimate | undefined {
  const { lots, tickLots } =
    order.type === "limit" ? atLimit(order) : atMarket(order, instrument, venue);
  if (lots === 0n) return undefined;

  const cost = tickLots * BigInt(instrument.minorPerTickLot);
  const received = order.side === "buy" ? lots * BigInt(instrument.minorPerLot) : cost;
  const { taker } = venue.fees(order.account, instrument.id);
  const one = BigInt(RATE_ONE);
  const fee = (received * BigInt(taker) + one - 1n) / one;
  return { cost: amount(cost), fee: amount(fee) };
}

function atLimit({ limit, quantity }: PlaceOrder): Traded {
  const isWhole = limit > 0 && quantity > 0;
  const lots = isWhole ? BigInt(quantity) : 0n;
  return { lots, tickLots: lots * BigInt(limit) };
}

function atMarket(
  { quantity, quoteQuantity, side }: PlaceOrder,
  { id, minorPerTickLot }: Instrument,
  venue: Pick<VenueView, "depth">,
): Traded {
  const budget = quoteQuantity / BigInt(minorPerTickLot);
  let lots = 0n;
  let tickLots = 0n;
  for (const level of venue.depth(id, opposite(side), LEVELS_MAX)) {
    const price = BigInt(level.price);
    const open = BigInt(level.quantity);
    const wanted = quantity > 0 ? BigInt(quantity) - lots : (budget - tickLots) / price;
    const taken = wanted < open ? wanted : open;
    lots += taken;
    tickLots += taken * price;
    if (taken < open) break;
  }
  return { lots, tickLots };
}
