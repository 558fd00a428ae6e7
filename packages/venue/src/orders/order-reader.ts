import type { AccountNumber, InstrumentId, LiveOrder, OrderSeq, Side } from "@tse/domain";
import { NO_ORDER, type OrderPool, slotOf } from "@tse/matching-engine";
import type { Market } from "../listings/market.ts";
import type { Level } from "../view.ts";
import type { LiveOrders } from "./live-orders.ts";

/** Reads live orders and depth out of the columns, as copies. */
export class OrderReader {
  readonly #orders: LiveOrders;
  readonly #pool: OrderPool;

  constructor({ orders, pool }: { readonly orders: LiveOrders; readonly pool: OrderPool }) {
    this.#orders = orders;
    this.#pool = pool;
  }

  live(orderSeq: OrderSeq): LiveOrder | undefined {
    const slot = this.#orders.find(orderSeq);
    return slot === 0 ? undefined : this.#at(slot);
  }

  of(account: AccountNumber, instrument: InstrumentId | undefined): LiveOrder[] {
    const found: LiveOrder[] = [];
    for (let ref = this.#pool.firstOf(account); ref !== NO_ORDER; ref = this.#pool.nextOf(ref)) {
      const order = this.#at(slotOf(ref));
      if (instrument === undefined || order.instrument === instrument) found.push(order);
    }
    return found;
  }

  depth({ book }: Market, side: Side, limit: number): Level[] {
    const found: Level[] = [];
    if (limit <= 0) return found;
    book.levels(side, (price, quantity, orders) => found.push({ price, quantity, orders }) < limit);
    return found;
  }

  queue({ book }: Market, side: Side): LiveOrder[] {
    const found: LiveOrder[] = [];
    book.orders(side, (ref) => found.push(this.#at(slotOf(ref))) > 0);
    return found;
  }

  /** Self-trade prevention of each order of a side, by priority: the one thing `LiveOrder` doesn't show. */
  selfTradeModes({ book }: Market, side: Side): string[] {
    const found: string[] = [];
    book.orders(side, (ref) => found.push(this.#orders.selfTradePrevention(slotOf(ref))) > 0);
    return found;
  }

  #at(slot: number): LiveOrder {
    const orders = this.#orders;
    const ref = orders.ref(slot);
    return {
      orderSeq: orders.orderSeq(slot),
      account: orders.account(slot),
      instrument: this.#pool.book(ref) as InstrumentId,
      side: this.#pool.side(ref),
      limit: this.#pool.price(ref),
      quantity: orders.quantity(slot),
      open: this.#pool.open(ref),
      filledQuote: orders.filledQuote(slot),
      postOnly: orders.isPostOnly(slot),
      clientOrderId: orders.clientOrderId(slot),
      createdAt: orders.createdAt(slot),
    };
  }
}
