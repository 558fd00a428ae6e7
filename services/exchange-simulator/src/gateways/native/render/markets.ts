import {
  amount,
  formatAmount,
  formatDecimal,
  formatShortest,
  type Instrument,
  type Rate,
  type Side,
  type Ticks,
  type Timestamp,
  textOf,
} from "@tse/domain";
import { formatTime } from "@tse/service-kit";
import type { VenueView } from "@tse/venue";
import type { z } from "zod";
import type { Statistics } from "../../../views/candles.ts";
import type { PublicTrade } from "../../../views/public-trade.ts";
import type { bookReply, instrumentSchema, publicTrade, tickerReply } from "../wire/markets.ts";
import { toWire } from "../wire/words.ts";

const RATE_SCALE = 8;
/** Basis points in one are 10^4. */
const BASIS_POINT_SCALE = 4;

export function renderInstrument(
  instrument: Instrument,
  venue: Pick<VenueView, "feedStale" | "referencePrice">,
): z.output<typeof instrumentSchema> {
  const { tickSize, lotSize } = instrument;
  return {
    symbol: instrument.symbol,
    baseAsset: instrument.baseAsset,
    quoteAsset: instrument.quoteAsset,
    status: toWire(instrument.status),
    marketDataState: marketDataState(instrument, venue),
    tickSize: textOf(1, tickSize),
    lotSize: textOf(1, lotSize),
    minSize: textOf(instrument.minQuantity, lotSize),
    maxSize: textOf(instrument.maxQuantity, lotSize),
    minNotional: formatAmount(instrument.minNotional),
    maxNotional: formatAmount(instrument.maxNotional),
    priceBand: rate(instrument.priceBand),
    priceMultiplierDown: rate(instrument.priceMultiplierDown),
    priceMultiplierUp: rate(instrument.priceMultiplierUp),
    maxOpenOrders: instrument.maxOpenOrders,
    maxSpreadBps: formatShortest(instrument.maxSpread, RATE_SCALE - BASIS_POINT_SCALE),
    makerFeeRate: rate(instrument.makerFee),
    takerFeeRate: rate(instrument.takerFee),
    referencePrice: textOf(venue.referencePrice(instrument.id), tickSize),
  };
}

function rate(value: Rate): string {
  return formatShortest(value, RATE_SCALE);
}

/** Whether the feed still gives the instrument's price. */
export function marketDataState(
  instrument: Instrument,
  venue: Pick<VenueView, "feedStale">,
): "live" | "stale" {
  return venue.feedStale(instrument.id) ? "stale" : "live";
}

export function renderBook(
  instrument: Instrument,
  venue: VenueView,
  depth: number,
  now: Timestamp,
): z.output<typeof bookReply> {
  const { id, symbol, tickSize, lotSize } = instrument;
  const levels = (side: Side): [string, string][] =>
    venue
      .depth(id, side, depth)
      .map(({ price, quantity }) => [textOf(price, tickSize), textOf(quantity, lotSize)]);
  return {
    symbol,
    sequence: venue.bookSequence(id),
    timestamp: formatTime(now),
    bids: levels("buy"),
    asks: levels("sell"),
    marketDataState: marketDataState(instrument, venue),
  };
}

export function renderTrade(
  trade: PublicTrade,
  { tickSize, lotSize }: Instrument,
): z.output<typeof publicTrade> {
  return {
    tradeSeq: trade.tradeSeq,
    price: textOf(trade.price, tickSize),
    quantity: textOf(trade.quantity, lotSize),
    takerSide: toWire(trade.takerSide),
    executedAt: formatTime(trade.executedAt),
  };
}

/** @param day the last 24 hours, `undefined` before the market's first trade */
export function renderTicker(
  instrument: Instrument,
  venue: VenueView,
  day: Statistics | undefined,
  now: Timestamp,
): z.output<typeof tickerReply> {
  const { id, symbol, tickSize, minorPerLot } = instrument;
  const price = (value: Ticks | undefined): string | null =>
    value === undefined || value === 0 ? null : textOf(value, tickSize);
  return {
    symbol,
    timestamp: formatTime(now),
    last: price(day?.last),
    bid: price(venue.bestBid(id)),
    ask: price(venue.bestAsk(id)),
    open: price(day?.open),
    high: price(day?.high),
    low: price(day?.low),
    volume: formatAmount(amount((day?.volume ?? 0n) * BigInt(minorPerLot))),
    quoteVolume: formatAmount(day?.notional ?? amount(0n)),
    change: day === undefined ? null : signedPrice(day.last - day.open, instrument),
    changePercent: day === undefined ? null : percent(day.last - day.open, day.open),
    trades: day?.trades ?? 0,
    marketDataState: marketDataState(instrument, venue),
  };
}

function signedPrice(difference: number, { tickSize }: Instrument): string {
  const size = textOf(Math.abs(difference), tickSize);
  return difference < 0 ? `-${size}` : size;
}

/** In hundredths of a percent, toward zero. */
function percent(difference: number, of: Ticks): string {
  return formatDecimal((BigInt(difference) * 10_000n) / BigInt(of), 2);
}
