import {
  type AccountNumber,
  entityNumber,
  type InstrumentId,
  type OrderSeq,
  type OrderStatus,
  type Sequence,
  type Timestamp,
} from "@tse/domain";
import type { VenueView } from "@tse/venue";
import type { Unit } from "../exchange.ts";
import { Forgotten, type ForgottenState } from "./forgotten.ts";
import { fromOrderColumns, type OrderColumns, toOrderColumns } from "./order-columns.ts";
import { OrderFold, type RecordedOrder } from "./order-fold.ts";
import { type Fill, fillNumber, type OrderRecord } from "./order-record.ts";
import { PassingOrders } from "./passing-orders.ts";
import { type Kept, Retention, type RetentionState } from "./retention.ts";

export interface OrderQuery {
  readonly account: AccountNumber;
  readonly instrument?: InstrumentId | undefined;
  readonly statuses?: ReadonlySet<OrderStatus> | undefined;
  /** Creation time, inclusive. */
  readonly from?: Timestamp | undefined;
  /** Creation time, exclusive. */
  readonly to?: Timestamp | undefined;
}

/** For a snapshot. */
export interface OrderHistoryState extends RetentionState {
  readonly live: OrderColumns;
  /** In the order in which they ended. */
  readonly finished: OrderColumns;
  readonly forgottenOrders: ForgottenState<AccountNumber>;
  readonly forgottenFills: ForgottenState<AccountNumber>;
}

/** What one account's orders are found by. */
interface Shelf {
  readonly orders: Map<OrderSeq, RecordedOrder>;
  readonly open: Map<OrderSeq, RecordedOrder>;
  readonly byClientOrderId: Map<string, RecordedOrder>;
}

/**
 * Customers' orders and fills, folded from released units: whatever it shows is durable. Live orders
 * are all kept; of finished ones the newest `maxFinished`, over all accounts, and those that aren't in
 * SQL yet.
 */
export class OrderHistory {
  readonly #orders = new Map<OrderSeq, RecordedOrder>();
  readonly #shelves = new Map<AccountNumber, Shelf>();
  readonly #retention = new Retention();
  readonly #finished: Kept<RecordedOrder>;
  readonly #fold: OrderFold;
  readonly #forgottenOrders = new Forgotten<AccountNumber>();
  readonly #forgottenFills = new Forgotten<AccountNumber>();
  readonly #venue: VenueView;
  #passing: PassingOrders | undefined;

  constructor(venue: VenueView, maxFinished = 50_000) {
    this.#venue = venue;
    this.#finished = this.#retention.list({
      bound: maxFinished,
      sequenceOf: ({ updatedBy }) => updatedBy,
      forget: (order) => this.#forget(order),
    });
    this.#fold = new OrderFold(venue, {
      find: (orderSeq) => this.#orders.get(orderSeq),
      opened: (order) => this.#opened(order),
      closed: (order) => this.#closed(order),
    });
  }

  /** Every order changed by this unit or a later one is here. */
  get completeFrom(): Sequence {
    return this.#retention.completeFrom;
  }

  /** Subscribe this to the exchange before anything that reads. */
  readonly record = (unit: Unit): void => {
    this.#fold.unit(unit);
  };

  /** A unit that is only passed on the way: of its orders those are kept that outlive the last such unit. */
  pass(unit: Unit): void {
    this.#passing ??= new PassingOrders(this.#venue, (orderSeq) => this.#orders.get(orderSeq)?.id);
    this.#passing.pass(unit);
    if (this.#orders.size > 0) this.#fold.older(unit);
  }

  /** The last unit that is only passed was `sequence`. */
  passed(sequence: Sequence): void {
    const passing = this.#passing;
    if (passing === undefined) return;
    this.#passing = undefined;
    for (const order of passing.live()) this.#opened(order);
    const fill = fillNumber({ tradeSeq: passing.lastTrade, liquidity: "taker" });
    for (const { number } of this.#venue.accounts()) {
      this.#forgottenOrders.note(number, passing.lastOrder);
      this.#forgottenFills.note(number, fill);
    }
    this.#retention.forgot(sequence);
  }

  /** Everything up to `sequence` is in SQL. */
  projected(sequence: Sequence): void {
    this.#retention.projected(sequence);
  }

  order(orderSeq: OrderSeq): OrderRecord | undefined {
    return this.#orders.get(orderSeq) ?? this.#passing?.record(orderSeq);
  }

  /** Whether an order of that number may have been here that no longer is. */
  mayHaveForgotten(orderSeq: OrderSeq): boolean {
    return orderSeq <= this.#forgottenOrders.last && !this.#orders.has(orderSeq);
  }

  /** Every order of the account that has a greater number is here; -1: all are. */
  forgottenOrder(account: AccountNumber): number {
    return this.#forgottenOrders.of(account);
  }

  /** The same of its fills, by `fillNumber`. */
  forgottenFill(account: AccountNumber): number {
    return this.#forgottenFills.of(account);
  }

  /** The newest order of the account with that client order id, given or generated. */
  byClientOrderId(account: AccountNumber, clientOrderId: string): OrderRecord | undefined {
    const shelf = this.#shelves.get(account);
    const named = shelf?.byClientOrderId.get(clientOrderId);
    if (named !== undefined) return named;
    const generated = entityNumber("order", clientOrderId);
    const order = generated === undefined ? undefined : shelf?.orders.get(generated as OrderSeq);
    return order?.clientOrderId === clientOrderId ? order : undefined;
  }

  /** Oldest first. */
  open(account: AccountNumber, instrument?: InstrumentId): readonly OrderRecord[] {
    const open = this.#shelves.get(account)?.open.values() ?? [];
    return [...open].filter((order) => instrument === undefined || order.instrument === instrument);
  }

  /** Oldest first. */
  list(query: OrderQuery): readonly OrderRecord[] {
    const orders = this.#shelves.get(query.account)?.orders.values() ?? [];
    return [...orders].filter((order) => matches(order, query));
  }

  /** In order of execution. */
  fills(account: AccountNumber, instrument?: InstrumentId): readonly Fill[] {
    const fills: Fill[] = [];
    for (const order of this.#shelves.get(account)?.orders.values() ?? []) {
      if (instrument === undefined || order.instrument === instrument) fills.push(...order.fills);
    }
    return fills.sort((one, other) => one.tradeSeq - other.tradeSeq);
  }

  /** The live orders, and what else is here and not in SQL, when SQL has everything up to `projected`. */
  save(projected: Sequence): OrderHistoryState {
    const live = [...this.#shelves.values()].flatMap(({ open }) => [...open.values()]);
    const unsaved = this.#finished.upTo(projected);
    return {
      ...this.#retention.save(projected + 1),
      live: toOrderColumns(live),
      finished: toOrderColumns(this.#finished.after(projected)),
      forgottenOrders: this.#forgottenOrders.save(
        unsaved.map(({ account, orderSeq }) => [account, orderSeq]),
      ),
      forgottenFills: this.#forgottenFills.save(
        unsaved.flatMap(({ fills }) => fills.map((fill) => [fill.account, fillNumber(fill)])),
      ),
    };
  }

  /** Into a view that has recorded nothing. */
  restore(state: OrderHistoryState): void {
    this.#retention.restore(state);
    this.#forgottenOrders.restore(state.forgottenOrders);
    this.#forgottenFills.restore(state.forgottenFills);
    const finished = fromOrderColumns(state.finished);
    const all = [...fromOrderColumns(state.live), ...finished];
    all.sort((one, other) => one.orderSeq - other.orderSeq);
    for (const order of all) this.#opened(order);
    for (const order of finished) this.#closed(order);
  }

  #opened(order: RecordedOrder): void {
    const shelf = this.#shelf(order.account);
    this.#orders.set(order.orderSeq, order);
    shelf.orders.set(order.orderSeq, order);
    if (order.status !== "rejected") {
      shelf.open.set(order.orderSeq, order);
    }
    if (order.clientOrderId !== order.id) shelf.byClientOrderId.set(order.clientOrderId, order);
  }

  #closed(order: RecordedOrder): void {
    this.#shelf(order.account).open.delete(order.orderSeq);
    this.#finished.add(order);
  }

  #forget(order: RecordedOrder): void {
    const shelf = this.#shelf(order.account);
    this.#forgottenOrders.note(order.account, order.orderSeq);
    for (const fill of order.fills) this.#forgottenFills.note(order.account, fillNumber(fill));
    this.#orders.delete(order.orderSeq);
    shelf.orders.delete(order.orderSeq);
    if (shelf.byClientOrderId.get(order.clientOrderId) === order) {
      shelf.byClientOrderId.delete(order.clientOrderId);
    }
  }

  #shelf(account: AccountNumber): Shelf {
    let shelf = this.#shelves.get(account);
    if (shelf === undefined) {
      shelf = { orders: new Map(), open: new Map(), byClientOrderId: new Map() };
      this.#shelves.set(account, shelf);
    }
    return shelf;
  }
}

function matches(order: OrderRecord, query: OrderQuery): boolean {
  if (query.instrument !== undefined && order.instrument !== query.instrument) return false;
  if (query.statuses !== undefined && !query.statuses.has(order.status)) return false;
  if (query.from !== undefined && order.createdAt < query.from) return false;
  return query.to === undefined || order.createdAt < query.to;
}
