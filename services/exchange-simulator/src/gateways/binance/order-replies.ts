import type { Instrument, Timestamp } from "@tse/domain";
import type { VenueView } from "@tse/venue";
import type { Fill, OrderRecord } from "../../views/order-record.ts";
import { amountText, milliseconds, priceText, quantityText, ZERO } from "./numbers.ts";
import type { Placement } from "./placement.ts";
import { symbolOf } from "./symbols.ts";
import { expiryReason, sideWord, statusWord, timeInForceWord, typeWord } from "./wire-words.ts";

/** No order is part of a list. */
const NO_LIST = -1;

export type ResponseType = "ACK" | "RESULT" | "FULL";

export interface PlacedOrder {
  readonly placement: Placement;
  readonly instrument: Instrument;
  /** The client's, or the one it was given. */
  readonly clientOrderId: string;
  readonly time: Timestamp;
}

/** The answer to a new order: its state when its command was through. */
export function placementReply(
  { placement, instrument, clientOrderId, time }: PlacedOrder,
  responseType: ResponseType,
  venue: Pick<VenueView, "assetName">,
): object {
  const { accepted, trades } = placement;
  const transactTime = milliseconds(time);
  const acknowledgement = {
    symbol: symbolOf(instrument),
    orderId: accepted.orderSeq,
    orderListId: NO_LIST,
    clientOrderId,
    transactTime,
  };
  if (responseType === "ACK") return acknowledgement;

  const order = { ...accepted.order, ...placement };
  const result = {
    ...acknowledgement,
    ...state(order, instrument),
    workingTime: transactTime,
    selfTradePreventionMode: order.selfTradePrevention.toUpperCase(),
    ...expiryReason(order),
  };
  if (responseType === "RESULT") return result;

  const received = order.side === "buy" ? instrument.base : instrument.quote;
  const fills = trades.map(({ price, quantity, takerFee, tradeSeq }) => ({
    price: priceText(instrument, price),
    qty: quantityText(instrument, quantity),
    commission: amountText(takerFee),
    commissionAsset: venue.assetName(received),
    tradeId: tradeSeq,
  }));
  return { ...result, fills };
}

/** An order that is asked about. */
export function orderReply(order: Omit<OrderRecord, "fills">, instrument: Instrument): object {
  return {
    symbol: symbolOf(instrument),
    orderId: order.orderSeq,
    orderListId: NO_LIST,
    clientOrderId: order.clientOrderId,
    ...state(order, instrument),
    stopPrice: ZERO,
    icebergQty: ZERO,
    time: milliseconds(order.createdAt),
    updateTime: milliseconds(order.updatedAt),
    isWorking: true,
    workingTime: milliseconds(order.createdAt),
    selfTradePreventionMode: order.selfTradePrevention.toUpperCase(),
    ...expiryReason(order),
  };
}

/** @param clientOrderId what the cancel itself is called */
export function cancelReply(
  order: OrderRecord,
  instrument: Instrument,
  clientOrderId: string,
): object {
  return {
    symbol: symbolOf(instrument),
    origClientOrderId: order.clientOrderId,
    orderId: order.orderSeq,
    orderListId: NO_LIST,
    clientOrderId,
    transactTime: milliseconds(order.updatedAt),
    ...state(order, instrument),
    selfTradePreventionMode: order.selfTradePrevention.toUpperCase(),
  };
}

/** One of the caller's own trades. */
export function fillReply(
  fill: Fill,
  instrument: Instrument,
  venue: Pick<VenueView, "assetName">,
): object {
  return {
    symbol: symbolOf(instrument),
    id: fill.tradeSeq,
    orderId: fill.orderSeq,
    orderListId: NO_LIST,
    price: priceText(instrument, fill.price),
    qty: quantityText(instrument, fill.quantity),
    quoteQty: amountText(fill.notional),
    commission: amountText(fill.fee),
    commissionAsset: venue.assetName(fill.feeAsset),
    time: milliseconds(fill.executedAt),
    isBuyer: fill.side === "buy",
    isMaker: fill.liquidity === "maker",
    isBestMatch: true,
  };
}

type OrderState = Pick<
  OrderRecord,
  | "limit"
  | "quantity"
  | "quoteQuantity"
  | "filled"
  | "filledQuote"
  | "status"
  | "reason"
  | "timeInForce"
  | "type"
  | "postOnly"
  | "side"
>;

/** An order sized by money has the quantity that it executed. */
function state(order: OrderState, instrument: Instrument): object {
  const { quoteQuantity, filled } = order;
  const quantity = quoteQuantity > 0n ? filled : order.quantity;
  return {
    price: priceText(instrument, order.limit),
    origQty: quantityText(instrument, quantity),
    executedQty: quantityText(instrument, filled),
    origQuoteOrderQty: amountText(quoteQuantity),
    cummulativeQuoteQty: amountText(order.filledQuote),
    status: statusWord(order.status, order.reason),
    timeInForce: timeInForceWord(order),
    type: typeWord(order),
    side: sideWord(order.side),
  };
}
