import { deflatedTextFrame, formatTime, sseEvent, textFrame } from "@tse/service-kit";
import type { MarketCandle } from "../candles/market-candle.ts";
import type { StreamEvent, TopicItem } from "../fan-out/topic.ts";
import type { Tick } from "../feed/tick.ts";
import { priceText, volumeText } from "../feed/tick.ts";
import { renderCandle, renderLevels, renderSnapshot } from "../render/market.ts";

/** One event as one WebSocket text message, made once for everybody. */
export function socketFrame(event: StreamEvent): Buffer {
  event.encoded.websocket ??= textFrame(JSON.stringify(message(event)));
  return event.encoded.websocket;
}

/** As `socketFrame`, for clients who asked for compression. */
export function deflatedSocketFrame(event: StreamEvent): Buffer {
  event.encoded.deflated ??= deflatedTextFrame(JSON.stringify(message(event)));
  return event.encoded.deflated;
}

/**
 * One price as one server-sent event. Its id is the tick's time, by which an `EventSource` resumes all its symbols at
 * once.
 */
export function priceSse(event: StreamEvent): Buffer {
  event.encoded.sse ??= sse(event);
  return event.encoded.sse;
}

function sse({ topic, item, sequence, timestamp, skipped }: StreamEvent): Buffer {
  const data = { sequence, timestamp: formatTime(timestamp), skipped, ...dataOf(item) };
  const body = JSON.stringify({ asset: assetOf(topic.symbol), data });
  return sseEvent("price", body, timestamp);
}

/** How user interfaces call a symbol: `BTC` for `BTC/USD`, others by their whole name. */
export function assetOf(symbol: string): string {
  return symbol.replace(/\/USD$/, "");
}

function message({ topic, item, sequence, timestamp, skipped, isFirst }: StreamEvent) {
  return {
    ...topic,
    type: isFirst ? "snapshot" : "update",
    sequence,
    timestamp: formatTime(timestamp),
    skipped,
    data: dataOf(item),
  };
}

function dataOf(item: TopicItem): object {
  switch (item.channel) {
    case "price":
      return priceData(item.tick);
    case "candle":
      return candleData(item.candle);
    case "depth":
      return renderLevels(item.depth);
    case "snapshot":
      return renderSnapshot(item.snapshot);
  }
}

/** What every stream says of a tick, its place aside. */
function priceData({ price, bid, ask, volume, source, confidence, terms }: Tick) {
  return {
    price: priceText(price, terms),
    bid: priceText(bid, terms),
    ask: priceText(ask, terms),
    volume: volumeText(volume),
    source,
    confidence,
  };
}

function candleData(candle: MarketCandle) {
  return renderCandle(candle);
}
