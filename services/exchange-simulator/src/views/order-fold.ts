import {
  type AccountNumber,
  amount,
  entityId,
  type OrderAccepted,
  type OrderClosed,
  type OrderEnd,
  type OrderReduced,
  type OrderRejected,
  type OrderSeq,
  type OrderStatus,
  opposite,
  type SelfTradePrevented,
  type Timestamp,
  type Trade,
  type VenueEvent,
} from "@tse/domain";
import type { VenueView } from "@tse/venue";
import type { Unit } from "../exchange.ts";
import { type Fill, fillId, type OrderRecord } from "./order-record.ts";

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

/** An `OrderRecord` as the fold writes it; everyone else sees it readonly. */
export type RecordedOrder = Omit<Mutable<OrderRecord>, "fills"> & { readonly fills: Fill[] };

export interface OrderShelf {
  find(orderSeq: OrderSeq): RecordedOrder | undefined;
  /** A new order, with its first status. */
  opened(order: RecordedOrder): void;
  /** The order has its last status. */
  closed(order: RecordedOrder): void;
}

/** Turns the events of units into order records: the life cycle of one order, as its client sees it. */
export class OrderFold {
  readonly #venue: VenueView;
  readonly #shelf: OrderShelf;

  constructor(venue: VenueView, shelf: OrderShelf) {
    this.#venue = venue;
    this.#shelf = shelf;
  }

  unit(unit: Unit): void {
    for (const event of unit.events) this.#event(event, unit);
  }

  /** Only what the unit does to orders that it finds. */
  older(unit: Unit): void {
    for (const event of unit.events) {
      const isNew = event.kind === "order_accepted" || event.kind === "order_rejected";
      if (!isNew) this.#event(event, unit);
    }
  }

  #event(event: VenueEvent, unit: Unit): void {
    switch (event.kind) {
      case "order_accepted":
        this.#accepted(event, unit);
        break;
      case "order_rejected":
        this.#rejected(event, unit);
        break;
      case "trade":
        this.#traded(event, unit);
        break;
      case "order_reduced":
        this.#reduced(event, unit);
        break;
      case "self_trade_prevented":
        this.#prevented(event, unit);
        break;
      case "order_closed":
        this.#closed(event, unit);
        break;
    }
  }

  #accepted({ orderSeq, order, replaces }: OrderAccepted, unit: Unit): void {
    if (this.#isCustomer(order.account)) {
      const replacesId = this.#shelf.find(replaces)?.id ?? "";
      const record = newRecord(orderSeq, order, unit);
      this.#shelf.opened({ ...record, status: "open", replaces, replacesId });
    }
  }

  #rejected({ orderSeq, order, rejection }: OrderRejected, unit: Unit): void {
    if (!this.#isCustomer(order.account)) return;
    const record = newRecord(orderSeq, order, unit);
    record.status = "rejected";
    record.reason = rejection.code;
    this.#shelf.opened(record);
    this.#shelf.closed(record);
  }

  #traded(trade: Trade, unit: Unit): void {
    this.#filled(trade.takerOrder, trade, "taker", unit);
    this.#filled(trade.makerOrder, trade, "maker", unit);
  }

  #filled(orderSeq: OrderSeq, trade: Trade, liquidity: Fill["liquidity"], unit: Unit): void {
    const record = this.#shelf.find(orderSeq);
    if (record === undefined) return;

    record.fills.push(this.#fill(record, trade, liquidity, unit.time));
    record.filled = (record.filled + trade.quantity) as RecordedOrder["filled"];
    record.filledQuote = amount(record.filledQuote + trade.notional);
    record.status = "partial";
    changed(record, unit);
  }

  #fill(record: OrderRecord, trade: Trade, liquidity: Fill["liquidity"], time: Timestamp): Fill {
    const side = liquidity === "taker" ? trade.takerSide : opposite(trade.takerSide);
    const { base, quote } = this.#venue.instrument(trade.instrument);
    return {
      tradeSeq: trade.tradeSeq,
      id: fillId(trade.tradeSeq, liquidity, time),
      orderSeq: record.orderSeq,
      orderId: record.id,
      account: record.account,
      instrument: trade.instrument,
      side,
      price: trade.price,
      quantity: trade.quantity,
      notional: trade.notional,
      fee: liquidity === "taker" ? trade.takerFee : trade.makerFee,
      feeAsset: side === "buy" ? base : quote,
      liquidity,
      executedAt: time,
    };
  }

  #reduced({ orderSeq, quantity }: OrderReduced, unit: Unit): void {
    const record = this.#shelf.find(orderSeq);
    if (record === undefined) return;
    record.quantity = quantity;
    changed(record, unit);
  }

  #prevented({ takerOrder, makerOrder, quantity }: SelfTradePrevented, unit: Unit): void {
    for (const orderSeq of [takerOrder, makerOrder]) {
      const record = this.#shelf.find(orderSeq);
      if (record === undefined) continue;
      if (record.quantity > 0)
        record.quantity = (record.quantity - quantity) as RecordedOrder["quantity"];
      changed(record, unit);
    }
  }

  #closed({ orderSeq, end }: OrderClosed, unit: Unit): void {
    const record = this.#shelf.find(orderSeq);
    if (record === undefined) return;
    const { status, reason } = endOf(end);
    record.status = status;
    record.reason = reason;
    changed(record, unit);
    if (status === "filled") record.filledAt = unit.time;
    if (status === "cancelled") record.cancelledAt = unit.time;
    this.#shelf.closed(record);
  }

  #isCustomer(account: AccountNumber): boolean {
    return this.#venue.account(account)?.role === "customer";
  }
}

function changed(record: RecordedOrder, { sequence, time }: Unit): void {
  record.updatedAt = time;
  record.updatedBy = sequence;
}

function newRecord(orderSeq: OrderSeq, order: OrderAccepted["order"], unit: Unit): RecordedOrder {
  const id = entityId("order", unit.time, orderSeq);
  return {
    orderSeq,
    id,
    account: order.account,
    instrument: order.instrument,
    side: order.side,
    type: order.type,
    limit: order.limit,
    quantity: order.quantity,
    quoteQuantity: order.quoteQuantity,
    timeInForce: order.timeInForce,
    postOnly: order.postOnly,
    selfTradePrevention: order.selfTradePrevention,
    clientOrderId: order.clientOrderId === "" ? id : order.clientOrderId,
    status: "pending",
    filled: 0 as RecordedOrder["filled"],
    filledQuote: amount(0n),
    reason: "",
    replaces: 0 as OrderSeq,
    replacesId: "",
    correlationId: unit.origin.correlationId,
    createdAt: unit.time,
    updatedAt: unit.time,
    updatedBy: unit.sequence,
    filledAt: undefined,
    cancelledAt: undefined,
    fills: [],
  };
}

function endOf(end: OrderEnd): { status: OrderStatus; reason: string } {
  if (end === "filled") return { status: "filled", reason: "" };
  const [status, reason] = end.split(":") as ["cancelled" | "expired", string];
  return { status, reason };
}
