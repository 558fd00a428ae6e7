import type { Timestamp } from "@tse/domain";
import { duration } from "@tse/domain";
import { CANDLE_INTERVALS } from "@tse/market-data-adapter";
import { type HttpHost, validationFailed } from "@tse/service-kit";
import { StorageError } from "@tse/storage";
import { z } from "zod";
import type { MarketCandle } from "../candles/market-candle.ts";
import type { Feed } from "../feed/feed.ts";
import type { Tick } from "../feed/tick.ts";
import { correlationsOf, windowUntil } from "../history/correlations.ts";
import type { History, HistoryPage } from "../history/history.ts";
import { renderCandle, renderTick } from "../render/market.ts";
import { namedSymbols } from "../streams/sse-routes.ts";
import { symbolNamed } from "./price-routes.ts";
import { invalidCursor, storageUnavailable } from "./problems.ts";
import {
  candleInterval,
  correlationReply,
  historyQuery,
  historyReply,
  refusals,
  span,
  symbolList,
  symbolPath,
} from "./wire.ts";

export interface HistoryDeps {
  readonly feed: Feed;
  readonly history: History;
  readonly now: () => Timestamp;
}

const tags = ["History"];

/** What prices did before. */
export function historyRoutes(app: HttpHost, deps: HistoryDeps): void {
  listHistory(app, deps);
  showCorrelations(app, deps);
}

function listHistory(app: HttpHost, { feed, history }: HistoryDeps): void {
  const summary = "Ticks, or with an interval candles, newest first";
  const response = { 200: historyReply, ...refusals(404, 503) };
  const schema = { tags, summary, params: symbolPath, querystring: historyQuery, response };
  app.get("/prices/:symbol/history", { schema }, async ({ params, query }) => {
    const { symbol } = symbolNamed(feed, params.symbol);
    const { interval, cursor, ...range } = query;
    const kind = interval ?? "tick";
    const before = cursor === undefined ? undefined : readCursor(kind, cursor);
    const wanted = { symbol, before, ...range };
    if (interval === undefined) {
      const page = await stored(() => history.ticks(wanted));
      const ticks = page.items.map(renderTick);
      return { symbol, ticks, nextCursor: cursorOf(kind, page, sequenceOf) };
    }
    const page = await stored(() => history.candles(interval, wanted));
    const candles = page.items.map(renderCandle);
    return { symbol, candles, nextCursor: cursorOf(kind, page, startOf) };
  });
}

export const sequenceOf = ({ sequence }: Tick): number => sequence;
export const startOf = ({ startTime }: MarketCandle): number => startTime;

/** @param detail what waits for storage; a part of the history when absent. @throws Problem `storage_unavailable` */
export async function stored<Result>(
  read: () => Promise<Result>,
  detail?: string,
): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof StorageError) || error.code !== "storage_unavailable") throw error;
    throw storageUnavailable(error, detail);
  }
}

interface PageQuery {
  readonly limit: number;
  readonly cursor?: string;
}

/** A page of a list that goes on by cursors of storage. @throws Problem `invalid_cursor`, `storage_unavailable` */
export async function storedPage<Result>(
  { limit, cursor }: { readonly limit: number; readonly cursor: string | undefined },
  read: (query: PageQuery) => Promise<Result>,
): Promise<Result> {
  if (cursor === undefined) return stored(() => read({ limit }));
  try {
    return await stored(() => read({ limit, cursor }));
  } catch (error) {
    if (error instanceof StorageError && error.code === "invalid_query") throw invalidCursor();
    throw error;
  }
}

/** Where a list goes on; `null` at its end. */
export function cursorOf<Item>(
  kind: string,
  { items, hasMore }: HistoryPage<Item>,
  positionOf: (item: Item) => number,
): string | null {
  const last = items.at(-1);
  if (!hasMore || last === undefined) return null;
  return Buffer.from(`${kind}:${positionOf(last)}`).toString("base64url");
}

function readCursor(kind: string, cursor: string): number {
  const text = Buffer.from(cursor, "base64url").toString("latin1");
  const [, name, digits] = /^([a-z0-9]+):([0-9]{1,16})$/.exec(text) ?? [];
  const isOurs = name === kind && Buffer.from(text).toString("base64url") === cursor;
  const position = Number(digits);
  if (!isOurs || !Number.isSafeInteger(position)) throw invalidCursor();
  return position;
}

/** Candles of each interval that are held in memory, which is what correlations are computed from. */
const CANDLES_HELD = 1_500;

const correlationQuery = z.strictObject({
  symbols: symbolList,
  window: span.default(duration(CANDLE_INTERVALS["1d"])),
  interval: candleInterval.default("5m"),
});

function showCorrelations(app: HttpHost, { feed, now }: HistoryDeps): void {
  const summary = "Correlations of log returns";
  const response = { 200: correlationReply, ...refusals(404) };
  const schema = { tags, summary, querystring: correlationQuery, response };
  app.get("/correlations", { schema }, async ({ query }) => {
    const { interval, window } = query;
    const symbols = namedSymbols(query.symbols, feed).map(({ symbol }) => symbol);
    if (window > CANDLES_HELD * CANDLE_INTERVALS[interval]) {
      const message = `must be at most ${CANDLES_HELD} times the interval`;
      throw validationFailed([{ field: "window", rule: "range", message }]);
    }
    const found = correlationsOf(feed, symbols, interval, windowUntil(now(), window));
    const matrix = found.matrix.map((row) => row.map((value) => value ?? null));
    return { symbols, interval, points: found.points, matrix };
  });
}
