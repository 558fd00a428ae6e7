import { duration, type OrderStatus, timestamp } from "@tse/domain";
import type { OrderEntry } from "../../entry.ts";
import type { Exchange } from "../../exchange.ts";
import type { OrderRecords } from "../../records/order-records.ts";
import type { OrderRecord } from "../../views/order-record.ts";
import type { OrderHistory } from "../../views/orders.ts";
import { orderCommission } from "./commission.ts";
import type { ENDPOINTS } from "./endpoints.ts";
import { refused } from "./failures.ts";
import type { Call, Handlers } from "./handler.ts";
import type { Limits } from "./limits.ts";
import { type OrderValues, placeOrder } from "./new-order.ts";
import { orderNamed } from "./order-lookup.ts";
import { cancelReply, orderReply, placementReply, type ResponseType } from "./order-replies.ts";
import { placementOf } from "./placement.ts";
import { rejection } from "./rejections.ts";
import { instrumentCalled } from "./symbols.ts";

export interface TradingDeps {
  readonly exchange: Exchange;
  readonly entry: Pick<OrderEntry, "submit">;
  readonly orders: OrderHistory;
  /** Of any age. */
  readonly records: { readonly orders: Pick<OrderRecords, "list" | "named" | "order"> };
  readonly limits: Limits;
  /** The venue's own limit; whatever it is when the venue has none. */
  readonly ordersPerSecond: number;
}

const DEFAULT_LIMIT = 500;
const LONGEST_RANGE_HOURS = 24;
const LONGEST_RANGE = duration(LONGEST_RANGE_HOURS * 3_600_000_000);

/** What the live exchange knows as an order: one that it took. */
const TAKEN: ReadonlySet<OrderStatus> = new Set([
  "open",
  "partial",
  "filled",
  "cancelled",
  "expired",
]);

type TradingEndpoint =
  | "placeOrder"
  | "testOrder"
  | "queryOrder"
  | "cancelOrder"
  | "cancelOpenOrders"
  | "openOrders"
  | "allOrders";

/** Orders: placed, asked about, cancelled. */
export function tradingHandlers(deps: TradingDeps): Handlers<TradingEndpoint> {
  const { exchange, orders: history } = deps;
  const { venue } = exchange;
  return {
    placeOrder: (call) => place(deps, call),
    testOrder: (call) => test(deps, call),
    async queryOrder({ values, caller: { account } }) {
      const instrument = instrumentCalled(venue, values.symbol);
      const order = await orderNamed(deps, account.number, instrument, values);
      if (order === undefined || !TAKEN.has(order.status)) throw refused("no_such_order");
      return orderReply(order, instrument);
    },
    cancelOrder: (call) => cancel(deps, call),
    cancelOpenOrders: (call) => cancelAll(deps, call),
    openOrders({ values, caller: { account } }) {
      const { symbol } = values;
      const only = symbol === undefined ? undefined : instrumentCalled(venue, symbol).id;
      const orders = history.open(account.number, only);
      return orders.map((order) => orderReply(order, venue.instrument(order.instrument)));
    },
    allOrders: (call) => listOrders(deps, call),
  };
}

async function place(deps: TradingDeps, call: Call<typeof ENDPOINTS.placeOrder>): Promise<object> {
  const { exchange, entry, orders: history, limits, ordersPerSecond } = deps;
  const { values, caller } = call;
  const account = caller.account.number;
  const instrument = instrumentCalled(exchange.venue, values.symbol);
  const order = placeOrder(values, account, instrument);
  limits.admitOrder(account);

  const unit = await entry.submit(order, caller.origin);
  if (unit.rejection !== undefined)
    throw rejection(unit.rejection.code, { type: order.type, ordersPerSecond });

  const placement = placementOf(unit);
  limits.countOrder(account, placement.filled > 0);
  call.headers(limits.orderHeaders(account));
  const record = history.order(placement.accepted.orderSeq);
  const clientOrderId = record?.clientOrderId ?? order.clientOrderId;
  const placed = { placement, instrument, clientOrderId, time: unit.time };
  return placementReply(placed, responseType(values), exchange.venue);
}

/** Tells what placing the order would meet, as the venue stands. */
async function test(
  { exchange, ordersPerSecond }: TradingDeps,
  { values, caller }: Call<typeof ENDPOINTS.testOrder>,
): Promise<object> {
  const { venue, clock } = exchange;
  const account = caller.account.number;
  const instrument = instrumentCalled(venue, values.symbol);
  const order = placeOrder(values, account, instrument);
  const refusal = venue.check(order, clock.now());
  const fees = venue.fees(account, instrument.id);
  await exchange.durable();
  if (refusal !== undefined) throw rejection(refusal.code, { type: order.type, ordersPerSecond });
  return values.computeCommissionRates === true ? orderCommission(fees) : {};
}

/** A post-only order is acknowledged only, unless more is asked for. */
function responseType({ newOrderRespType, type }: OrderValues): ResponseType {
  return newOrderRespType ?? (type === "LIMIT_MAKER" ? "ACK" : "FULL");
}

async function cancel(
  deps: TradingDeps,
  { values, caller }: Call<typeof ENDPOINTS.cancelOrder>,
): Promise<object> {
  const { exchange, entry, ordersPerSecond } = deps;
  const instrument = instrumentCalled(exchange.venue, values.symbol);
  const account = caller.account.number;
  const order = await orderNamed(deps, account, instrument, values);
  if (order === undefined) throw refused("unknown_order");
  checkRestrictions(order, values.cancelRestrictions);

  const { orderSeq } = order;
  const command = { kind: "cancel_order", account, orderSeq, clientOrderId: "" } as const;
  const { rejection: refusal, sequence } = await entry.submit(command, caller.origin);
  if (refusal !== undefined) throw rejection(refusal.code, { ordersPerSecond });
  return cancelReply(order, instrument, values.newClientOrderId ?? cancelName(sequence));
}

function checkRestrictions(
  { status }: OrderRecord,
  only: "ONLY_NEW" | "ONLY_PARTIALLY_FILLED" | undefined,
): void {
  const wanted = only === "ONLY_NEW" ? "open" : "partial";
  if (only !== undefined && status !== wanted) throw refused("restricted");
}

/** What a cancel is called that the client gave no name: unique, and the same in a replay. */
function cancelName(sequence: number): string {
  return `cancel-${sequence}`;
}

async function cancelAll(
  { exchange, entry, orders: history, ordersPerSecond }: TradingDeps,
  { values, caller }: Call<typeof ENDPOINTS.cancelOpenOrders>,
): Promise<readonly object[]> {
  const instrument = instrumentCalled(exchange.venue, values.symbol);
  const account = caller.account.number;
  const command = { kind: "cancel_all_orders", account, instrument: instrument.id } as const;
  const { events, sequence, rejection: refusal } = await entry.submit(command, caller.origin);
  if (refusal !== undefined) throw rejection(refusal.code, { ordersPerSecond });

  const cancelled = events.flatMap((event) => {
    const order = event.kind === "order_closed" ? history.order(event.orderSeq) : undefined;
    return order === undefined ? [] : [cancelReply(order, instrument, cancelName(sequence))];
  });
  if (cancelled.length === 0) throw refused("unknown_order");
  return cancelled;
}

/** From an id or a start on the oldest, else the newest: always oldest first. */
async function listOrders(
  { exchange, records }: TradingDeps,
  { values, caller }: Call<typeof ENDPOINTS.allOrders>,
): Promise<readonly object[]> {
  const { orderId, startTime, endTime, limit = DEFAULT_LIMIT } = values;
  const instrument = instrumentCalled(exchange.venue, values.symbol);
  if (startTime !== undefined && endTime !== undefined && endTime - startTime > LONGEST_RANGE) {
    throw refused("too_long_a_time", LONGEST_RANGE_HOURS);
  }
  const isFromStart = orderId !== undefined || startTime !== undefined;
  const { items } = await records.orders.list(
    {
      account: caller.account.number,
      instrument: instrument.id,
      statuses: TAKEN,
      from: startTime,
      to: endTime === undefined ? undefined : timestamp(endTime + 1),
    },
    {
      after: (orderId ?? 0) - 1,
      before: Number.POSITIVE_INFINITY,
      from: isFromStart ? "oldest" : "newest",
      limit,
    },
  );
  const page = isFromStart ? items : items.toReversed();
  return page.map((order) => orderReply(order, instrument));
}
