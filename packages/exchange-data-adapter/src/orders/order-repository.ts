import { amount, type Timestamp } from "@tse/domain";
import { StorageError } from "@tse/storage";
import {
  above,
  among,
  below,
  type Condition,
  equal,
  type Filters,
  found,
  lastOfEach,
  list,
  type Page,
  page,
  type RepositoryParts,
  type Rows,
  saying,
} from "@tse/storage/rows";
import {
  type NewOrder,
  OPEN_STATUSES,
  type Order,
  type OrderQuery,
  type OrderStatus,
} from "./order.ts";
import { orderTable } from "./order-table.ts";

const FILTERS: Filters<Order, OrderQuery> = {
  accountId: equal("accountId"),
  symbol: equal("symbol"),
  orderType: equal("orderType"),
  side: equal("side"),
  status: among("status"),
  createdAfter: above("createdAt"),
  createdBefore: below("createdAt"),
  clientOrderId: equal("clientOrderId"),
  afterSeq: above("orderSeq"),
  beforeSeq: below("orderSeq"),
};

/**
 * Orders. Every write stamps `updatedAt`, but for `saveMany`. A final order (`FILLED`, `CANCELLED`,
 * `REJECTED`, `EXPIRED`) stays so. Lists are newest first.
 */
export class OrderRepository {
  readonly #parts: RepositoryParts;
  readonly #rows: Rows<Order>;

  constructor(parts: RepositoryParts) {
    this.#parts = parts;
    this.#rows = parts.session.rows(orderTable);
  }

  /**
   * @throws StorageError `already_exists` for an id in use or a client order id that is still open,
   *   `conflict` for an order that breaks a rule of its table or names no account
   */
  create(order: NewOrder): Promise<Order> {
    const now = this.#parts.clock.now();
    const orderId = order.orderId ?? this.#parts.newId();
    const row = { ...DEFAULTS, createdAt: now, ...order, orderId, updatedAt: now };
    return saying("already_exists", `order already exists: ${orderId}`, this.#rows.create(row));
  }

  /** @throws StorageError `not_found`, "order not found: <id>" */
  async getById(orderId: string): Promise<Order> {
    const [order] = await this.#rows.find({ where: named(orderId) });
    return found(order, "order", orderId);
  }

  /** @throws StorageError `invalid_query` */
  query(query: OrderQuery): Promise<Page<Order>> {
    return page(this.#rows, orderTable, FILTERS, query);
  }

  /**
   * `FILLED` also sets `filledAt` and `CANCELLED` `cancelledAt`, where absent; a final status frees what
   * was reserved.
   *
   * @throws StorageError `order_not_open` when the order is final and the status another one, `not_found`
   */
  updateStatus(orderId: string, status: OrderStatus): Promise<Order> {
    return this.#modify(orderId, (order, now) => {
      if (isFinal(order) && order.status !== status) throw notOpen(order);
      return ended(order, status, now);
    });
  }

  /**
   * Absolute values, not additions. The status becomes `PARTIAL`, or `FILLED` when nothing is open.
   *
   * @param filledQuantity 0 to the order's quantity
   * @throws StorageError `conflict` for more than the quantity, `order_not_open`, `not_found`
   */
  updateFilled(
    orderId: string,
    filledQuantity: bigint,
    averagePrice: bigint | undefined,
  ): Promise<Order> {
    return this.#modify(orderId, (order, now) => {
      const reached = statusFilledBy(order, filledQuantity);
      const change = reached === undefined ? {} : ended(order, reached, now);
      return { ...change, filledQuantity, averagePrice };
    });
  }

  /**
   * @param reason at most 100 characters, kept as `rejectReason`
   * @throws StorageError `order_not_open` unless the order is `PENDING`, `OPEN` or `PARTIAL`, `not_found`
   */
  cancel(orderId: string, reason?: string): Promise<Order> {
    return this.#modify(orderId, (order, now) => {
      if (isFinal(order)) throw notOpen(order);
      return {
        ...ended(order, "CANCELLED", now),
        ...(reason !== undefined && { rejectReason: reason }),
      };
    });
  }

  /** All orders of the account that are `PENDING`, `OPEN` or `PARTIAL`. */
  getPendingByAccount(accountId: string): Promise<Order[]> {
    const where = [equal<Order>("accountId")(accountId), among<Order>("status")(OPEN_STATUSES)];
    return list(this.#rows, orderTable, where);
  }

  /** @param limit all, when absent */
  getByAccountAndSymbol(accountId: string, symbol: string, limit?: number): Promise<Order[]> {
    const where = [equal<Order>("accountId")(accountId), equal<Order>("symbol")(symbol)];
    return list(this.#rows, orderTable, where, limit);
  }

  /** Stores orders as they are, `updatedAt` included; those with a known id are replaced. */
  saveMany(orders: readonly Order[]): Promise<void> {
    return this.#rows.save(lastOfEach(orders, ({ orderId }) => orderId));
  }

  async #modify(
    orderId: string,
    change: (order: Order, now: Timestamp) => Partial<Order>,
  ): Promise<Order> {
    const order = await this.#rows.modify(named(orderId), (before) => {
      const now = this.#parts.clock.now();
      return { ...change(before, now), updatedAt: now };
    });
    return found(order, "order", orderId);
  }
}

const DEFAULTS = {
  postOnly: false,
  stpMode: "EXPIRE_MAKER",
  filledQuantity: 0n,
  filledQuote: amount(0n),
  reservedAmount: amount(0n),
  status: "PENDING",
  timeInForce: "GTC",
} as const satisfies Partial<Order>;

function named(orderId: string): Condition<Order>[] {
  return [{ field: "orderId", is: "=", value: orderId }];
}

function isFinal({ status }: Order): boolean {
  return !OPEN_STATUSES.includes(status);
}

/** The status of an order that this much of is filled; `undefined` while nothing is. */
function statusFilledBy(order: Order, filledQuantity: bigint): OrderStatus | undefined {
  const { orderId, quantity, status } = order;
  if (isFinal(order) && status !== "FILLED") throw notOpen(order);
  if (filledQuantity < 0n || filledQuantity > quantity) {
    throw new StorageError("conflict", `order cannot be filled by this much: ${orderId}`);
  }
  if (filledQuantity === quantity) return "FILLED";
  if (status === "FILLED") throw notOpen(order);
  return filledQuantity === 0n ? undefined : "PARTIAL";
}

/** What an order that gets this status changes with it. */
function ended(order: Order, status: OrderStatus, now: Timestamp): Partial<Order> {
  return {
    status,
    ...(!OPEN_STATUSES.includes(status) && { reservedAmount: amount(0n) }),
    ...(status === "FILLED" && { filledAt: order.filledAt ?? now }),
    ...(status === "CANCELLED" && { cancelledAt: order.cancelledAt ?? now }),
  };
}

function notOpen({ orderId, status }: Order): StorageError {
  return new StorageError("order_not_open", `order is ${status}: ${orderId}`);
}
