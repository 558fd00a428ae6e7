import {
  amount,
  type Instrument,
  type InstrumentId,
  type LiveOrder,
  lots,
  type OrderSeq,
  type PlaceOrder,
  type Side,
  ticks,
} from "@tse/domain";
import type { FillReceiver, FlowBook, Sign } from "@tse/market-model";
import type { Exchange, Unit } from "../../exchange.ts";
import { largestOrder, type OrderLimits, smallestOrder } from "../order-limit.ts";
import type { Trader } from "../trader.ts";

export interface VenueFlowBookParts {
  readonly exchange: Exchange;
  readonly instrument: InstrumentId;
  /** Who rests the order of a slot. */
  readonly resting: (slot: number) => Trader;
  readonly taking: Trader;
  readonly slots: number;
  readonly limits: OrderLimits;
  /** Told what became of the slots' orders when it is shown, a moment after it happened. */
  readonly fills: FillReceiver;
}

/**
 * The book of the venue as the flow's agents see it: they are clients of the exchange like everyone, with accounts, minima and
 * limits. What they do has happened when the call returns. What others did to their orders they hear when it is shown; an
 * order that is gone by then is not cancelled again.
 *
 * While it is closed, as without a feed, nothing is placed or taken.
 */
export class VenueFlowBook implements FlowBook {
  readonly #parts: VenueFlowBookParts;
  /** By slot the number of its live order; 0: none. */
  readonly #orders: Float64Array;
  /** Lots of it that are left, as far as was shown. */
  readonly #left: Float64Array;
  readonly #slots = new Map<OrderSeq, number>();
  isOpen = false;

  constructor(parts: VenueFlowBookParts) {
    this.#parts = parts;
    this.#orders = new Float64Array(parts.slots);
    this.#left = new Float64Array(parts.slots);
  }

  get bid(): number {
    return this.#parts.exchange.venue.bestBid(this.#parts.instrument);
  }

  get ask(): number {
    return this.#parts.exchange.venue.bestAsk(this.#parts.instrument);
  }

  get bidLots(): number {
    return this.#lotsAt("buy");
  }

  get askLots(): number {
    return this.#lotsAt("sell");
  }

  place(slot: number, sign: Sign, price: number, wanted: number): boolean {
    const instrument = this.#instrument();
    if (!this.isOpen || instrument.status !== "trading") return false;
    const { venue } = this.#parts.exchange;
    const trader = this.#parts.resting(slot);
    const last = venue.lastOrder;
    const quantity = this.#allowed(instrument, wanted);
    void trader.send({
      ...this.#order(trader, sign, quantity),
      limit: ticks(price),
      postOnly: true,
    });
    const orderSeq = venue.lastOrder;
    if (orderSeq === last || venue.liveOrder(orderSeq) === undefined) return false;
    this.#orders[slot] = orderSeq;
    this.#left[slot] = quantity;
    this.#slots.set(orderSeq, slot);
    return true;
  }

  cancel(slot: number): void {
    const order = this.#liveOrder(slot);
    this.#orders[slot] = 0;
    if (order === undefined) return;
    const trader = this.#parts.resting(slot);
    const { orderSeq } = order;
    void trader.send({
      kind: "cancel_order",
      account: trader.account,
      orderSeq,
      clientOrderId: "",
    });
  }

  open(slot: number): number {
    return this.#liveOrder(slot)?.open ?? 0;
  }

  /** What it traded is what the taker then owns more or less: an account of its own, which trades only here. */
  take(sign: Sign, worst: number, wanted: number): number {
    const instrument = this.#instrument();
    if (!this.isOpen || instrument.status !== "trading") return 0;
    const { taking } = this.#parts;
    const quantity = this.#allowed(instrument, wanted);
    const order = this.#order(taking, sign, quantity);
    const before = this.#owned(instrument);
    void taking.send(
      worst === 0
        ? { ...order, type: "market", timeInForce: "ioc" }
        : { ...order, limit: ticks(worst), timeInForce: "ioc" },
    );
    return Math.round(Math.abs(this.#owned(instrument) - before) / instrument.minorPerLot);
  }

  /** Passes on what a unit did to the slots' orders. */
  see({ events }: Unit): void {
    for (const event of events) {
      if (event.kind === "trade") this.#filled(event.makerOrder, event.quantity);
      else if (event.kind === "order_closed") this.#closed(event.orderSeq);
    }
  }

  #filled(orderSeq: OrderSeq, quantity: number): void {
    const slot = this.#slots.get(orderSeq);
    if (slot === undefined || this.#orders[slot] !== orderSeq) return;
    const left = (this.#left[slot] as number) - quantity;
    this.#left[slot] = left;
    if (left === 0) this.#orders[slot] = 0;
    this.#parts.fills.filled(slot, quantity, left);
  }

  /** However it ended: what ended otherwise than by a trade leaves its slot empty too. */
  #closed(orderSeq: OrderSeq): void {
    const slot = this.#slots.get(orderSeq);
    this.#slots.delete(orderSeq);
    if (slot === undefined || this.#orders[slot] !== orderSeq) return;
    this.#orders[slot] = 0;
    this.#parts.fills.filled(slot, this.#left[slot] as number, 0);
  }

  #instrument(): Instrument {
    return this.#parts.exchange.venue.instrument(this.#parts.instrument);
  }

  #liveOrder(slot: number): LiveOrder | undefined {
    const orderSeq = this.#orders[slot] as OrderSeq;
    return orderSeq === 0 ? undefined : this.#parts.exchange.venue.liveOrder(orderSeq);
  }

  #lotsAt(side: Side): number {
    const [best] = this.#parts.exchange.venue.depth(this.#parts.instrument, side, 1);
    return best?.quantity ?? 0;
  }

  #owned({ base }: Instrument): number {
    const { available, locked } = this.#parts.exchange.venue.balance(
      this.#parts.taking.account,
      base,
    );
    return Number(available + locked);
  }

  /** Between what the venue takes at least and at most. */
  #allowed(instrument: Instrument, wanted: number): number {
    const { exchange, limits } = this.#parts;
    const most = largestOrder(exchange.venue, instrument, limits);
    return Math.min(Math.max(wanted, smallestOrder(exchange.venue, instrument)), most);
  }

  #order({ account }: Trader, sign: Sign, quantity: number): PlaceOrder {
    return {
      kind: "place_order",
      account,
      instrument: this.#parts.instrument,
      side: sign > 0 ? "buy" : "sell",
      type: "limit",
      limit: ticks(0),
      quantity: lots(quantity),
      quoteQuantity: amount(0n),
      timeInForce: "gtc",
      postOnly: false,
      selfTradePrevention: "expire_maker",
      clientOrderId: "",
      fault: undefined,
    };
  }
}
