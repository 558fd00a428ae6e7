import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  type CorrelationRequest,
  type CorrelationResponseSchema,
  type HistoryRequest,
  type HistoryResponseSchema,
  toTimestamp,
  type VolumeProfileResponseSchema,
} from "@tse/contracts";
import { type Timestamp, timestamp } from "@tse/domain";
import { CANDLE_INTERVALS } from "@tse/market-data-adapter";
import { validationFailed } from "@tse/service-kit";
import { cursorOf, sequenceOf, startOf, stored } from "../api/history-routes.ts";
import { symbolNamed } from "../api/price-routes.ts";
import type { MarketCandle } from "../candles/market-candle.ts";
import type { Feed } from "../feed/feed.ts";
import { priceNumber, type Tick, volumeNumber } from "../feed/tick.ts";
import { correlationsOf } from "../history/correlations.ts";
import type { History } from "../history/history.ts";
import { volumeProfile } from "../history/volume-profile.ts";
import { intervalOf, limitOf, rangeOf } from "./requests.ts";

export interface HistoryParts {
  readonly feed: Feed;
  readonly history: History;
  readonly now: () => Timestamp;
}

const SYMBOLS_MAX = 500;
const BUCKETS = 20;
const BUCKETS_MAX = 200;
const PROFILE_CANDLES = 1_440;

/** Ticks without an interval, candles with one: the newest of the range, in order of time. */
export async function priceHistory(
  request: HistoryRequest,
  parts: HistoryParts,
): Promise<MessageInitShape<typeof HistoryResponseSchema>> {
  if (request.interval !== "") return candleHistory(request, parts);
  const { symbol } = symbolNamed(parts.feed, request.symbol);
  const query = { symbol, ...rangeOf(request), limit: limitOf(request.limit) };
  const page = await stored(() => parts.history.ticks(query));
  const points = page.items.map(tickPoint).reverse();
  return { symbol, points, nextCursor: cursorOf("tick", page, sequenceOf) ?? "" };
}

export async function candleHistory(
  request: HistoryRequest,
  { feed, history }: HistoryParts,
): Promise<MessageInitShape<typeof HistoryResponseSchema>> {
  const { symbol } = symbolNamed(feed, request.symbol);
  const interval = intervalOf(request.interval);
  const query = { symbol, ...rangeOf(request), limit: limitOf(request.limit) };
  const page = await stored(() => history.candles(interval, query));
  const points = page.items.map(candlePoint).reverse();
  return { symbol, points, nextCursor: cursorOf(interval, page, startOf) ?? "" };
}

/** What was traded at which prices; `limit` is the number of buckets. */
export async function volumesByPrice(
  request: HistoryRequest,
  { feed, history, now }: HistoryParts,
): Promise<MessageInitShape<typeof VolumeProfileResponseSchema>> {
  const terms = symbolNamed(feed, request.symbol);
  const { symbol } = terms;
  const interval = request.interval === "" ? "1m" : intervalOf(request.interval);
  const { start, end } = rangeOf(request);
  const from = start ?? timestamp(now() - CANDLE_INTERVALS["1d"]);
  const query = { symbol, start: from, end, limit: PROFILE_CANDLES };
  const { items } = await stored(() => history.candles(interval, query));
  const buckets = volumeProfile(items, limitOf(request.limit, BUCKETS, BUCKETS_MAX));
  return {
    symbol,
    buckets: buckets.map(({ from: low, to, volume }) => ({
      priceFrom: priceNumber(low, terms),
      priceTo: priceNumber(to, terms),
      volume: volumeNumber(volume),
    })),
  };
}

/** Coefficients that can't be computed are NaN. */
export function correlationMatrix(
  request: CorrelationRequest,
  { feed, now }: HistoryParts,
): MessageInitShape<typeof CorrelationResponseSchema> {
  const { length } = request.symbols;
  if (length === 0 || length > SYMBOLS_MAX) {
    const message = `has 1 to ${SYMBOLS_MAX} symbols`;
    throw validationFailed([{ field: "symbols", rule: "length", message }]);
  }
  const symbols = request.symbols.map((text) => symbolNamed(feed, text, "symbols").symbol);
  const interval = request.interval === "" ? "5m" : intervalOf(request.interval);
  const { start, end } = rangeOf(request);
  const range = {
    start: start ?? timestamp(now() - CANDLE_INTERVALS["1d"]),
    end: end ?? timestamp(now() + 1),
  };
  const { points, matrix } = correlationsOf(feed, symbols, interval, range);
  const rows = matrix.map((row) => ({ values: row.map((value) => value ?? Number.NaN) }));
  return { symbols, rows, points };
}

function tickPoint({ terms, timestamp: at, price, volume }: Tick) {
  const value = priceNumber(price, terms);
  const prices = { open: value, high: value, low: value, close: value };
  return { timestamp: toTimestamp(at), ...prices, volume: volumeNumber(volume) };
}

function candlePoint({ terms, startTime, open, high, low, close, volume }: MarketCandle) {
  return {
    timestamp: toTimestamp(startTime),
    open: priceNumber(open, terms),
    high: priceNumber(high, terms),
    low: priceNumber(low, terms),
    close: priceNumber(close, terms),
    volume: volumeNumber(volume),
  };
}
