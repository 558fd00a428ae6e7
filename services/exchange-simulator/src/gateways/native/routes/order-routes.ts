import { entityNumber, formatAmount, type OrderSeq } from "@tse/domain";
import type { HttpHost } from "@tse/service-kit";
import type { VenueView } from "@tse/venue";
import { z } from "zod";
import type { OrderEntry } from "../../../entry.ts";
import type { Exchange, Unit } from "../../../exchange.ts";
import type { OrderRecords } from "../../../records/order-records.ts";
import type { OrderRecord } from "../../../views/order-record.ts";
import type { OrderHistory } from "../../../views/orders.ts";
import { accountOf, type Caller, originOf, principalOf, reaches } from "../access.ts";
import { amendOrder, placeOrder } from "../order-commands.ts";
import { estimate, feeAssetOf } from "../order-estimate.ts";
import { pageOfPast } from "../pages.ts";
import type { PostAnswers } from "../post-answers.ts";
import { orderNotFound, rejected } from "../problems.ts";
import { renderChecks } from "../render/order-checks.ts";
import {
  type OrderReply,
  renderOrder,
  renderOrderReply,
  renderWithFills,
} from "../render/orders.ts";
import { eventOf } from "../submission.ts";
import {
  amendReply,
  cancelAllReply,
  orderList,
  orderReply,
  orderTestReply,
} from "../wire/order-replies.ts";
import {
  amendment,
  cancelAllQuery,
  newOrder,
  orderId,
  orderQuery,
} from "../wire/order-requests.ts";
import { refusals } from "../wire/problem.ts";
import { fromWire } from "../wire/words.ts";
import { instrumentNamed } from "./market-routes.ts";

export interface OrderDeps {
  readonly exchange: Exchange;
  readonly entry: Pick<OrderEntry, "submit">;
  /** What commands just did is there. */
  readonly orders: OrderHistory;
  /** Orders of any age. */
  readonly records: { readonly orders: Pick<OrderRecords, "list" | "named" | "order"> };
  readonly feeds: Pick<VenueView, "feedStale">;
}

interface OrderRouteDeps extends OrderDeps {
  readonly answers: PostAnswers;
}

const tags = ["Orders"];

/** Orders: placed, read, amended, cancelled. */
export function orderRoutes(app: HttpHost, deps: OrderRouteDeps): void {
  place(app, deps);
  test(app, deps);
  list(app, deps);
  show(app, deps);
  amend(app, deps);
  cancel(app, deps);
  cancelAll(app, deps);
}

function place(app: HttpHost, { exchange, entry, answers }: OrderRouteDeps): void {
  app.post(
    "/orders",
    {
      config: { scope: "trade", idempotencyKey: "kept" },
      schema: {
        tags,
        summary: "Place an order",
        description:
          "Answers with the order as it is after matching. An order that the venue refuses is 422; when it was kept as REJECTED, `orderId` names it.",
        body: newOrder,
        response: { 201: orderReply, ...refusals(401, 403, 404, 409, 422) },
      },
    },
    async (request, reply) =>
      answers.give("orders.place", { request, reply }, (origin, answer) => {
        const { body } = request;
        const instrument = instrumentNamed(body.symbol, exchange);
        const account = accountOf(request, body.accountId, exchange.venue);
        return entry.submit(placeOrder(body, account.number, instrument), origin, answer);
      }),
  );
}

/** What `place` would say, without an order. The rate limit isn't asked. */
function test(app: HttpHost, { exchange }: OrderDeps): void {
  const { venue, clock } = exchange;
  app.post(
    "/orders/test",
    {
      config: { scope: "trade", idempotencyKey: "needless" },
      schema: {
        tags,
        summary: "Check an order without placing it",
        body: newOrder,
        response: { 200: orderTestReply, ...refusals(401, 403, 404) },
      },
    },
    async (request) => {
      const { body } = request;
      const instrument = instrumentNamed(body.symbol, exchange);
      const account = accountOf(request, body.accountId, venue);
      const command = placeOrder(body, account.number, instrument);
      const rejection = venue.check(command, clock.now());
      const estimated = estimate(command, instrument, venue);
      await exchange.durable();
      return {
        checks: renderChecks(rejection, instrument),
        estimatedCost: estimated === undefined ? null : formatAmount(estimated.cost),
        estimatedFee: estimated === undefined ? null : formatAmount(estimated.fee),
        feeCurrency: venue.assetName(feeAssetOf(command, instrument)),
      };
    },
  );
}

function list(app: HttpHost, deps: OrderDeps): void {
  const { exchange, feeds } = deps;
  const { orders } = deps.records;
  const { venue } = exchange;
  app.get(
    "/orders",
    {
      config: { scope: "read" },
      schema: {
        tags,
        summary: "Orders of an account, newest first",
        description:
          "With `clientOrderId` the answer is the newest order of that name, with its fills.",
        querystring: orderQuery,
        response: { 200: z.union([orderList, orderReply]), ...refusals(401, 403, 404, 503) },
      },
    },
    async (request) => {
      const { query } = request;
      const account = accountOf(request, query.accountId, venue);
      if (query.clientOrderId !== undefined) {
        const { sequence } = venue;
        await exchange.durable();
        const named = await orders.named(account.number, query.clientOrderId);
        if (named === undefined) throw orderNotFound();
        return renderWithFills(named, sequence, { venue, feeds });
      }
      const instrument =
        query.symbol === undefined ? undefined : instrumentNamed(query.symbol, exchange).id;
      const statuses = query.status === undefined ? undefined : new Set(query.status.map(fromWire));
      const { from, to } = query;
      const filter = { account: account.number, instrument, statuses, from, to };
      const page = await pageOfPast(
        "order",
        (window) => orders.list(filter, window),
        ({ orderSeq }) => orderSeq,
        query,
      );
      return {
        orders: page.items.map((order) => renderOrder(order, venue)),
        nextCursor: page.nextCursor,
      };
    },
  );
}

function show(app: HttpHost, deps: OrderDeps): void {
  const { exchange, feeds } = deps;
  const { venue } = exchange;
  app.get(
    "/orders/:orderId",
    {
      config: { scope: "read" },
      schema: {
        tags,
        summary: "One order with its fills",
        params: orderId,
        response: { 200: orderReply, ...refusals(401, 403, 404, 503) },
      },
    },
    async (request) => {
      const { sequence } = venue;
      await exchange.durable();
      const order = await orderOf(request, request.params.orderId, deps);
      return renderWithFills(order, sequence, { venue, feeds });
    },
  );
}

function amend(app: HttpHost, deps: OrderDeps): void {
  const { exchange, entry } = deps;
  app.patch(
    "/orders/:orderId",
    {
      config: { scope: "trade" },
      schema: {
        tags,
        summary: "Change an open order's quantity or price",
        description:
          "A smaller quantity alone keeps the order and its priority. Anything else replaces it by a new order with a new id; if that is refused, the old one stays as it is.",
        params: orderId,
        body: amendment,
        response: { 200: amendReply, ...refusals(401, 403, 404, 409, 422) },
      },
    },
    async (request) => {
      const order = await orderInPlay(request, request.params.orderId, deps);
      const instrument = exchange.venue.instrument(order.instrument);
      const command = amendOrder(request.body, order, instrument);
      return entry.submit(command, originOf(request), (unit) => {
        if (unit.rejection !== undefined) throw rejected(unit.rejection, { instrument });
        const replacement = unit.events.find(({ kind }) => kind === "order_accepted");
        const keptPriority = replacement?.kind !== "order_accepted";
        const orderSeq = keptPriority ? order.orderSeq : replacement.orderSeq;
        return { ...replyOf(orderSeq, unit.sequence, deps), keptPriority };
      });
    },
  );
}

function cancel(app: HttpHost, deps: OrderDeps): void {
  const { entry } = deps;
  app.delete(
    "/orders/:orderId",
    {
      config: { scope: "trade" },
      schema: {
        tags,
        summary: "Cancel an open order",
        params: orderId,
        response: { 200: orderReply, ...refusals(401, 403, 404, 409) },
      },
    },
    async (request) => {
      const { params } = request;
      const { account, orderSeq } = await orderInPlay(request, params.orderId, deps);
      const command = { kind: "cancel_order", account, orderSeq, clientOrderId: "" } as const;
      return entry.submit(command, originOf(request), (unit) => cancelled(unit, deps));
    },
  );
}

/** @throws Problem when the venue refused the cancellation */
export function cancelled(unit: Unit, deps: OrderDeps): OrderReply {
  if (unit.rejection !== undefined) throw rejected(unit.rejection);
  return replyOf(eventOf(unit, "order_closed").orderSeq, unit.sequence, deps);
}

function cancelAll(app: HttpHost, { exchange, entry, orders }: OrderDeps): void {
  const { venue } = exchange;
  app.delete(
    "/orders",
    {
      config: { scope: "trade" },
      schema: {
        tags,
        summary: "Cancel all open orders of an account",
        querystring: cancelAllQuery,
        response: { 200: cancelAllReply, ...refusals(401, 403, 404) },
      },
    },
    async (request) => {
      const { query } = request;
      const account = accountOf(request, query.accountId, venue).number;
      const instrument =
        query.symbol === undefined ? undefined : instrumentNamed(query.symbol, exchange).id;
      const command = { kind: "cancel_all_orders", account, instrument } as const;
      return entry.submit(command, originOf(request), (unit) => {
        if (unit.rejection !== undefined) throw rejected(unit.rejection);
        const ended = unit.events
          .filter((event) => event.kind === "order_closed")
          .map(({ orderSeq }) => orders.order(orderSeq))
          .filter((order) => order !== undefined);
        return {
          cancelled: ended.length,
          orders: ended.map((order) => renderOrder(order, venue)),
        };
      });
    },
  );
}

/** @throws Problem `order_not_found` as well when it isn't the key's to see */
async function orderOf(
  request: Caller,
  id: string,
  { exchange, records }: OrderDeps,
): Promise<OrderRecord> {
  const orderSeq = entityNumber("order", id);
  const order =
    orderSeq === undefined ? undefined : await records.orders.order(orderSeq as OrderSeq);
  const account = order === undefined ? undefined : exchange.venue.account(order.account);
  const isSeen = account !== undefined && reaches(principalOf(request), account);
  if (order?.id !== id || !isSeen) throw orderNotFound();
  return order;
}

/**
 * The same of an order that a command is about.
 *
 * @throws Problem `order_not_open` when it ended so long ago that the venue knows nothing of it any more
 */
export async function orderInPlay(
  request: Caller,
  id: string,
  deps: OrderDeps,
): Promise<OrderRecord> {
  const order = await orderOf(request, id, deps);
  if (deps.orders.order(order.orderSeq) === undefined) throw rejected({ code: "order_not_open" });
  return order;
}

/** An order as it is now, with its fills. */
function replyOf(orderSeq: OrderSeq, sequence: Unit["sequence"], deps: OrderDeps): OrderReply {
  const { exchange, orders, feeds } = deps;
  return renderOrderReply(orderSeq, sequence, { venue: exchange.venue, orders, feeds });
}
