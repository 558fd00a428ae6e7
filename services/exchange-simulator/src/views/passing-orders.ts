import {
  type AccountNumber,
  assert,
  entityId,
  type OrderSeq,
  type TradeSeq,
  type VenueEvent,
} from "@tse/domain";
import type { VenueView } from "@tse/venue";
import type { Unit } from "../exchange.ts";
import { OrderFold, type RecordedOrder } from "./order-fold.ts";

/** A live order, as the units that made it what it is. */
interface PassingOrder {
  readonly units: Unit[];
  readonly replacesId: string;
}

/**
 * The orders of units that are only passed on the way, in a long replay. Most of them end on the way, and
 * nobody ever looks at them: so each is kept as the units that touched it, which costs little, and becomes a
 * record when it is asked for. An order that ended can be asked for until the next unit.
 */
export class PassingOrders {
  readonly #venue: VenueView;
  readonly #idOfOlder: (orderSeq: OrderSeq) => string | undefined;
  readonly #orders = new Map<OrderSeq, PassingOrder>();
  readonly #ended: OrderSeq[] = [];
  #lastOrder = 0 as OrderSeq;
  #lastTrade = 0 as TradeSeq;

  /** @param idOfOlder id of an order from before the first unit */
  constructor(venue: VenueView, idOfOlder: (orderSeq: OrderSeq) => string | undefined) {
    this.#venue = venue;
    this.#idOfOlder = idOfOlder;
  }

  /** The greatest number of an order that was passed; 0: none was. */
  get lastOrder(): OrderSeq {
    return this.#lastOrder;
  }

  get lastTrade(): TradeSeq {
    return this.#lastTrade;
  }

  pass(unit: Unit): void {
    for (const orderSeq of this.#ended) this.#orders.delete(orderSeq);
    this.#ended.length = 0;
    for (const event of unit.events) this.#event(event, unit);
  }

  record(orderSeq: OrderSeq): RecordedOrder | undefined {
    const order = this.#orders.get(orderSeq);
    return order === undefined ? undefined : this.#recordOf(orderSeq, order);
  }

  /** Those that have not ended, oldest first. */
  *live(): Generator<RecordedOrder> {
    const ended = new Set(this.#ended);
    for (const [orderSeq, order] of this.#orders) {
      if (!ended.has(orderSeq)) yield this.#recordOf(orderSeq, order);
    }
  }

  #event(event: VenueEvent, unit: Unit): void {
    switch (event.kind) {
      case "order_accepted":
        this.#lastOrder = event.orderSeq;
        this.#begin(event.orderSeq, event.order.account, unit, event.replaces);
        break;
      case "order_rejected":
        this.#lastOrder = event.orderSeq;
        this.#begin(event.orderSeq, event.order.account, unit);
        this.#ended.push(event.orderSeq);
        break;
      case "trade":
        this.#lastTrade = event.tradeSeq;
        this.#touch(event.takerOrder, unit);
        this.#touch(event.makerOrder, unit);
        break;
      case "order_reduced":
        this.#touch(event.orderSeq, unit);
        break;
      case "self_trade_prevented":
        this.#touch(event.takerOrder, unit);
        this.#touch(event.makerOrder, unit);
        break;
      case "order_closed":
        this.#touch(event.orderSeq, unit);
        this.#ended.push(event.orderSeq);
        break;
    }
  }

  #begin(
    orderSeq: OrderSeq,
    account: AccountNumber,
    unit: Unit,
    replaces: OrderSeq = 0 as OrderSeq,
  ): void {
    if (this.#venue.account(account)?.role !== "customer") return;
    this.#orders.set(orderSeq, { units: [unit], replacesId: this.#idOf(replaces) });
  }

  #touch(orderSeq: OrderSeq, unit: Unit): void {
    const units = this.#orders.get(orderSeq)?.units;
    if (units !== undefined && units.at(-1) !== unit) units.push(unit);
  }

  /** `""` for 0, which stands for no order. */
  #idOf(orderSeq: OrderSeq): string {
    if (orderSeq === 0) return "";
    const [first] = this.#orders.get(orderSeq)?.units ?? [];
    if (first !== undefined) return entityId("order", first.time, orderSeq);
    return this.#idOfOlder(orderSeq) ?? "";
  }

  #recordOf(orderSeq: OrderSeq, { units, replacesId }: PassingOrder): RecordedOrder {
    let record: RecordedOrder | undefined;
    const fold = new OrderFold(this.#venue, {
      find: (seq) => (seq === orderSeq ? record : undefined),
      opened: (order) => {
        if (order.orderSeq === orderSeq) record = order;
      },
      closed: () => {},
    });
    for (const unit of units) fold.unit(unit);
    assert(record !== undefined, "the first unit of an order opens it");
    return { ...(record as RecordedOrder), replacesId };
  }
}
