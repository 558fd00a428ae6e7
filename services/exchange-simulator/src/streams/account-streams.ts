import type { AccountNumber, Balance, BalanceChanged, OrderSeq, VenueEvent } from "@tse/domain";
import type { Exchange, Unit } from "../exchange.ts";
import { renderBalance } from "../gateways/native/render/funds.ts";
import { renderFill, renderOrder } from "../gateways/native/render/orders.ts";
import type { OrderRecord } from "../views/order-record.ts";
import type { OrderHistory } from "../views/orders.ts";
import { EventStream } from "./event-stream.ts";
import type { Feed, Opening } from "./feed.ts";

export interface AccountParts {
  readonly exchange: Pick<Exchange, "venue" | "durable">;
  /** Subscribed to the exchange before these streams: it knows of each unit first. */
  readonly orders: Pick<OrderHistory, "order" | "open">;
}

export interface AccountFeeds {
  readonly orders: Feed<OrderRecord>;
  readonly balances: Feed<Balance>;
}

interface Tracked extends AccountFeeds {
  followers: number;
  /** Whether events are kept: from the first follower until long after the last one left. */
  recording: boolean;
}

/** Accounts that nobody follows any more and whose events are still kept, for who comes back. */
const IDLE_MAX = 64;

/** More than one unit has for one account. */
const EVENTS_A_UNIT = 2 ** 20;

/** What an account's own keys may follow. Kept only for accounts that somebody follows or just left. */
export class AccountStreams {
  readonly #parts: AccountParts;
  readonly #tracked = new Map<AccountNumber, Tracked>();
  /** Recording without a follower; who left first comes first. */
  readonly #idle = new Set<AccountNumber>();
  #recording = 0;

  constructor(parts: AccountParts) {
    this.#parts = parts;
  }

  /** The account's feeds, kept up to date until `leave` is called as often. */
  join(account: AccountNumber): AccountFeeds {
    let tracked = this.#tracked.get(account);
    if (tracked === undefined) {
      tracked = { ...this.#feedsOf(account), followers: 0, recording: false };
      this.#tracked.set(account, tracked);
    }
    if (!tracked.recording) this.#recording += 1;
    tracked.recording = true;
    tracked.followers += 1;
    this.#idle.delete(account);
    return tracked;
  }

  leave(account: AccountNumber): void {
    const tracked = this.#tracked.get(account);
    if (tracked === undefined) return;
    tracked.followers -= 1;
    if (tracked.followers > 0) return;

    this.#idle.add(account);
    const [oldest] = this.#idle;
    if (this.#idle.size > IDLE_MAX && oldest !== undefined) this.#suspend(oldest);
  }

  *streams(): Generator<EventStream> {
    for (const { orders, balances, followers } of this.#tracked.values()) {
      if (followers === 0) continue;
      yield orders.stream as EventStream;
      yield balances.stream as EventStream;
    }
  }

  record(unit: Unit): void {
    if (this.#recording === 0) return;
    const fills = new Map<OrderSeq, number>();
    for (const event of unit.events) {
      if (event.kind === "balance_changed") this.#recordBalance(unit, event);
      else noteOrders(event, fills);
    }
    for (const [orderSeq, count] of fills) this.#recordOrder(unit, orderSeq, count);
  }

  #recordBalance(unit: Unit, { account, asset, available, locked }: BalanceChanged): void {
    const tracked = this.#tracked.get(account);
    if (tracked?.recording !== true) return;
    const balance = { asset, available, locked, updatedAt: unit.time };
    tracked.balances.stream.append(unit.sequence, balance);
  }

  /** @param count how many of the order's fills are this unit's */
  #recordOrder(unit: Unit, orderSeq: OrderSeq, count: number): void {
    const order = this.#parts.orders.order(orderSeq);
    const tracked = order === undefined ? undefined : this.#tracked.get(order.account);
    if (order === undefined || tracked?.recording !== true) return;
    const fills = order.fills.slice(order.fills.length - count);
    // A copy: the record itself goes on changing.
    tracked.orders.stream.append(unit.sequence, { ...order, fills });
  }

  #suspend(account: AccountNumber): void {
    const tracked = this.#tracked.get(account);
    this.#idle.delete(account);
    if (tracked === undefined) return;
    tracked.recording = false;
    this.#recording -= 1;
    tracked.orders.stream.suspend();
    tracked.balances.stream.suspend();
  }

  #feedsOf(account: AccountNumber): AccountFeeds {
    const { venue } = this.#parts.exchange;
    const accountId = venue.account(account)?.id ?? "";
    // Behind all that any run before could have sent.
    const head = venue.sequence * EVENTS_A_UNIT;
    return {
      orders: {
        stream: new EventStream(
          {
            topic: { channel: "orders", accountId },
            type: "order",
            render: (order: OrderRecord) => this.#renderOrder(order),
          },
          head,
        ),
        opening: () => this.#openOrders(account),
      },
      balances: {
        stream: new EventStream(
          {
            topic: { channel: "balances", accountId },
            type: "balance",
            render: (balance: Balance) => renderBalance(balance, this.#parts.exchange.venue),
          },
          head,
        ),
        opening: () => this.#openBalances(account),
      },
    };
  }

  /**
   * Released units only: durable already, and exactly as far as the stream. Its number may be of a command
   * that isn't durable yet.
   */
  async #openOrders(account: AccountNumber): Promise<Opening> {
    const { exchange, orders } = this.#parts;
    const open = orders.open(account);
    const data = {
      orders: open.map((order) => renderOrder(order, exchange.venue)),
    };
    const sequence = this.#tracked.get(account)?.orders.stream.head ?? 0;
    await exchange.durable();
    return { type: "orders", sequence, data };
  }

  /** The venue may be ahead of the stream: what the snapshot includes already is left out of what follows. */
  async #openBalances(account: AccountNumber): Promise<Opening> {
    const { exchange } = this.#parts;
    const unit = exchange.venue.sequence;
    const balances = exchange.venue.balances(account);
    const data = { balances: balances.map((each) => renderBalance(each, exchange.venue)) };
    await exchange.durable();
    const sequence = this.#tracked.get(account)?.balances.stream.sequenceAt(unit) ?? 0;
    return { type: "balances", sequence, data };
  }

  #renderOrder(order: OrderRecord): unknown {
    const { venue } = this.#parts.exchange;
    return {
      order: renderOrder(order, venue),
      fills: order.fills.map((fill) => renderFill(fill, venue)),
    };
  }
}

/** Counts for each order that an event is about the fills it brings. */
function noteOrders(event: VenueEvent, fills: Map<OrderSeq, number>): void {
  const note = (orderSeq: OrderSeq, count: number) =>
    fills.set(orderSeq, (fills.get(orderSeq) ?? 0) + count);
  switch (event.kind) {
    case "order_accepted":
    case "order_rejected":
    case "order_reduced":
    case "order_closed":
      note(event.orderSeq, 0);
      break;
    case "trade":
      note(event.makerOrder, 1);
      note(event.takerOrder, 1);
      break;
    case "self_trade_prevented":
      note(event.makerOrder, 0);
      note(event.takerOrder, 0);
      break;
    default:
  }
}
