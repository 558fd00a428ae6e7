import type { CancelOrder, OrderSeq } from "@tse/domain";
import type { Origin } from "../exchange.ts";
import { reachableAccount } from "../gateways/native/access.ts";
import { placeOrder } from "../gateways/native/order-commands.ts";
import { orderPlaced } from "../gateways/native/posted.ts";
import type { OrderReply } from "../gateways/native/render/orders.ts";
import { instrumentNamed } from "../gateways/native/routes/market-routes.ts";
import { cancelled, type OrderDeps, orderInPlay } from "../gateways/native/routes/order-routes.ts";
import type { NewOrder } from "../gateways/native/wire/order-requests.ts";
import type { Principal } from "../keys.ts";
import type { Cancellation } from "./socket-messages.ts";

/** Who sends a command over a socket. */
export interface Trader {
  readonly principal: Principal;
  readonly origin: Origin;
}

/** Places an order as REST does. @throws Problem when it is refused */
export async function placeBySocket(
  params: NewOrder,
  { principal, origin }: Trader,
  deps: OrderDeps,
): Promise<OrderReply> {
  const { exchange, entry, orders, feeds } = deps;
  const instrument = instrumentNamed(params.symbol, exchange);
  const account = reachableAccount(principal, params.accountId, exchange.venue);
  const command = placeOrder(params, account.number, instrument);
  const views = { venue: exchange.venue, orders, feeds };
  return entry.submit(command, origin, (unit) => orderPlaced(unit, views));
}

/** Cancels an order as REST does. @throws Problem when it is refused */
export async function cancelBySocket(
  params: Cancellation,
  { principal, origin }: Trader,
  deps: OrderDeps,
): Promise<OrderReply> {
  const command = await cancelCommand(params, principal, deps);
  return deps.entry.submit(command, origin, (unit) => cancelled(unit, deps));
}

async function cancelCommand(
  params: Cancellation,
  principal: Principal,
  deps: OrderDeps,
): Promise<CancelOrder> {
  const { orderId, clientOrderId = "" } = params;
  if (orderId !== undefined) {
    const { account, orderSeq } = await orderInPlay({ principal }, orderId, deps);
    return { kind: "cancel_order", account, orderSeq, clientOrderId: "" };
  }
  const account = reachableAccount(principal, params.accountId, deps.exchange.venue).number;
  return { kind: "cancel_order", account, orderSeq: 0 as OrderSeq, clientOrderId };
}
