import { formatTime, type HttpHost } from "@tse/service-kit";
import { count, text } from "@tse/service-kit/schema";
import { z } from "zod";
import type { Tick } from "../feed/tick.ts";
import { priceText, volumeText } from "../feed/tick.ts";
import type { TickLog } from "../feed/tick-log.ts";
import { currentPrice, renderCandle } from "../render/market.ts";
import { assetOf } from "../streams/event-text.ts";
import { type HistoryDeps, stored } from "./history-routes.ts";
import { renderDepth, symbolNamed } from "./price-routes.ts";
import { priceUnavailable } from "./problems.ts";
import type { VenueTape, VenueTrade } from "./venue-tape.ts";
import {
  candleInterval,
  candleReply,
  depthQuery,
  depthReply,
  limit,
  priceReply,
  refusals,
} from "./wire.ts";

const tags = ["Market"];

const assetPath = z.strictObject({
  asset: text("An asset, in USD; or a symbol.", 1, 32, ["BTC"]),
});

const tradeReply = z.object({
  asset: z.string(),
  symbol: z.string(),
  trades: z.array(
    z.object({
      id: z.string(),
      price: z.string(),
      quantity: z.string(),
      side: z.enum(["BUY", "SELL"]),
      timestamp: z.string(),
    }),
  ),
});

export interface MarketDeps extends HistoryDeps {
  /** `undefined` where there is no venue: trades are then made of what was traded at each tick. */
  readonly venue: VenueTape | undefined;
}

/** The same data by asset, for user interfaces. */
export function marketRoutes(app: HttpHost, deps: MarketDeps): void {
  showPrices(app, deps);
  showHistory(app, deps);
  showBook(app, deps);
  showTrades(app, deps);
}

function showPrices(app: HttpHost, { feed, now }: HistoryDeps): void {
  const one = { 200: priceReply, ...refusals(404, 503) };
  const schema = { tags, summary: "The price of an asset", params: assetPath, response: one };
  app.get("/market/price/:asset", { schema }, async ({ params }) => {
    const { symbol } = symbolNamed(feed, params.asset, "asset");
    const price = currentPrice(feed, symbol, now());
    if (price === undefined) throw priceUnavailable();
    return price;
  });
  const all = { 200: z.record(z.string(), priceReply), ...refusals() };
  const described = { tags, summary: "The price of every asset, by asset", response: all };
  app.get("/market/prices", { schema: described }, async () => {
    const entries = feed.symbols.map(
      ({ symbol }) => [assetOf(symbol), currentPrice(feed, symbol, now())] as const,
    );
    return Object.fromEntries(
      entries.flatMap(([asset, price]) => (price === undefined ? [] : [[asset, price] as const])),
    );
  });
}

function showHistory(app: HttpHost, { feed, history }: HistoryDeps): void {
  const schema = {
    tags,
    summary: "Candles of an asset, newest first",
    params: assetPath,
    querystring: z.strictObject({ interval: candleInterval.default("1h"), limit }),
    response: {
      200: z.object({ asset: z.string(), symbol: z.string(), candles: z.array(candleReply) }),
      ...refusals(404, 503),
    },
  };
  app.get("/market/history/:asset", { schema }, async ({ params, query }) => {
    const { symbol } = symbolNamed(feed, params.asset, "asset");
    const wanted = { symbol, limit: query.limit };
    const { items } = await stored(() => history.candles(query.interval, wanted));
    return { asset: assetOf(symbol), symbol, candles: items.map(renderCandle) };
  });
}

function showBook(app: HttpHost, { feed }: HistoryDeps): void {
  const schema = {
    tags,
    summary: "The reference market's levels of an asset",
    params: assetPath,
    querystring: depthQuery,
    response: { 200: depthReply, ...refusals(404, 503) },
  };
  app.get("/market/orderbook/:asset", { schema }, async ({ params, query }) => {
    const { symbol } = symbolNamed(feed, params.asset, "asset");
    return renderDepth(feed, symbol, query.depth);
  });
}

function showTrades(app: HttpHost, { feed, venue }: MarketDeps): void {
  const schema = {
    tags,
    summary:
      "Trades of an asset, newest first: the venue's, or without one what was traded at each tick",
    params: assetPath,
    querystring: z.strictObject({ limit: count("Most trades.", 1, 500, 50) }),
    response: { 200: tradeReply, ...refusals(404) },
  };
  app.get("/market/trades/:asset", { schema }, async ({ params, query }) => {
    const { symbol } = symbolNamed(feed, params.asset, "asset");
    const trades =
      venue?.recentTrades(symbol, query.limit)?.map(venueTrade) ??
      madeTrades(feed.log(symbol), query.limit);
    return { asset: assetOf(symbol), symbol, trades };
  });
}

function venueTrade({ tradeSeq, price, quantity, takerSide, executedAt }: VenueTrade) {
  return { id: String(tradeSeq), price, quantity, side: takerSide, timestamp: executedAt };
}

function madeTrades(log: TickLog, most: number): ReturnType<typeof tradeOf>[] {
  const trades: ReturnType<typeof tradeOf>[] = [];
  for (const tick of log.newestFirst()) {
    if (trades.length === most) break;
    if (tick.volume > 0) trades.push(tradeOf(tick, log.at(tick.sequence - 1)));
  }
  return trades;
}

/** What was traded at a tick, as one trade: a rising price was bought, a falling one sold. */
function tradeOf(tick: Tick, before: Tick | undefined) {
  const { terms, sequence, price, volume, timestamp } = tick;
  return {
    id: String(sequence),
    price: priceText(price, terms),
    quantity: volumeText(volume),
    side: price >= (before?.price ?? price) ? ("BUY" as const) : ("SELL" as const),
    timestamp: formatTime(timestamp),
  };
}
