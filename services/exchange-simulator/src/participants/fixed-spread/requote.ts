import {
  type AccountNumber,
  type AmendOrder,
  amount,
  type CancelOrder,
  type InstrumentId,
  type LiveOrder,
  lots,
  type OrderSeq,
  type PlaceOrder,
  type Side,
  type Ticks,
  ticks,
} from "@tse/domain";
import type { Quote } from "@tse/market-model";

/** Whose quotes, and of what. */
export interface Desk {
  readonly account: AccountNumber;
  readonly instrument: InstrumentId;
}

export type QuoteCommand = PlaceOrder | AmendOrder | CancelOrder;

/**
 * The fewest commands that turn the live orders of one side into the wanted quotes. An order that
 * stands at a wanted price with the wanted open quantity stays untouched and keeps its priority; of the
 * others each becomes one of the quotes that lack, best first; what is over is cancelled or placed.
 *
 * Depends on its arguments only: whatever happened to the orders meanwhile, the next call repairs it.
 */
export function requote(
  desk: Desk,
  side: Side,
  live: readonly LiveOrder[],
  wanted: readonly Quote[],
): QuoteCommand[] {
  const { orders, quotes } = unmatched(live, wanted);
  const rank = side === "buy" ? -1 : 1;
  orders.sort((a, b) => rank * (a.limit - b.limit) || a.orderSeq - b.orderSeq);

  const commands: QuoteCommand[] = [];
  for (const [index, order] of orders.entries()) {
    const quote = quotes[index];
    commands.push(quote === undefined ? cancel(desk, order) : amend(desk, order, quote));
  }
  for (const quote of quotes.slice(orders.length)) commands.push(place(desk, side, quote));
  return commands;
}

/** What is left when each quote took an order that already is what it wants. */
function unmatched(live: readonly LiveOrder[], wanted: readonly Quote[]) {
  const standing = new Map<string, LiveOrder[]>();
  for (const order of live) {
    const key = `${order.limit} ${order.open}`;
    const same = standing.get(key);
    if (same === undefined) standing.set(key, [order]);
    else same.push(order);
  }
  const quotes = wanted.filter(
    ({ price, quantity }) => standing.get(`${price} ${quantity}`)?.pop() === undefined,
  );
  return { orders: [...standing.values()].flat(), quotes };
}

/**
 * Quotes of at most `largest` lots each, so that every one may be an order. A level too large for
 * `most` orders offers less.
 */
export function split(quotes: readonly Quote[], largest: number, most: number): Quote[] {
  return quotes.flatMap(({ price, quantity }) => {
    const count = Math.min(Math.ceil(quantity / largest), most);
    const total = Math.min(quantity, largest * count);
    const share = Math.floor(total / count);
    const larger = total - share * count;
    return Array.from({ length: count }, (_, i) => ({
      price,
      quantity: lots(i < larger ? share + 1 : share),
    }));
  });
}

function amend({ account }: Desk, order: LiveOrder, { price, quantity }: Quote): AmendOrder {
  const filled = order.quantity - order.open;
  const limit: Ticks = price === order.limit ? ticks(0) : price;
  return {
    kind: "amend_order",
    account,
    orderSeq: order.orderSeq,
    limit,
    quantity: lots(filled + quantity),
  };
}

function cancel({ account }: Desk, { orderSeq }: { readonly orderSeq: OrderSeq }): CancelOrder {
  return { kind: "cancel_order", account, orderSeq, clientOrderId: "" };
}

function place({ account, instrument }: Desk, side: Side, { price, quantity }: Quote): PlaceOrder {
  return {
    kind: "place_order",
    account,
    instrument,
    side,
    type: "limit",
    limit: price,
    quantity,
    quoteQuantity: amount(0n),
    timeInForce: "gtc",
    postOnly: false,
    selfTradePrevention: "expire_maker",
    clientOrderId: "",
    fault: undefined,
  };
}
