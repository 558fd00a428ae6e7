import { MONEY_SCALE } from "@tse/domain";
import type { NewCandle, NewMarketSnapshot, NewPriceFeed } from "@tse/market-data-adapter";
import { type MarketCandle, storedQuoteVolume } from "../candles/market-candle.ts";
import { changeOf, changePercentOf, type Snapshot } from "../fan-out/snapshot.ts";
import { storedPrice, storedVolume, type Tick } from "../feed/tick.ts";

/** A tick as it is stored. Its own volume is in the metadata: the column is for the day's. */
export function priceRow(tick: Tick): NewPriceFeed {
  const { terms, sequence, timestamp, source, confidence, volume } = tick;
  return {
    symbol: terms.symbol,
    price: storedPrice(tick.price, terms),
    bid: storedPrice(tick.bid, terms),
    ask: storedPrice(tick.ask, terms),
    source,
    sequence,
    confidence: rate(confidence),
    timestamp,
    metadata: { volume },
  };
}

export function candleRow(candle: MarketCandle): NewCandle {
  const { terms, interval, startTime, endTime, ticks, source, isClosed } = candle;
  return {
    symbol: terms.symbol,
    interval,
    open: storedPrice(candle.open, terms),
    high: storedPrice(candle.high, terms),
    low: storedPrice(candle.low, terms),
    close: storedPrice(candle.close, terms),
    volume: storedVolume(candle.volume),
    quoteVolume: storedQuoteVolume(candle.quoteVolume, terms),
    startTime,
    endTime,
    numTrades: ticks,
    source,
    isClosed,
  };
}

export function snapshotRow({ tick, day }: Snapshot): NewMarketSnapshot {
  const { terms } = tick;
  return {
    symbol: terms.symbol,
    lastPrice: storedPrice(tick.price, terms),
    bid: storedPrice(tick.bid, terms),
    ask: storedPrice(tick.ask, terms),
    spread: storedPrice(tick.ask - tick.bid, terms),
    volume24h: storedVolume(day.volume),
    priceChange24h: BigInt(changeOf(day)) * terms.tickSize.minor,
    priceChangePercent24h: rate(changePercentOf(day)),
    timestamp: tick.timestamp,
  };
}

/** With four digits, in units of 10^-8. */
function rate(value: number): number {
  return Math.round(value * 10_000) * 10 ** (MONEY_SCALE - 4);
}
