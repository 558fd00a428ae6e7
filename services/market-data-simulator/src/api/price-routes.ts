import type { Timestamp } from "@tse/domain";
import type { HttpHost } from "@tse/service-kit";
import { formatTime } from "@tse/service-kit";
import { z } from "zod";
import type { Feed } from "../feed/feed.ts";
import type { SymbolTerms } from "../feed/symbol-terms.ts";
import { priceText } from "../feed/tick.ts";
import { currentPrice, renderDay, renderLevels } from "../render/market.ts";
import { priceUnavailable, symbolNotFound } from "./problems.ts";
import {
  dayReply,
  depthQuery,
  depthReply,
  priceListReply,
  priceReply,
  refusals,
  symbolPath,
  symbolReply,
} from "./wire.ts";

export interface PriceDeps {
  readonly feed: Feed;
  readonly now: () => Timestamp;
}

const tags = ["Prices"];

/** What every symbol costs now, and what it did in a day. */
export function priceRoutes(app: HttpHost, deps: PriceDeps): void {
  listSymbols(app, deps);
  listPrices(app, deps);
  showDepth(app, deps);
  showDay(app, deps);
}

/** @throws Problem `symbol_not_found` */
export function symbolNamed(feed: Feed, text: string, field = "symbol"): SymbolTerms {
  const terms = feed.find(text);
  if (terms === undefined) throw symbolNotFound(field);
  return terms;
}

function listSymbols(app: HttpHost, { feed, now }: PriceDeps): void {
  const response = { 200: z.object({ symbols: z.array(symbolReply) }), ...refusals() };
  app.get("/symbols", { schema: { tags, summary: "All symbols", response } }, async () => ({
    symbols: feed.symbols.map((terms) => ({
      symbol: terms.symbol,
      baseAsset: terms.base,
      quoteAsset: terms.quote,
      displayName: terms.displayName,
      tickSize: priceText(1, terms),
      state: feed.state(terms.symbol, now()),
    })),
  }));
}

function listPrices(app: HttpHost, { feed, now }: PriceDeps): void {
  const all = { 200: priceListReply, ...refusals() };
  app.get("/prices", { schema: { tags, summary: "All prices", response: all } }, async () => ({
    prices: feed.symbols.flatMap(({ symbol }) => currentPrice(feed, symbol, now()) ?? []),
  }));
  const response = { 200: priceReply, ...refusals(404, 503) };
  for (const path of ["/prices/:symbol", "/prices/:symbol/current"]) {
    const summary = "The newest price of one symbol";
    const schema = { tags, summary, params: symbolPath, response };
    app.get(path, { schema }, async ({ params }) => {
      const { symbol } = symbolNamed(feed, params.symbol);
      return currentPrice(feed, symbol, now()) ?? raise();
    });
  }
}

function showDepth(app: HttpHost, { feed }: PriceDeps): void {
  const summary = "The reference market's levels, which are not the venue's book";
  const response = { 200: depthReply, ...refusals(404, 503) };
  const schema = { tags, summary, params: symbolPath, querystring: depthQuery, response };
  app.get("/orderbook/:symbol", { schema }, async ({ params, query }) => {
    const { symbol } = symbolNamed(feed, params.symbol);
    return renderDepth(feed, symbol, query.depth);
  });
}

/** @throws Problem `price_unavailable` */
export function renderDepth(feed: Feed, symbol: string, levels: number) {
  const depth = feed.depth(symbol) ?? raise();
  const { sequence, timestamp } = depth.tick;
  return { symbol, sequence, ...renderLevels(depth, levels), timestamp: formatTime(timestamp) };
}

function showDay(app: HttpHost, { feed }: PriceDeps): void {
  const summary = "The last 24 hours, in whole minutes and the running one";
  const response = { 200: dayReply, ...refusals(404, 503) };
  const schema = { tags, summary, params: symbolPath, response };
  app.get("/stats/:symbol/24h", { schema }, async ({ params }) => {
    const terms = symbolNamed(feed, params.symbol);
    const candles = feed.candles(terms.symbol);
    return renderDay(candles.day() ?? raise(), terms, candles.volatility());
  });
}

function raise(): never {
  throw priceUnavailable();
}
