import { amountText, count, timeText, vocabulary } from "@tse/service-kit/schema";
import { z } from "zod";
import { symbol } from "./scalars.ts";
import { INSTRUMENT_STATUSES, SIDES } from "./words.ts";

export const symbolPath = z.strictObject({ symbol });

export const depthQuery = z.strictObject({ depth: count("Price levels of a side.", 1, 1000, 10) });

export const recentQuery = z.strictObject({ limit: count("Newest trades.", 1, 1000, 50) });

const marketDataState = z.enum(["live", "stale"]).register(vocabulary, {
  description: "`stale`: the feed gave no price lately, the simulated makers have withdrawn.",
});

export const instrumentSchema = z
  .object({
    symbol: z.string(),
    baseAsset: z.string(),
    quoteAsset: z.string(),
    status: z.enum(INSTRUMENT_STATUSES),
    marketDataState,
    tickSize: amountText("Step of a price.", "0.01"),
    lotSize: amountText("Step of a quantity.", "0.00001"),
    minSize: amountText("Smallest quantity of an order.", "0.00010"),
    maxSize: amountText("Largest quantity of an order.", "100.00000"),
    minNotional: amountText("Smallest price × quantity.", "5.00000000"),
    maxNotional: amountText("Largest price × quantity.", "1000000000.00000000"),
    priceBand: amountText("A market order stays within reference × (1 ± this).", "0.2"),
    priceMultiplierDown: amountText("Limit prices from reference × this.", "0.2"),
    priceMultiplierUp: amountText("Limit prices up to reference × this.", "5"),
    maxOpenOrders: z.int(),
    maxSpreadBps: amountText("Widest normal quote of the simulated makers.", "10"),
    makerFeeRate: amountText("Of what is received.", "0.001"),
    takerFeeRate: amountText("Of what is received.", "0.001"),
    referencePrice: amountText("What bands and multipliers refer to now.", "45000.00"),
  })
  .register(vocabulary, { id: "Instrument" });

export const instrumentReply = z
  .object({ instrument: instrumentSchema })
  .register(vocabulary, { id: "InstrumentReply" });

export const instrumentList = z
  .object({ instruments: z.array(instrumentSchema) })
  .register(vocabulary, { id: "InstrumentList" });

const level = z.tuple([z.string(), z.string()]).register(vocabulary, {
  description: "Price and size.",
  examples: [["44998.50", "2.50000"]],
});

export const bookReply = z
  .object({
    symbol: z.string(),
    sequence: z.int().register(vocabulary, { description: "Grows with every changed level." }),
    timestamp: timeText("World time."),
    bids: z.array(level).register(vocabulary, { description: "Best first." }),
    asks: z.array(level).register(vocabulary, { description: "Best first." }),
    marketDataState,
  })
  .register(vocabulary, { id: "OrderBook" });

export const publicTrade = z
  .object({
    tradeSeq: z.int(),
    price: amountText("The resting order's price.", "45001.50"),
    quantity: amountText("In the base asset.", "0.00400"),
    takerSide: z.enum(SIDES),
    executedAt: timeText("When it was matched."),
  })
  .register(vocabulary, { id: "PublicTrade" });

export const recentReply = z
  .object({ symbol: z.string(), trades: z.array(publicTrade) })
  .register(vocabulary, { id: "RecentTrades", description: "Newest first." });

export const tickerReply = z
  .object({
    symbol: z.string(),
    timestamp: timeText("World time."),
    last: amountText("Null before the first trade.", "45001.50").nullable(),
    bid: amountText("Null without a buyer.", "44998.50").nullable(),
    ask: amountText("Null without a seller.", "45001.50").nullable(),
    open: amountText("Of the last 24 hours; null without a trade in them.", "44900.00").nullable(),
    high: amountText("Of the last 24 hours.", "45100.00").nullable(),
    low: amountText("Of the last 24 hours.", "44800.00").nullable(),
    volume: amountText("In the base asset, of the last 24 hours.", "12.50000000"),
    quoteVolume: amountText("In the quote asset, of the last 24 hours.", "562500.00000000"),
    change: amountText("last − open.", "101.50").nullable(),
    changePercent: amountText("Of open, to 2 digits.", "0.23").nullable(),
    trades: z.int(),
    marketDataState,
  })
  .register(vocabulary, { id: "Ticker" });
