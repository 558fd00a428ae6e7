import type { AccountNumber, Instrument, OrderSeq } from "@tse/domain";
import type { OrderRecords } from "../../records/order-records.ts";
import type { OrderRecord } from "../../views/order-record.ts";
import type { OrderHistory } from "../../views/orders.ts";
import { refused } from "./failures.ts";

export interface OrderSources {
  readonly orders: Pick<OrderHistory, "open">;
  /** Of any age. */
  readonly records: { readonly orders: Pick<OrderRecords, "named" | "order"> };
}

export interface OrderNames {
  readonly orderId: number | undefined;
  readonly origClientOrderId: string | undefined;
}

/**
 * The order that a client names, of this account and instrument; `undefined` when there is none. By
 * the client's own id it is the open one, else the newest. Throws when neither name was given, or
 * both and they don't belong together.
 */
export async function orderNamed(
  { orders, records }: OrderSources,
  account: AccountNumber,
  instrument: Instrument,
  { orderId, origClientOrderId }: OrderNames,
): Promise<OrderRecord | undefined> {
  if (orderId === undefined) {
    if (origClientOrderId === undefined) {
      throw refused("missing_both", "origClientOrderId", "orderId");
    }
    const isNamed = ({ clientOrderId }: OrderRecord): boolean =>
      clientOrderId === origClientOrderId;
    const open = orders.open(account, instrument.id).find(isNamed);
    const order = open ?? (await records.orders.named(account, origClientOrderId));
    return order?.instrument === instrument.id ? order : undefined;
  }

  const order = await records.orders.order(orderId as OrderSeq);
  if (order?.account !== account || order.instrument !== instrument.id) return undefined;
  if (origClientOrderId !== undefined && order.clientOrderId !== origClientOrderId) {
    throw refused("client_order_id");
  }
  return order;
}
