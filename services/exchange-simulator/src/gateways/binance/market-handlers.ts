import type { Instrument, InstrumentId, Timestamp } from "@tse/domain";
import type { Exchange } from "../../exchange.ts";
import type { TapeRecords } from "../../records/tape-records.ts";
import type { PublicTrade } from "../../views/public-trade.ts";
import type { Tape } from "../../views/tape.ts";
import { aggregatesFrom, newestAggregates, oldestAggregates } from "./aggregate-search.ts";
import { type AggregateTrade, aggregateReply } from "./aggregate-trades.ts";
import type { ENDPOINTS } from "./endpoints.ts";
import { refused } from "./failures.ts";
import type { Call, Handlers } from "./handler.ts";
import {
  averagePrice,
  candleReply,
  dayReply,
  levelReply,
  type Touch,
  touchReply,
  tradeReply,
} from "./market-replies.ts";
import { milliseconds, priceText, ZERO } from "./numbers.ts";
import { chosenInstruments, instrumentCalled, type SymbolChoice, symbolOf } from "./symbols.ts";

export interface MarketDeps {
  readonly exchange: Exchange;
  readonly tape: Tape;
  /** Of any age. */
  readonly records: { readonly tape: Pick<TapeRecords, "trades"> };
}

const DEFAULT_LIMIT = 500;
const AVERAGE_MINUTES = 5;

type MarketEndpoint =
  | "depth"
  | "trades"
  | "historicalTrades"
  | "aggTrades"
  | "klines"
  | "uiKlines"
  | "avgPrice"
  | "ticker24hr"
  | "tickerPrice"
  | "bookTicker";

/** What everybody may know of the market. */
export function marketHandlers(deps: MarketDeps): Handlers<MarketEndpoint> {
  const { exchange, tape } = deps;
  const { venue, clock } = exchange;
  return {
    depth: (call) => depth(exchange, call),
    trades({ values }) {
      const instrument = instrumentCalled(venue, values.symbol);
      const trades = tape.recent(instrument.id, values.limit ?? DEFAULT_LIMIT);
      return trades.map((trade) => tradeReply(instrument, trade));
    },
    async historicalTrades({ values }) {
      const instrument = instrumentCalled(venue, values.symbol);
      const trades = await historicalTrades(deps, instrument.id, values);
      return trades.map((trade) => tradeReply(instrument, trade));
    },
    async aggTrades({ values }) {
      const instrument = instrumentCalled(venue, values.symbol);
      const found = await aggregates(deps, instrument.id, values);
      return found.map((each) => aggregateReply(instrument, each));
    },
    klines: (call) => candles(deps, call),
    uiKlines: (call) => candles(deps, call),
    avgPrice({ values }) {
      const instrument = instrumentCalled(venue, values.symbol);
      const now = clock.now();
      const statistics = tape.statistics(instrument.id, now, AVERAGE_MINUTES);
      const price = statistics === undefined ? ZERO : averagePrice(instrument, statistics);
      const last = tape.recent(instrument.id, 1)[0]?.executedAt ?? now;
      return { mins: AVERAGE_MINUTES, price, closeTime: milliseconds(last) };
    },
    ticker24hr: ({ values }) =>
      tickers(exchange, values, (instrument) => {
        const now = clock.now();
        const day = tape.day(instrument.id, now);
        const touch = touchOf(exchange, instrument.id);
        return dayReply({ instrument, day, touch, now }, values.type ?? "FULL");
      }),
    tickerPrice: ({ values }) =>
      tickers(exchange, values, (instrument) => {
        const last = tape.recent(instrument.id, 1)[0]?.price;
        const price = last === undefined ? ZERO : priceText(instrument, last);
        return { symbol: symbolOf(instrument), price };
      }),
    bookTicker: ({ values }) =>
      tickers(exchange, values, (instrument) => ({
        symbol: symbolOf(instrument),
        ...touchReply(instrument, touchOf(exchange, instrument.id)),
      })),
  };
}

async function depth(
  exchange: Exchange,
  { values }: Call<typeof ENDPOINTS.depth>,
): Promise<object> {
  const { venue } = exchange;
  const { symbol, limit = 100, symbolStatus } = values;
  const choice = { symbol, symbols: undefined, symbolStatus };
  const [instrument] = chosenInstruments(venue, choice) as [Instrument];
  const { id } = instrument;
  const lastUpdateId = venue.bookSequence(id);
  const bids = venue.depth(id, "buy", limit).map((level) => levelReply(instrument, level));
  const asks = venue.depth(id, "sell", limit).map((level) => levelReply(instrument, level));
  await exchange.durable();
  return { lastUpdateId, bids, asks };
}

function candles(
  { exchange, tape }: MarketDeps,
  { values }: Call<typeof ENDPOINTS.klines>,
): readonly object[] {
  const instrument = instrumentCalled(exchange.venue, values.symbol);
  const query = {
    now: exchange.clock.now(),
    limit: values.limit ?? DEFAULT_LIMIT,
    from: values.startTime,
    to: values.endTime,
  };
  const found = tape.candles(instrument.id, values.interval, query);
  return found.map((candle) => candleReply(instrument, candle));
}

interface AggregateQuery {
  readonly fromId: number | undefined;
  readonly startTime: Timestamp | undefined;
  readonly endTime: Timestamp | undefined;
  readonly limit: number | undefined;
}

/** From an id on the oldest, else the newest: always oldest first. */
async function historicalTrades(
  { records }: MarketDeps,
  instrument: InstrumentId,
  { fromId, limit = DEFAULT_LIMIT }: Pick<AggregateQuery, "fromId" | "limit">,
): Promise<readonly PublicTrade[]> {
  const { items } = await records.tape.trades(
    { instrument },
    {
      after: (fromId ?? 0) - 1,
      before: Number.POSITIVE_INFINITY,
      from: fromId === undefined ? "newest" : "oldest",
      limit,
    },
  );
  return fromId === undefined ? items.toReversed() : items;
}

/** From an id or a start on the oldest, else the newest: always oldest first. */
async function aggregates(
  { records: { tape } }: MarketDeps,
  instrument: InstrumentId,
  { fromId, startTime: from, endTime: to, limit = DEFAULT_LIMIT }: AggregateQuery,
): Promise<readonly AggregateTrade[]> {
  if (fromId !== undefined) {
    if (from !== undefined || to !== undefined) throw refused("combination");
    return aggregatesFrom(fromId, instrument, limit, tape);
  }
  const filter = { instrument, from, to };
  return from === undefined
    ? newestAggregates(filter, limit, tape)
    : oldestAggregates(filter, limit, tape);
}

/** One object for one symbol, a list for a list or for all. */
async function tickers(
  exchange: Exchange,
  choice: SymbolChoice,
  render: (instrument: Instrument) => object,
): Promise<object> {
  const replies = chosenInstruments(exchange.venue, choice).map(render);
  await exchange.durable();
  return choice.symbol === undefined ? replies : (replies[0] as object);
}

function touchOf({ venue }: Exchange, instrument: InstrumentId): Touch {
  return {
    bid: venue.depth(instrument, "buy", 1)[0],
    ask: venue.depth(instrument, "sell", 1)[0],
  };
}
