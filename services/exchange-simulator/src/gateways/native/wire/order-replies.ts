import { amountText, timeText, vocabulary } from "@tse/service-kit/schema";
import { z } from "zod";
import {
  LIQUIDITIES,
  ORDER_STATUSES,
  ORDER_TYPES,
  SIDES,
  STP_MODES,
  TIMES_IN_FORCE,
} from "./words.ts";

export const orderSchema = z
  .object({
    orderId: z.string(),
    orderSeq: z.int(),
    clientOrderId: z.string(),
    accountId: z.string(),
    symbol: z.string(),
    side: z.enum(SIDES),
    orderType: z.enum(ORDER_TYPES),
    status: z.enum(ORDER_STATUSES),
    timeInForce: z.enum(TIMES_IN_FORCE),
    postOnly: z.boolean(),
    stpMode: z.enum(STP_MODES),
    quantity: amountText(
      "Null when sized by `quoteQuantity`, or rejected for its size.",
      "0.01000",
    ).nullable(),
    quoteQuantity: amountText("Null when sized by `quantity`.", "500.00000000").nullable(),
    price: amountText("Null for MARKET, or when rejected for its price.", "44000.00").nullable(),
    filledQuantity: amountText("In the base asset.", "0.00400"),
    filledQuote: amountText("Paid or received so far, before fees.", "176.00000000"),
    averagePrice: amountText(
      "filledQuote / filledQuantity, half to even.",
      "44000.00000000",
    ).nullable(),
    rejectReason: z
      .string()
      .nullable()
      .register(vocabulary, {
        description: "Why it was rejected, cancelled or expired.",
        examples: ["insufficient_balance"],
      }),
    replacesOrderId: z.string().nullable(),
    correlationId: z.string(),
    createdAt: timeText("When it arrived."),
    updatedAt: timeText("When it last changed."),
    filledAt: timeText("When it was filled completely.").nullable(),
    cancelledAt: timeText("When it was cancelled.").nullable(),
  })
  .register(vocabulary, { id: "Order" });

export const fillSchema = z
  .object({
    tradeId: z.string(),
    tradeSeq: z.int(),
    orderId: z.string(),
    accountId: z.string(),
    symbol: z.string(),
    side: z.enum(SIDES),
    price: amountText("The resting order's price.", "44000.00"),
    quantity: amountText("In the base asset.", "0.00400"),
    fee: amountText("In `feeCurrency`, taken from what was received.", "0.00000400"),
    feeCurrency: z.string(),
    liquidity: z.enum(LIQUIDITIES),
    executedAt: timeText("When it was matched."),
  })
  .register(vocabulary, { id: "Fill", description: "One match as one order saw it." });

const marketDataState = z.enum(["live", "stale"]);

export const orderReply = z
  .object({
    order: orderSchema,
    fills: z.array(fillSchema),
    marketDataState,
    sequence: z
      .int()
      .register(vocabulary, { description: "The venue's commands up to this state." }),
  })
  .register(vocabulary, { id: "OrderReply" });

export const amendReply = z
  .object({ ...orderReply.shape, keptPriority: z.boolean() })
  .register(vocabulary, { id: "AmendReply" });

export const orderList = z
  .object({ orders: z.array(orderSchema), nextCursor: z.string().nullable() })
  .register(vocabulary, { id: "OrderList" });

export const cancelAllReply = z
  .object({ cancelled: z.int(), orders: z.array(orderSchema) })
  .register(vocabulary, { id: "CancelAllReply" });

const check = z
  .object({
    check: z.string(),
    result: z.enum(["PASSED", "FAILED", "NOT_RUN"]),
    message: z.string().nullable(),
  })
  .register(vocabulary, {
    id: "OrderCheck",
    description: "The first check that fails decides; those behind it aren't run.",
    examples: [{ check: "min_size", result: "FAILED", message: "must be at least 0.00010" }],
  });

export const orderTestReply = z
  .object({
    checks: z.array(check),
    estimatedCost: amountText(
      "In the quote asset, before fees; null when nothing would trade.",
      "440.00000000",
    ).nullable(),
    estimatedFee: amountText("A taker's, in `feeCurrency`.", "0.00001000").nullable(),
    feeCurrency: z.string(),
  })
  .register(vocabulary, { id: "OrderTestReply" });
