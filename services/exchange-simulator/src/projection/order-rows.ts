import { amount, entityId, type Instrument, type OrderStatus } from "@tse/domain";
import type {
  Order,
  OrderStatus as StoredStatus,
  StpMode,
  TimeInForce,
  TradeRow,
} from "@tse/exchange-data-adapter";
import type { VenueView } from "@tse/venue";
import type { Fill, OrderRecord } from "../views/order-record.ts";
import { idOf } from "./reference-rows.ts";
import { optionalText, priceOf, quantityOf, storable } from "./stored-forms.ts";

/** A customer's order as SQL keeps it: a pure function of the record. */
export function orderRow(order: OrderRecord, venue: VenueView): Order {
  const instrument = venue.instrument(order.instrument);
  return {
    ...identityOf(order, venue),
    ...termsOf(order, instrument),
    ...progressOf(order, instrument),
    ...reservationOf(order, instrument),
    createdAt: order.createdAt,
    updatedAt: order.updatedAt,
    triggeredAt: undefined,
    filledAt: order.filledAt,
    cancelledAt: order.cancelledAt,
    expiresAt: undefined,
    correlationId: optionalText(order.correlationId.slice(0, CORRELATION_MAX)),
  };
}

/** One side of a match as SQL keeps it. */
export function tradeRow(fill: Fill, order: OrderRecord, venue: VenueView): TradeRow {
  const instrument = venue.instrument(fill.instrument);
  return {
    tradeId: fill.id,
    matchId: matchId(fill),
    tradeSeq: fill.tradeSeq,
    orderId: order.id,
    accountId: idOf(fill.account, venue),
    symbol: instrument.symbol,
    side: fill.side === "buy" ? "BUY" : "SELL",
    liquidity: fill.liquidity === "maker" ? "MAKER" : "TAKER",
    quantity: quantityOf(fill.quantity, instrument),
    price: priceOf(fill.price, instrument),
    fee: fill.fee,
    feeCurrency: venue.assetName(fill.feeAsset),
    executedAt: fill.executedAt,
    metadata: { instrument: fill.instrument },
  };
}

/** Names both sides of a match: the id of its maker's side. */
export function matchId({ tradeSeq, executedAt }: Pick<Fill, "tradeSeq" | "executedAt">): string {
  return entityId("trade", executedAt, 2 * tradeSeq);
}

const CORRELATION_MAX = 64;

function identityOf(order: OrderRecord, venue: VenueView) {
  return {
    orderId: order.id,
    orderSeq: order.orderSeq,
    prioritySeq: order.orderSeq,
    // A generated name is the id itself; another order may have been given it as its own.
    clientOrderId: order.clientOrderId === order.id ? undefined : order.clientOrderId,
    accountId: idOf(order.account, venue),
    orderListId: undefined,
    parentOrderId: undefined,
    replacesOrderId: optionalText(order.replacesId),
    // The instrument's number tells apart two that were listed one after another under one symbol.
    metadata: { instrument: order.instrument, replaces: order.replaces, ...askedOf(order, venue) },
  };
}

/** What a refused order asked for, where its columns can't hold it. */
function askedOf(order: OrderRecord, venue: VenueView): { limit?: number; quantity?: number } {
  if (order.status !== "rejected") return {};
  const { price, quantity, quoteQuantity } = termsOf(order, venue.instrument(order.instrument));
  const isPriced = price !== undefined || order.limit === 0;
  const isSized = order.quantity === 0 || (quoteQuantity === undefined && quantity > 0n);
  return {
    ...(!isPriced && { limit: order.limit }),
    ...(!isSized && { quantity: order.quantity }),
  };
}

function termsOf(order: OrderRecord, instrument: Instrument) {
  const isLimit = order.type === "limit";
  return {
    symbol: instrument.symbol,
    orderType: isLimit ? ("LIMIT" as const) : ("MARKET" as const),
    side: order.side === "buy" ? ("BUY" as const) : ("SELL" as const),
    quantity: quantityRow(order, instrument),
    quoteQuantity: order.quoteQuantity === 0n ? undefined : storable(order.quoteQuantity),
    price: isLimit && order.limit > 0 ? storable(priceOf(order.limit, instrument)) : undefined,
    stopPrice: undefined,
    triggerKind: undefined,
    trailingDeltaBps: undefined,
    displayQuantity: undefined,
    postOnly: order.postOnly,
    stpMode: order.selfTradePrevention.toUpperCase() as StpMode,
    timeInForce: order.timeInForce.toUpperCase() as TimeInForce,
  };
}

/** An order by money has no quantity of its own; SQL wants what was filled to be part of one. */
function quantityRow({ quantity, filled }: OrderRecord, instrument: Instrument): bigint {
  return storable(quantityOf(quantity === 0 ? filled : quantity, instrument)) ?? 0n;
}

function progressOf(order: OrderRecord, instrument: Instrument) {
  const filledQuantity = quantityOf(order.filled, instrument);
  return {
    filledQuantity,
    filledQuote: order.filledQuote,
    averagePrice: averagePrice(order.filledQuote, filledQuantity),
    status: STATUS[order.status],
    rejectReason: optionalText(order.reason),
  };
}

/** Money of a limit order that may still trade; nothing else reserves any. */
function reservationOf(order: OrderRecord, instrument: Instrument) {
  const isLive = order.status === "open" || order.status === "partial";
  if (!isLive || order.type !== "limit") {
    return { reservedAsset: undefined, reservedAmount: amount(0n) };
  }
  const open = BigInt(order.quantity - order.filled);
  if (order.side === "sell") {
    return {
      reservedAsset: instrument.baseAsset,
      reservedAmount: amount(open * BigInt(instrument.minorPerLot)),
    };
  }
  const each = BigInt(order.limit) * BigInt(instrument.minorPerTickLot);
  return { reservedAsset: instrument.quoteAsset, reservedAmount: amount(open * each) };
}

const ONE = 10n ** 8n;

/** Money by quantity, to 8 digits, half to even. */
function averagePrice(quote: bigint, quantity: bigint): bigint | undefined {
  if (quantity === 0n) return undefined;
  const scaled = quote * ONE;
  const down = scaled / quantity;
  const twice = 2n * (scaled - down * quantity);
  const isUp = twice > quantity || (twice === quantity && down % 2n === 1n);
  return isUp ? down + 1n : down;
}

const STATUS = {
  pending: "PENDING",
  open: "OPEN",
  partial: "PARTIAL",
  filled: "FILLED",
  cancelled: "CANCELLED",
  rejected: "REJECTED",
  expired: "EXPIRED",
} as const satisfies Record<OrderStatus, StoredStatus>;
