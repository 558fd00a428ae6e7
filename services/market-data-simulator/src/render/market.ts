import { type Amount, formatAmount, formatDecimal, type Timestamp } from "@tse/domain";
import { formatTime } from "@tse/service-kit";
import type { Day } from "../candles/day-statistics.ts";
import { averagePrice, type MarketCandle, storedQuoteVolume } from "../candles/market-candle.ts";
import { changeOf, changePercentOf, type Snapshot } from "../fan-out/snapshot.ts";
import type { Depth } from "../feed/depth.ts";
import type { Feed, SymbolState } from "../feed/feed.ts";
import type { SymbolTerms } from "../feed/symbol-terms.ts";
import { priceText, type Tick, volumeText } from "../feed/tick.ts";

/** A symbol's newest price, as every interface with words shows it. */
function renderPrice(tick: Tick, day: Day | undefined, state: SymbolState) {
  const { terms, sequence, source, confidence } = tick;
  return {
    symbol: terms.symbol,
    price: priceText(tick.price, terms),
    bid: priceText(tick.bid, terms),
    ask: priceText(tick.ask, terms),
    volume24h: volumeText(day?.volume ?? 0),
    source,
    confidence,
    sequence,
    state,
    timestamp: formatTime(tick.timestamp),
  };
}

/** `renderPrice` of a symbol now; `undefined` before its first tick. */
export function currentPrice(feed: Feed, symbol: string, now: Timestamp) {
  const tick = feed.latest(symbol);
  return tick && renderPrice(tick, feed.candles(symbol).day(), feed.state(symbol, now));
}

/** A tick in a list of the past. */
export function renderTick(tick: Tick) {
  const { terms, sequence, source, confidence } = tick;
  return {
    sequence,
    timestamp: formatTime(tick.timestamp),
    price: priceText(tick.price, terms),
    bid: priceText(tick.bid, terms),
    ask: priceText(tick.ask, terms),
    volume: volumeText(tick.volume),
    source,
    confidence,
  };
}

export function renderCandle(candle: MarketCandle) {
  const { terms, interval, startTime, endTime, open, high, low, close, isClosed } = candle;
  return {
    interval,
    startTime: formatTime(startTime),
    endTime: formatTime(endTime),
    open: priceText(open, terms),
    high: priceText(high, terms),
    low: priceText(low, terms),
    close: priceText(close, terms),
    volume: volumeText(candle.volume),
    quoteVolume: formatAmount(storedQuoteVolume(candle.quoteVolume, terms) as Amount),
    ticks: candle.ticks,
    isClosed,
  };
}

/** The levels of a reference market, the best `depth` of each side. */
export function renderLevels({ tick, bids, asks }: Depth, depth = bids.length) {
  const { terms } = tick;
  const render = ({ price, size }: Depth["bids"][number]): [string, string] => [
    priceText(price, terms),
    volumeText(size),
  ];
  return { bids: bids.slice(0, depth).map(render), asks: asks.slice(0, depth).map(render) };
}

/** The last 24 hours. */
export function renderDay(day: Day, terms: SymbolTerms, volatility: number | undefined) {
  const { open, high, low, last, volume, quoteVolume, count } = day;
  const average = averagePrice(quoteVolume, volume, terms);
  return {
    symbol: terms.symbol,
    open: priceText(open, terms),
    high: priceText(high, terms),
    low: priceText(low, terms),
    last: priceText(last, terms),
    volume: volumeText(volume),
    quoteVolume: formatAmount(storedQuoteVolume(quoteVolume, terms) as Amount),
    vwap: average === undefined ? null : formatAmount(average as Amount),
    change: signedPrice(changeOf(day), terms),
    changePercent: changePercentOf(day),
    count,
    volatility: volatility ?? null,
  };
}

export function renderSnapshot({ tick, day }: Snapshot) {
  const { terms } = tick;
  return {
    lastPrice: priceText(tick.price, terms),
    bid: priceText(tick.bid, terms),
    ask: priceText(tick.ask, terms),
    spread: priceText(tick.ask - tick.bid, terms),
    volume24h: volumeText(day.volume),
    priceChange24h: signedPrice(changeOf(day), terms),
    priceChangePercent24h: changePercentOf(day),
  };
}

function signedPrice(ticks: number, { tickSize }: SymbolTerms): string {
  const minor = BigInt(ticks) * tickSize.minor;
  return formatDecimal(minor / 10n ** BigInt(8 - tickSize.digits), tickSize.digits);
}
