import type { Instrument, Ticks, Timestamp } from "@tse/domain";
import type { Level } from "@tse/venue";
import type { Candle, Statistics } from "../../views/candles.ts";
import type { PublicTrade } from "../../views/public-trade.ts";
import {
  amountText,
  milliseconds,
  priceText,
  quantityText,
  quotientText,
  ZERO,
} from "./numbers.ts";
import { symbolOf } from "./symbols.ts";

/** Best price of each side; `undefined` where there is none. */
export interface Touch {
  readonly bid: Level | undefined;
  readonly ask: Level | undefined;
}

export const levelReply = (instrument: Instrument, { price, quantity }: Level): object => [
  priceText(instrument, price),
  quantityText(instrument, quantity),
];

export function touchReply(instrument: Instrument, { bid, ask }: Touch): object {
  const price = (level: Level | undefined): string =>
    level === undefined ? ZERO : priceText(instrument, level.price);
  const quantity = (level: Level | undefined): string =>
    level === undefined ? ZERO : quantityText(instrument, level.quantity);
  return {
    bidPrice: price(bid),
    bidQty: quantity(bid),
    askPrice: price(ask),
    askQty: quantity(ask),
  };
}

export function tradeReply(instrument: Instrument, trade: PublicTrade): object {
  return {
    id: trade.tradeSeq,
    price: priceText(instrument, trade.price),
    qty: quantityText(instrument, trade.quantity),
    quoteQty: amountText(trade.notional),
    time: milliseconds(trade.executedAt),
    isBuyerMaker: trade.takerSide === "sell",
    isBestMatch: true,
  };
}

export function candleReply(instrument: Instrument, candle: Candle): object {
  return [
    milliseconds(candle.openTime),
    priceText(instrument, candle.open),
    priceText(instrument, candle.high),
    priceText(instrument, candle.low),
    priceText(instrument, candle.close),
    quantityText(instrument, candle.volume),
    milliseconds(candle.closeTime) - 1,
    amountText(candle.notional),
    candle.trades,
    quantityText(instrument, candle.takerBuyVolume),
    amountText(candle.takerBuyNotional),
    "0",
  ];
}

export interface DayTicker {
  readonly instrument: Instrument;
  /** `undefined` before the first trade: everything is zero then. */
  readonly day: Statistics | undefined;
  readonly touch: Touch;
  readonly now: Timestamp;
}

/** @param type `MINI` leaves out what follows from the rest, and the touch */
export function dayReply(
  { instrument, day, touch, now }: DayTicker,
  type: "FULL" | "MINI",
): object {
  const price = (ticks: Ticks | undefined): string => priceText(instrument, ticks ?? 0);
  const range = {
    openPrice: price(day?.open),
    highPrice: price(day?.high),
    lowPrice: price(day?.low),
    lastPrice: price(day?.last),
  };
  const totals = {
    volume: quantityText(instrument, day?.volume ?? 0),
    quoteVolume: day === undefined ? ZERO : amountText(day.notional),
    openTime: milliseconds(day?.openTime ?? now),
    closeTime: milliseconds(day?.closeTime ?? now),
    firstId: day?.firstTrade ?? -1,
    lastId: day?.lastTrade ?? -1,
    count: day?.trades ?? 0,
  };
  const symbol = symbolOf(instrument);
  if (type === "MINI") return { symbol, ...range, ...totals };
  return {
    symbol,
    priceChange: day === undefined ? ZERO : priceText(instrument, day.last - day.open),
    priceChangePercent: day === undefined ? "0.000" : percentText(day.last - day.open, day.open),
    weightedAvgPrice: day === undefined ? ZERO : averagePrice(instrument, day),
    prevClosePrice: price(day?.previousClose),
    lastQty: quantityText(instrument, day?.lastQuantity ?? 0),
    ...touchReply(instrument, touch),
    ...range,
    ...totals,
  };
}

/** Money traded per unit of base; the last price where nothing was traded. */
export function averagePrice(instrument: Instrument, statistics: Statistics): string {
  const { volume, notional, last } = statistics;
  if (volume === 0n) return priceText(instrument, last);
  return quotientText(notional, volume * BigInt(instrument.minorPerLot), 8);
}

function percentText(change: number, from: Ticks): string {
  return quotientText(BigInt(change) * 100n, BigInt(from), 3);
}
