import type { Connection } from "./connection.ts";
import { FundsRecord } from "./funds-record.ts";
import { goesOnFrom } from "./order-life.ts";
import { listSince } from "./pages.ts";
import type { Identity } from "./trading-client.ts";
import { type Fill, isFinished, minorOf, type Order } from "./wire.ts";

/**
 * What the service shows of one client's account, read again after each restart: everything new since the
 * last time, and what became of the orders that were open then. Each reading has to go on from the one
 * before, and its parts have to agree.
 */
export class AccountRecord {
  /** Of orders that changed since the last `forget`, by their id. */
  readonly orders = new Map<string, Order>();
  /** Since the last `forget`, by their id. */
  readonly fills = new Map<string, Fill>();
  readonly funds: FundsRecord;
  readonly #identity: Identity;
  readonly #savings: FundsRecord;
  /** Orders that were open when last seen. */
  readonly #open = new Map<string, Order>();
  /** What fills add up to, of orders that aren't finished: quantity. */
  readonly #filled = new Map<string, bigint>();
  #lastOrder = 0;
  #lastFill = 0;
  #firstFill = 1;

  /** Least tradeSeq that a fill since the last `forget` can have. */
  get firstFill(): number {
    return this.#firstFill;
  }

  constructor(identity: Identity) {
    this.#identity = identity;
    this.funds = new FundsRecord(identity.accountId);
    this.#savings = new FundsRecord(identity.savingsId);
  }

  /** Reads all that is new while nothing moves. @returns what contradicts itself or the reading before */
  async refresh(connection: Connection): Promise<string[]> {
    const [orders, fills] = await Promise.all([
      this.#changedOrders(connection),
      this.#newFills(connection),
    ]);
    const broken = [
      ...this.#takeFills(fills),
      ...this.#checkTimes(orders),
      ...orders.flatMap((order) => this.#takeOrder(order)),
      ...(await this.funds.refresh(connection, fills)),
      ...(await this.#savings.refresh(connection, [])),
    ];
    for (const { orderId } of fills) {
      if (!orders.some((order) => order.orderId === orderId)) {
        broken.push(`order ${orderId} has a new fill, and isn't there or didn't change`);
      }
    }
    return broken;
  }

  /** Newest first: orders of one clientOrderId that don't replace another. */
  originals(clientOrderId: string): readonly Order[] {
    return [...this.orders.values()].filter(
      (order) => order.clientOrderId === clientOrderId && order.replacesOrderId === null,
    );
  }

  /** Begins a new cycle: what was read so far has been compared. */
  forget(): void {
    this.#firstFill = this.#lastFill + 1;
    this.orders.clear();
    this.fills.clear();
    this.funds.forget();
  }

  async #changedOrders(connection: Connection): Promise<readonly Order[]> {
    const list = `/api/v1/orders?accountId=${this.#identity.accountId}`;
    const numberOf = ({ orderSeq }: Order) => orderSeq;
    const [added, open] = await Promise.all([
      listSince<Order>(connection, list, { items: "orders", numberOf, floor: this.#lastOrder }),
      listSince<Order>(connection, `${list}&status=OPEN,PARTIAL`, {
        items: "orders",
        numberOf,
        floor: 0,
      }),
    ]);
    this.#lastOrder = added[0]?.orderSeq ?? this.#lastOrder;
    const changed = new Map([...open, ...added].map((order) => [order.orderId, order]));
    for (const orderId of this.#open.keys()) {
      if (changed.has(orderId)) continue;
      const path = `/api/v1/orders/${orderId}`;
      const { order } = await connection.ask<{ readonly order: Order }>("GET", path);
      changed.set(orderId, order);
    }
    return [...changed.values()];
  }

  async #newFills(connection: Connection): Promise<readonly Fill[]> {
    const path = `/api/v1/accounts/${this.#identity.accountId}/trades`;
    const fills = await listSince<Fill>(connection, path, {
      items: "trades",
      numberOf: ({ tradeSeq }) => tradeSeq,
      floor: this.#lastFill,
    });
    this.#lastFill = fills[0]?.tradeSeq ?? this.#lastFill;
    return fills;
  }

  /** Of two orders, the later one doesn't have the earlier time. */
  #checkTimes(orders: readonly Order[]): string[] {
    const rising = orders.toSorted((one, other) => one.orderSeq - other.orderSeq);
    return rising.flatMap(({ orderId, createdAt }, index) => {
      const before = rising[index - 1];
      if (before === undefined || before.createdAt <= createdAt) return [];
      return [`time goes back from order ${before.orderId} to ${orderId}, ${createdAt}`];
    });
  }

  #takeFills(fills: readonly Fill[]): string[] {
    return fills.flatMap((fill) => {
      const isTwice = this.fills.has(fill.tradeId);
      this.fills.set(fill.tradeId, fill);
      const filled = this.#filled.get(fill.orderId) ?? 0n;
      this.#filled.set(fill.orderId, filled + minorOf(fill.quantity));
      return isTwice ? [`fill ${fill.tradeId} is there twice`] : [];
    });
  }

  #takeOrder(order: Order): string[] {
    const { orderId, filledQuantity } = order;
    const before = this.#open.get(orderId);
    const broken = before === undefined ? [] : goesOnFrom(before, order);
    const filled = this.#filled.get(orderId) ?? 0n;
    // What was finished when last seen was added up then.
    const isKnown = this.orders.get(orderId);
    const isCounted = isKnown !== undefined && isFinished(isKnown);
    if (!isCounted && filled !== minorOf(filledQuantity)) {
      broken.push(`order ${orderId} has filled ${filledQuantity}, its fills say ${filled}e-8`);
    }
    this.orders.set(orderId, order);
    if (isFinished(order)) {
      this.#open.delete(orderId);
      this.#filled.delete(orderId);
    } else this.#open.set(orderId, order);
    return broken;
  }
}
