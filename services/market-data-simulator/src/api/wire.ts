import { type Duration, duration } from "@tse/domain";
import { CANDLE_INTERVALS, type CandleInterval } from "@tse/market-data-adapter";
import { parseDuration } from "@tse/service-kit";
import {
  amountText,
  count,
  cursor,
  instant,
  refusalsWith,
  text,
  textSchema,
  timeText,
  vocabulary,
} from "@tse/service-kit/schema";
import { z } from "zod";

/** The answers of a route that aren't success, for its description. */
export const refusals = refusalsWith({
  400: "A field is malformed: `errors` names it and the rule.",
  404: "There is no such symbol or subscription.",
  429: "Too many requests or subscribers; `Retry-After` says when to come back.",
  503: "There is no price yet, or storage can't be read now; try again.",
});

/** Whether there is such a symbol is another question, with another answer. */
export const symbol = text(
  "BASE/QUOTE; BASE-QUOTE, BASEQUOTE and BASE alone (in USD) too.",
  1,
  32,
  ["BTC/USD"],
);

export const symbolPath = z.strictObject({ symbol });

/** Symbols between commas. */
export const symbolList = text("Symbols, with commas between.", 1, 2_000, ["BTC/USD,ETH/USD"]);

const INTERVAL_NAMES = Object.keys(CANDLE_INTERVALS) as [CandleInterval, ...CandleInterval[]];

export const candleInterval = z.enum(INTERVAL_NAMES);

export const limit = count("Most items of one page.", 1, 500, 50);

export const historyQuery = z
  .strictObject({
    start: instant("Included.").optional(),
    end: instant("Excluded.").optional(),
    interval: candleInterval.optional(),
    limit,
    cursor: cursor.optional(),
  })
  .superRefine(({ start, end }, context) => {
    if (start === undefined || end === undefined || start < end) return;
    const message = "must be behind start";
    context.addIssue({ code: "custom", path: ["end"], message, params: { rule: "order" } });
  });

export const depthQuery = z.strictObject({ depth: count("Levels of a side.", 1, 10, 10) });

/** Shortest interval that a subscriber is served at; less is raised to it. */
export const PACE_MIN = 100_000;
const PACE_MAX = 86_400_000_000;

const PACE_RULE = {
  rule: "duration",
  message: "must be a duration such as 500ms, 1s or 1m, at most 24h",
} as const;

function paceOf(value: string | number): Duration | undefined {
  const length = typeof value === "number" ? value * 1_000 : parseDuration(value);
  return length !== undefined && length >= 0 && length <= PACE_MAX
    ? duration(Math.max(length, PACE_MIN))
    : undefined;
}

/** Time between two events of a subscriber: a duration as text, or ms as a whole number. */
export const pace = z.union([z.string(), z.int()]).transform((value, context) => {
  const length = paceOf(value);
  if (length !== undefined) return length;
  const { rule, message } = PACE_RULE;
  context.addIssue({ code: "custom", message, params: { rule } });
  return z.NEVER;
});

/** A length of time in a query. */
export const span = textSchema(
  (value) => (paceOf(value) === undefined ? { ...PACE_RULE } : undefined),
  { description: "A duration such as 24h.", examples: ["24h"] },
).transform((value) => paceOf(value) as Duration);

export const bufferSize = z.int().min(1).max(10_000);

export const priceReply = z
  .object({
    symbol: z.string(),
    price: amountText("The newest price.", "45000.00"),
    bid: amountText("Best bid.", "44995.50"),
    ask: amountText("Best ask.", "45004.50"),
    volume24h: amountText("In the base asset.", "20000.0000"),
    source: z.string(),
    confidence: z.number(),
    sequence: z.int().register(vocabulary, { description: "Without a gap, of the symbol." }),
    state: z.enum(["live", "stale", "halted"]),
    timestamp: timeText("World time of the tick."),
  })
  .register(vocabulary, { id: "CurrentPrice" });

export const priceListReply = z.object({ prices: z.array(priceReply) });

export const symbolReply = z
  .object({
    symbol: z.string(),
    baseAsset: z.string(),
    quoteAsset: z.string(),
    displayName: z.string(),
    tickSize: amountText("Step of a price.", "0.01"),
    state: z.enum(["live", "stale", "halted"]),
  })
  .register(vocabulary, { id: "FeedSymbol" });

const tickReply = z
  .object({
    sequence: z.int(),
    timestamp: timeText("World time."),
    price: z.string(),
    bid: z.string().nullable(),
    ask: z.string().nullable(),
    volume: z.string().nullable(),
    source: z.string(),
    confidence: z.number().nullable(),
  })
  .register(vocabulary, { id: "FeedTick" });

export const candleReply = z
  .object({
    interval: candleInterval,
    startTime: timeText("Included."),
    endTime: timeText("Excluded."),
    open: z.string(),
    high: z.string(),
    low: z.string(),
    close: z.string(),
    volume: z.string(),
    quoteVolume: z.string(),
    ticks: z.int().nullable(),
    isClosed: z.boolean(),
  })
  .register(vocabulary, { id: "FeedCandle" });

export const historyReply = z
  .object({
    symbol: z.string(),
    ticks: z.array(tickReply).optional(),
    candles: z.array(candleReply).optional(),
    nextCursor: z.string().nullable(),
  })
  .register(vocabulary, {
    id: "PriceHistory",
    description: "Newest first: `ticks`, or with an interval `candles`.",
  });

const level = z.tuple([z.string(), z.string()]);

export const depthReply = z
  .object({
    symbol: z.string(),
    sequence: z.int(),
    bids: z.array(level),
    asks: z.array(level),
    timestamp: timeText("World time of the tick."),
  })
  .register(vocabulary, { id: "ReferenceDepth" });

export const dayReply = z
  .object({
    symbol: z.string(),
    open: z.string(),
    high: z.string(),
    low: z.string(),
    last: z.string(),
    volume: z.string(),
    quoteVolume: z.string(),
    vwap: z.string().nullable(),
    change: z.string(),
    changePercent: z.number(),
    count: z.int(),
    volatility: z.number().nullable(),
  })
  .register(vocabulary, { id: "DayStatistics" });

export const correlationReply = z
  .object({
    symbols: z.array(z.string()),
    interval: candleInterval,
    points: z.int().register(vocabulary, { description: "Log returns that all symbols have." }),
    matrix: z.array(z.array(z.number().nullable())),
  })
  .register(vocabulary, { id: "Correlations" });

export const subscriptionReply = z
  .object({
    id: z.string(),
    state: z.enum(["active", "cancelled"]),
    symbolCount: z.int(),
    lastUpdate: z.string().nullable(),
  })
  .register(vocabulary, { id: "Subscription" });

export const createdReply = z.object({ subscriptionId: z.string(), wsUrl: z.string() });
