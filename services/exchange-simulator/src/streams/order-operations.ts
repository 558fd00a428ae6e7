import type { CancelOrder, OrderSeq } from "@tse/domain";
import type { Origin } from "../exchange.ts";
import { reachableAccount } from "../gateways/native/access.ts";
import { placeOrder } from "../gateways/native/order-commands.ts";
import { rejected } from "../gateways/native/problems.ts";
import { instrumentNamed } from "../gateways/native/routes/market-routes.ts";
import {
  type OrderDeps,
  orderOf,
  rejectedOrderId,
  replyOf,
} from "../gateways/native/routes/order-routes.ts";
import { eventOf } from "../gateways/native/submission.ts";
import type { NewOrder } from "../gateways/native/wire/order-requests.ts";
import type { Principal } from "../keys.ts";
import type { Cancellation } from "./socket-messages.ts";

/** Who sends a command over a socket. */
export interface Trader {
  readonly principal: Principal;
  readonly origin: Origin;
}

type OrderReply = ReturnType<typeof replyOf>;

/** Places an order as REST does. @throws Problem when it is refused */
export async function placeBySocket(
  params: NewOrder,
  { principal, origin }: Trader,
  deps: OrderDeps,
): Promise<OrderReply> {
  const { exchange, entry, orders } = deps;
  const instrument = instrumentNamed(params.symbol, exchange);
  const account = reachableAccount(principal, params.accountId, exchange.venue);
  const unit = await entry.submit(placeOrder(params, account.number, instrument), origin);
  if (unit.rejection !== undefined) {
    throw rejected(unit.rejection, { instrument, orderId: rejectedOrderId(unit, orders) });
  }
  return replyOf(eventOf(unit, "order_accepted").orderSeq, unit.sequence, deps);
}

/** Cancels an order as REST does. @throws Problem when it is refused */
export async function cancelBySocket(
  params: Cancellation,
  { principal, origin }: Trader,
  deps: OrderDeps,
): Promise<OrderReply> {
  const unit = await deps.entry.submit(cancelCommand(params, principal, deps), origin);
  if (unit.rejection !== undefined) throw rejected(unit.rejection);
  return replyOf(eventOf(unit, "order_closed").orderSeq, unit.sequence, deps);
}

function cancelCommand(params: Cancellation, principal: Principal, deps: OrderDeps): CancelOrder {
  const { orderId, clientOrderId = "" } = params;
  if (orderId !== undefined) {
    const { account, orderSeq } = orderOf({ principal }, orderId, deps);
    return { kind: "cancel_order", account, orderSeq, clientOrderId: "" };
  }
  const account = reachableAccount(principal, params.accountId, deps.exchange.venue).number;
  return { kind: "cancel_order", account, orderSeq: 0 as OrderSeq, clientOrderId };
}
