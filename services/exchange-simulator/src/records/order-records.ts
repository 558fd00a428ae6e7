import {
  type Account,
  type AccountNumber,
  entityNumber,
  type InstrumentId,
  type OrderSeq,
  type OrderStatus,
  type Timestamp,
  timestamp,
} from "@tse/domain";
import type { Order, OrderStatus as StoredStatus } from "@tse/exchange-data-adapter";
import type { VenueView } from "@tse/venue";
import { fillRecord, orderRecord } from "../archive/stored-records.ts";
import { type Fill, fillNumber, type OrderRecord } from "../views/order-record.ts";
import type { OrderHistory } from "../views/orders.ts";
import { type Part, partOf, type Window } from "./merge.ts";
import { type Past, pageRequest, pastBehind, recordsOf } from "./stored.ts";

/** An order as lists show it. */
export type OrderSummary = Omit<OrderRecord, "fills">;

export interface OrderFilter {
  readonly account: AccountNumber;
  readonly instrument?: InstrumentId | undefined;
  readonly statuses?: ReadonlySet<OrderStatus> | undefined;
  readonly clientOrderId?: string | undefined;
  /** Creation time, inclusive. */
  readonly from?: Timestamp | undefined;
  /** Creation time, exclusive. */
  readonly to?: Timestamp | undefined;
}

export interface FillFilter {
  readonly account: AccountNumber;
  readonly instrument?: InstrumentId | undefined;
  /** Execution time, inclusive. */
  readonly from?: Timestamp | undefined;
  /** Execution time, exclusive. */
  readonly to?: Timestamp | undefined;
}

interface OrderRecordsParts {
  readonly venue: VenueView;
  readonly orders: OrderHistory;
  readonly past: Past;
}

const ANY: Window = { after: -1, before: Number.POSITIVE_INFINITY, from: "newest", limit: 1 };

/**
 * Customers' orders and fills of any age: the new ones from memory, the old ones from SQL.
 *
 * All methods reject with StorageError `storage_unavailable` when what is asked for reaches into SQL and
 * that can't be read.
 */
export class OrderRecords {
  readonly #parts: OrderRecordsParts;

  constructor(parts: OrderRecordsParts) {
    this.#parts = parts;
  }

  /** With its fills; `undefined` when there is none. */
  async order(orderSeq: OrderSeq): Promise<OrderRecord | undefined> {
    const { orders, past, venue } = this.#parts;
    const known = orders.order(orderSeq);
    if (known !== undefined || !orders.mayHaveForgotten(orderSeq)) return known;
    const { orderRepository, tradeRepository } = pastBehind(past, orders);
    const seq = { afterSeq: orderSeq - 1, beforeSeq: orderSeq + 1 };
    const [row] = (await orderRepository.query({ ...seq, limit: 1 })).items;
    if (row === undefined) return undefined;
    const rows = await tradeRepository.getByOrderId(row.orderId);
    const fills = rows.map((each) => fillRecord(each, venue));
    fills.sort((one, other) => fillNumber(one) - fillNumber(other));
    return { ...orderRecord(row, venue), fills };
  }

  /** The newest order of the account with that client order id, given or generated. */
  async named(account: AccountNumber, clientOrderId: string): Promise<OrderRecord | undefined> {
    const { orders } = this.#parts;
    const known = orders.byClientOrderId(account, clientOrderId);
    if (known !== undefined && known.orderSeq > orders.forgottenOrder(account)) return known;
    const { items } = await this.list({ account, clientOrderId }, ANY);
    const [newest] = items;
    if (newest !== undefined) return this.order(newest.orderSeq);
    const generated = entityNumber("order", clientOrderId);
    const order = generated === undefined ? undefined : await this.order(generated as OrderSeq);
    return order?.account === account && order.clientOrderId === clientOrderId ? order : undefined;
  }

  /** By number: in the order in which they came. */
  list(filter: OrderFilter, window: Window): Promise<Part<OrderSummary>> {
    const { orders } = this.#parts;
    const { account } = filter;
    const all = orders.list({ account });
    const isOf = matching(filter);
    return partOf<OrderSummary>(
      {
        numberOf: ({ orderSeq }) => orderSeq,
        recent: all.filter(isOf),
        forgotten: orders.forgottenOrder(account),
        outdated: () =>
          new Set(all.filter((order) => !isOf(order)).map(({ orderSeq }) => orderSeq)),
        stored: (part) => this.#storedOrders(filter, part),
      },
      window,
    );
  }

  /** By `fillNumber`: in order of execution. */
  fills(filter: FillFilter, window: Window): Promise<Part<Fill>> {
    const { orders } = this.#parts;
    const { account, instrument, from, to } = filter;
    return partOf(
      {
        numberOf: fillNumber,
        recent: orders.fills(account, instrument).filter(within(from, to)),
        forgotten: orders.forgottenFill(account),
        stored: (part) => this.#storedFills(filter, part),
      },
      window,
    );
  }

  #storedOrders(filter: OrderFilter, window: Window): AsyncIterable<OrderSummary> {
    const { orders, past, venue } = this.#parts;
    const { orderRepository } = pastBehind(past, orders);
    const { account, instrument, statuses, clientOrderId, from, to } = filter;
    const query = {
      accountId: idOf(account, venue),
      ...(instrument !== undefined && { symbol: venue.instrument(instrument).symbol }),
      ...(statuses !== undefined && { status: [...statuses].map(storedStatus) }),
      ...(clientOrderId !== undefined && { clientOrderId }),
      ...(from !== undefined && { createdAfter: timestamp(from - 1) }),
      ...(to !== undefined && { createdBefore: to }),
      afterSeq: window.after,
      beforeSeq: window.before,
      ...pageRequest("orderSeq", window),
    };
    const recordOf = (row: Order) => ofInstrument(orderRecord(row, venue), instrument);
    return recordsOf((asked) => orderRepository.query(asked), query, recordOf);
  }

  #storedFills(filter: FillFilter, window: Window): AsyncIterable<Fill> {
    const { orders, past, venue } = this.#parts;
    const { tradeRepository } = pastBehind(past, orders);
    const { account, instrument, from, to } = filter;
    const query = {
      accountId: idOf(account, venue),
      ...(instrument !== undefined && { symbol: venue.instrument(instrument).symbol }),
      ...(from !== undefined && { executedAfter: timestamp(from - 1) }),
      ...(to !== undefined && { executedBefore: to }),
      // Of a trade at the edge one side may be outside the window.
      afterSeq: Math.floor((window.after + 1) / 2) - 1,
      beforeSeq: Math.floor((window.before + 1) / 2),
      ...pageRequest("tradeSeq", window),
    };
    return recordsOf(
      (asked) => tradeRepository.query(asked),
      query,
      (row) => {
        const fill = ofInstrument(fillRecord(row, venue), instrument);
        const number = fill === undefined ? -1 : fillNumber(fill);
        return number > window.after && number < window.before ? fill : undefined;
      },
    );
  }
}

function matching(filter: OrderFilter): (order: OrderRecord) => boolean {
  const { instrument, statuses, clientOrderId, from, to } = filter;
  return (order) =>
    (instrument === undefined || order.instrument === instrument) &&
    (statuses === undefined || statuses.has(order.status)) &&
    (clientOrderId === undefined || order.clientOrderId === clientOrderId) &&
    (from === undefined || order.createdAt >= from) &&
    (to === undefined || order.createdAt < to);
}

function within(from: Timestamp | undefined, to: Timestamp | undefined): (fill: Fill) => boolean {
  return ({ executedAt }) =>
    (from === undefined || executedAt >= from) && (to === undefined || executedAt < to);
}

/** A symbol may have been listed before: what is of that instrument is passed over. */
function ofInstrument<Item extends { readonly instrument: InstrumentId }>(
  item: Item,
  instrument: InstrumentId | undefined,
): Item | undefined {
  return instrument === undefined || item.instrument === instrument ? item : undefined;
}

function storedStatus(status: OrderStatus): StoredStatus {
  return status.toUpperCase() as StoredStatus;
}

function idOf(account: AccountNumber, venue: VenueView): string {
  return (venue.account(account) as Account).id;
}
