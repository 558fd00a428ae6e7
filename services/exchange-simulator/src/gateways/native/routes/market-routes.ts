import type { Instrument } from "@tse/domain";
import type { HttpHost } from "@tse/service-kit";
import type { Exchange } from "../../../exchange.ts";
import { findInstrument } from "../../../symbols.ts";
import type { Tape } from "../../../views/tape.ts";
import { rejected } from "../problems.ts";
import { renderBook, renderInstrument, renderTicker, renderTrade } from "../render/markets.ts";
import {
  bookReply,
  depthQuery,
  instrumentList,
  instrumentReply,
  recentQuery,
  recentReply,
  symbolPath,
  tickerReply,
} from "../wire/markets.ts";
import { refusals } from "../wire/problem.ts";

const tags = ["Market data"];

interface MarketDeps {
  readonly exchange: Exchange;
  readonly tape: Tape;
}

/** What everybody may know: instruments, books, trades. */
export function marketRoutes(app: HttpHost, deps: MarketDeps): void {
  listInstruments(app, deps);
  showInstrument(app, deps);
  showBook(app, deps);
  listTrades(app, deps);
  showTicker(app, deps);
}

function listInstruments(app: HttpHost, { exchange }: MarketDeps): void {
  const { venue } = exchange;
  app.get(
    "/instruments",
    {
      schema: {
        tags,
        summary: "All instruments with their rules",
        response: { 200: instrumentList, ...refusals() },
      },
    },
    async () => {
      const instruments = venue.instruments().map((each) => renderInstrument(each, venue));
      await exchange.durable();
      return { instruments };
    },
  );
}

function showInstrument(app: HttpHost, { exchange }: MarketDeps): void {
  const { venue } = exchange;
  app.get(
    "/instruments/:symbol",
    {
      schema: {
        tags,
        summary: "One instrument with its rules",
        params: symbolPath,
        response: { 200: instrumentReply, ...refusals(404) },
      },
    },
    async ({ params }) => {
      const instrument = renderInstrument(instrumentNamed(params.symbol, exchange), venue);
      await exchange.durable();
      return { instrument };
    },
  );
}

function showBook(app: HttpHost, { exchange }: MarketDeps): void {
  const { venue, clock } = exchange;
  app.get(
    "/orderbook/:symbol",
    {
      schema: {
        tags,
        summary: "The book by price level",
        params: symbolPath,
        querystring: depthQuery,
        response: { 200: bookReply, ...refusals(404) },
      },
    },
    async ({ params, query }) => {
      const instrument = instrumentNamed(params.symbol, exchange);
      const book = renderBook(instrument, venue, query.depth, clock.now());
      await exchange.durable();
      return book;
    },
  );
}

function listTrades(app: HttpHost, { exchange, tape }: MarketDeps): void {
  app.get(
    "/trades/:symbol/recent",
    {
      schema: {
        tags,
        summary: "The newest trades, newest first",
        params: symbolPath,
        querystring: recentQuery,
        response: { 200: recentReply, ...refusals(404) },
      },
    },
    async ({ params, query }) => {
      const instrument = instrumentNamed(params.symbol, exchange);
      const trades = tape.recent(instrument.id, query.limit);
      return {
        symbol: instrument.symbol,
        trades: trades.map((trade) => renderTrade(trade, instrument)).reverse(),
      };
    },
  );
}

function showTicker(app: HttpHost, { exchange, tape }: MarketDeps): void {
  const { venue, clock } = exchange;
  app.get(
    "/ticker/:symbol",
    {
      schema: {
        tags,
        summary: "Last price, best prices and the last 24 hours",
        params: symbolPath,
        response: { 200: tickerReply, ...refusals(404) },
      },
    },
    async ({ params }) => {
      const instrument = instrumentNamed(params.symbol, exchange);
      const now = clock.now();
      const ticker = renderTicker(instrument, venue, tape.day(instrument.id, now), now);
      await exchange.durable();
      return ticker;
    },
  );
}

/** @throws Problem `symbol_not_found` */
export function instrumentNamed(symbol: string, { venue }: Pick<Exchange, "venue">): Instrument {
  const instrument = findInstrument(venue, symbol);
  if (instrument === undefined) throw rejected({ code: "symbol_not_found", field: "symbol" });
  return instrument;
}
