import { assert, type OrderSeq, type Sequence } from "@tse/domain";
import type { LogEntry } from "@tse/journal";
import type { Venue } from "@tse/venue";
import type { Unit } from "../exchange.ts";
import { postedRenderer } from "../gateways/native/posted.ts";
import type { ReplyRenderer } from "../idempotency/kept-reply.ts";
import type { ExchangeState } from "../recovery/exchange-views.ts";
import { FeedStates } from "../views/feed-states.ts";
import type { OrderRecord } from "../views/order-record.ts";
import { OrderHistory } from "../views/orders.ts";

/** Finished orders that are remembered: more than one step of the projection can finish. */
const FINISHED_KEPT = 100_000;

/**
 * A second venue that repeats the journal at its own pace, with the views that tell what each command
 * did and what was answered to it.
 */
export class Follower {
  readonly venue: Venue;
  readonly orders: OrderHistory;
  /** Renders the answer to the request of the unit that was applied last. */
  readonly render: ReplyRenderer;
  readonly #feeds = new FeedStates();

  constructor(venue: Venue) {
    this.venue = venue;
    this.orders = new OrderHistory(venue, FINISHED_KEPT);
    this.render = postedRenderer({ venue, orders: this.orders, feeds: this.#feeds });
  }

  get sequence(): Sequence {
    return this.venue.sequence;
  }

  /** Views of a venue that was restored from the same state. */
  restore({ orders, feeds }: ExchangeState): void {
    this.orders.restore(orders);
    this.#feeds.restore(feeds);
  }

  /** Repeats one entry: the next. */
  apply({ sequence, time, origin, command }: LogEntry): Unit {
    this.venue.events.clear();
    const rejection = this.venue.apply(command, time);
    assert(this.venue.sequence === sequence, "the journal has no gap");
    const events = this.venue.events.read();
    const unit: Unit = { sequence, time, origin, command, rejection, events };
    this.orders.record(unit);
    this.#feeds.record(unit);
    return unit;
  }

  readonly order = (orderSeq: OrderSeq): OrderRecord | undefined => this.orders.order(orderSeq);
}
