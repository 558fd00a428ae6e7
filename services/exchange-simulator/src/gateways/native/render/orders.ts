import {
  type Amount,
  amount,
  formatAmount,
  type Increment,
  type Instrument,
  type Lots,
  type OrderSeq,
  type Sequence,
  type Ticks,
  textOf,
} from "@tse/domain";
import { formatTime } from "@tse/service-kit";
import type { VenueView } from "@tse/venue";
import type { z } from "zod";
import type { Fill, OrderRecord } from "../../../views/order-record.ts";
import { orderNotFound } from "../problems.ts";
import type { fillSchema, orderReply, orderSchema } from "../wire/order-replies.ts";
import { toWire } from "../wire/words.ts";
import { marketDataState } from "./markets.ts";

type Names = Pick<VenueView, "account" | "assetName" | "instrument">;

/** Whose orders are shown, and as of when: venue for names, the views for the state. */
export interface OrderViews {
  readonly venue: Names;
  readonly orders: { order(orderSeq: OrderSeq): OrderRecord | undefined };
  readonly feeds: Pick<VenueView, "feedStale">;
}

export type OrderReply = z.output<typeof orderReply>;

export function renderOrder(
  order: Omit<OrderRecord, "fills">,
  names: Names,
): z.output<typeof orderSchema> {
  const instrument = names.instrument(order.instrument);
  return {
    orderId: order.id,
    orderSeq: order.orderSeq,
    clientOrderId: order.clientOrderId,
    accountId: names.account(order.account)?.id ?? "",
    symbol: instrument.symbol,
    side: toWire(order.side),
    orderType: toWire(order.type),
    status: toWire(order.status),
    timeInForce: toWire(order.timeInForce),
    postOnly: order.postOnly,
    stpMode: toWire(order.selfTradePrevention),
    quantity: stepsText(order.quantity, instrument.lotSize),
    quoteQuantity: order.quoteQuantity > 0n ? formatAmount(order.quoteQuantity) : null,
    price: stepsText(order.limit, instrument.tickSize),
    filledQuantity: textOf(order.filled, instrument.lotSize),
    filledQuote: formatAmount(order.filledQuote),
    averagePrice: averagePrice(order.filledQuote, order.filled, instrument),
    rejectReason: order.reason === "" ? null : order.reason,
    replacesOrderId: order.replacesId === "" ? null : order.replacesId,
    correlationId: order.correlationId,
    createdAt: formatTime(order.createdAt),
    updatedAt: formatTime(order.updatedAt),
    filledAt: order.filledAt === undefined ? null : formatTime(order.filledAt),
    cancelledAt: order.cancelledAt === undefined ? null : formatTime(order.cancelledAt),
  };
}

export function renderFill(fill: Fill, names: Names): z.output<typeof fillSchema> {
  const instrument = names.instrument(fill.instrument);
  return {
    tradeId: fill.id,
    tradeSeq: fill.tradeSeq,
    orderId: fill.orderId,
    accountId: names.account(fill.account)?.id ?? "",
    symbol: instrument.symbol,
    side: toWire(fill.side),
    price: textOf(fill.price, instrument.tickSize),
    quantity: textOf(fill.quantity, instrument.lotSize),
    fee: formatAmount(fill.fee),
    feeCurrency: names.assetName(fill.feeAsset),
    liquidity: toWire(fill.liquidity),
    executedAt: formatTime(fill.executedAt),
  };
}

/**
 * An order as the views have it, with its fills.
 *
 * @throws Problem `order_not_found` when they don't have it
 */
export function renderOrderReply(
  orderSeq: OrderSeq,
  sequence: Sequence,
  views: OrderViews,
): OrderReply {
  const order = views.orders.order(orderSeq);
  if (order === undefined) throw orderNotFound();
  return renderWithFills(order, sequence, views);
}

/** @param sequence of the command after which the order is so */
export function renderWithFills(
  order: OrderRecord,
  sequence: Sequence,
  { venue, feeds }: Pick<OrderViews, "venue" | "feeds">,
): OrderReply {
  return {
    order: renderOrder(order, venue),
    fills: order.fills.map((fill) => renderFill(fill, venue)),
    marketDataState: marketDataState(venue.instrument(order.instrument), feeds),
    sequence,
  };
}

/** Null when there is none, or when what the client sent can't be counted in steps. */
function stepsText(steps: Ticks | Lots, step: Increment): string | null {
  return steps > 0 && steps < Number.MAX_SAFE_INTEGER ? textOf(steps, step) : null;
}

/** Quote paid for one unit of base, rounded half to even in the eighth digit; null before any fill. */
function averagePrice(quote: Amount, filled: Lots, instrument: Instrument): string | null {
  if (filled === 0) return null;
  const base = BigInt(filled) * BigInt(instrument.minorPerLot);
  const scaled = quote * 100_000_000n;
  const whole = scaled / base;
  const twiceRest = 2n * (scaled % base);
  const isUp = twiceRest > base || (twiceRest === base && whole % 2n === 1n);
  return formatAmount(amount(isUp ? whole + 1n : whole));
}
