import {
  amount,
  type Clock,
  type Instrument,
  type InstrumentId,
  lots,
  type PlaceOrder,
  type Timer,
  ticks,
} from "@tse/domain";
import type { OrderFlow, Wish } from "@tse/market-model";
import type { VenueView } from "@tse/venue";
import type { Inventory } from "../inventory.ts";
import { smallestOrder } from "../order-limit.ts";
import type { Trader } from "../trader.ts";

export interface TakerParts {
  readonly venue: VenueView;
  readonly clock: Clock;
  readonly trader: Trader;
  readonly instrument: InstrumentId;
  readonly flow: OrderFlow;
  readonly own: Inventory;
  /** The maker's, whom it trades with most: both are drawn back to what they began with. */
  readonly maker: Inventory;
}

/** How strongly inventories out of balance pull: a fiftieth out leans by four tenths. */
const PULL = 20;

/**
 * The takers of one instrument: market orders at seeded times. Draws at its own arrivals only, and the
 * same number of times at each, whatever the market does.
 */
export class Taker {
  readonly #parts: TakerParts;
  #timer: Timer | undefined;
  #arrivals = 0;
  #watching = false;

  constructor(parts: TakerParts) {
    this.#parts = parts;
  }

  get arrivals(): number {
    return this.#arrivals;
  }

  start(): void {
    const { clock, flow } = this.#parts;
    this.#timer = clock.after(flow.gap(), () => this.#arrive());
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** Without a feed nobody knows what a fair price is, and nobody takes one. */
  watch(feed: "live" | "stale"): void {
    this.#watching = feed === "live";
  }

  #arrive(): void {
    const { venue, trader, flow, instrument } = this.#parts;
    this.#arrivals += 1;
    const wish = flow.wish(this.#lean());
    this.start();

    const listed = venue.instrument(instrument);
    if (!this.#watching || listed.status !== "trading") return;
    void trader.send(this.#order(listed, wish));
  }

  /** Above 0 when it has less of the base asset than the maker has, each against its own start. */
  #lean(): number {
    return PULL * (this.#parts.maker.imbalance() - this.#parts.own.imbalance());
  }

  #order(instrument: Instrument, { side, quantity }: Wish): PlaceOrder {
    const smallest = smallestOrder(this.#parts.venue, instrument);
    return {
      kind: "place_order",
      account: this.#parts.trader.account,
      instrument: instrument.id,
      side,
      type: "market",
      limit: ticks(0),
      quantity: lots(Math.max(quantity, smallest)),
      quoteQuantity: amount(0n),
      timeInForce: "ioc",
      postOnly: false,
      selfTradePrevention: "expire_maker",
      clientOrderId: "",
      fault: undefined,
    };
  }
}
