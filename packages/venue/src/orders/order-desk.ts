import {
  type AccountNumber,
  type AmendOrder,
  amount,
  type CancelAllOrders,
  type CancelOrder,
  type InstrumentId,
  type Lots,
  lots,
  type OrderSeq,
  type PlaceOrder,
  type Rejection,
  type Timestamp,
  type TradeSeq,
} from "@tse/domain";
import { NO_ORDER, type OrderPool, slotOf } from "@tse/matching-engine";
import type { Accounts } from "../accounts/accounts.ts";
import { END, type EndCode } from "../events/codes.ts";
import type { EventLog } from "../events/event-log.ts";
import { Money } from "../ledger/money.ts";
import type { Listings } from "../listings/listings.ts";
import type { Market } from "../listings/market.ts";
import { leavesRow, OrderChecks } from "./checks.ts";
import { Funds } from "./funds.ts";
import { Incoming } from "./incoming.ts";
import type { LiveOrders } from "./live-orders.ts";
import type { RateLimiter } from "./rate-limiter.ts";
import { Settlement, type SettlementParts } from "./settlement.ts";

export interface OrderDeskParts extends SettlementParts {
  readonly accounts: Accounts;
  readonly limiter: RateLimiter;
}

/** Takes orders, cancellations and amendments: checks them, has them matched, has the matches settled. */
export class OrderDesk {
  readonly #accounts: Accounts;
  readonly #listings: Listings;
  readonly #orders: LiveOrders;
  readonly #pool: OrderPool;
  readonly #log: EventLog;
  readonly #checks: OrderChecks;
  /** Those that leave no trace: of an order that is only asked about. */
  readonly #dryChecks: OrderChecks;
  readonly #funds: Funds;
  readonly #settlement: Settlement;
  readonly #incoming = new Incoming();
  readonly #oldLock = new Money();
  #lastOrder = 0;

  constructor(parts: OrderDeskParts) {
    this.#accounts = parts.accounts;
    this.#listings = parts.listings;
    this.#orders = parts.orders;
    this.#pool = parts.pool;
    this.#log = parts.log;
    this.#checks = new OrderChecks(parts.accounts, parts.orders, parts.limiter);
    this.#dryChecks = new OrderChecks(parts.accounts, parts.orders, undefined);
    this.#funds = new Funds(parts.ledger);
    this.#settlement = new Settlement(parts);
  }

  /** Orders, refused ones with a row included, and trades so far: the numbers of the last. */
  get numbers(): { readonly lastOrder: OrderSeq; readonly lastTrade: TradeSeq } {
    return { lastOrder: this.#lastOrder as OrderSeq, lastTrade: this.#settlement.lastTrade };
  }

  /** Goes on with the numbers of a saved state. */
  restore({ lastOrder, lastTrade }: OrderDesk["numbers"]): void {
    this.#lastOrder = lastOrder;
    this.#settlement.restore(lastTrade);
  }

  place(order: PlaceOrder, at: Timestamp): Rejection | undefined {
    const market = this.#listings.market(order.instrument);
    if (market === undefined) return { code: "symbol_not_found", field: "symbol" };

    const refusal = this.#checks.ofNew(order, market, at) ?? this.#lastRefusal(order, market);
    if (refusal !== undefined) return this.#refuse(order, refusal);

    // From here it must succeed.
    this.#accept(order, 0 as OrderSeq);
    market.book.place(this.#incoming);
    this.#settlement.settleOrder(this.#incoming, market, at);
    return undefined;
  }

  /** Why `place` would refuse the order, the rate limit aside. */
  check(order: PlaceOrder, at: Timestamp): Rejection | undefined {
    const market = this.#listings.market(order.instrument);
    if (market === undefined) return { code: "symbol_not_found", field: "symbol" };
    return this.#dryChecks.ofNew(order, market, at) ?? this.#lastRefusal(order, market);
  }

  cancel({ account, orderSeq, clientOrderId }: CancelOrder): Rejection | undefined {
    if (this.#accounts.get(account) === undefined) return { code: "account_not_found" };
    const slot =
      orderSeq === 0 && clientOrderId !== ""
        ? this.#orders.findNamed(account, clientOrderId)
        : this.#orders.find(orderSeq);
    if (!this.#isOwn(slot, account)) return this.#notLive(orderSeq, slot);

    // From here it must succeed.
    const market = this.#marketOf(slot);
    market.book.cancel(this.#orders.ref(slot));
    this.#settlement.settleCancel(market);
    return undefined;
  }

  cancelAll({ account, instrument }: CancelAllOrders): Rejection | undefined {
    if (this.#accounts.get(account) === undefined) return { code: "account_not_found" };
    if (instrument !== undefined && this.#listings.market(instrument) === undefined) {
      return { code: "symbol_not_found", field: "symbol" };
    }

    // From here it must succeed.
    this.endAllOf(account, instrument, END.client);
    return undefined;
  }

  /** Cancels the account's live orders, oldest first. */
  endAllOf(account: AccountNumber, instrument: InstrumentId | undefined, end: EndCode): void {
    for (let ref = this.#pool.firstOf(account); ref !== NO_ORDER; ) {
      const next = this.#pool.nextOf(ref);
      const market = this.#marketOf(slotOf(ref));
      if (instrument === undefined || market.id === instrument) market.book.cancel(ref);
      ref = next;
    }
    this.#settlement.settleCancels(end);
  }

  amend(command: AmendOrder, at: Timestamp): Rejection | undefined {
    const { account, orderSeq } = command;
    if (this.#accounts.get(account) === undefined)
      return { code: "account_not_found", field: "account" };
    const slot = this.#orders.find(orderSeq);
    if (!this.#isOwn(slot, account)) return this.#notLive(orderSeq, slot);

    const ref = this.#orders.ref(slot);
    const limit = this.#pool.price(ref);
    const total = this.#orders.quantity(slot);
    const isReduction =
      (command.limit === 0 || command.limit === limit) &&
      command.quantity > 0 &&
      command.quantity < total;
    return isReduction
      ? this.#reduce(slot, command.quantity, at)
      : this.#replace(slot, command, at);
  }

  /** Lowers the order's total quantity to `quantity`, keeping its place. */
  #reduce(slot: number, quantity: Lots, at: Timestamp): Rejection | undefined {
    const ref = this.#orders.ref(slot);
    const market = this.#marketOf(slot);
    const filled = this.#orders.quantity(slot) - this.#pool.open(ref);
    const refusal = this.#checks.ofReduction(this.#orderOf(slot, quantity), market, at);
    if (refusal !== undefined) return refusal;
    if (quantity <= filled) return { code: "min_size", field: "quantity", low: lots(filled + 1) };

    // From here it must succeed.
    market.book.reduce(ref, lots(quantity - filled));
    this.#settlement.settleReduction(market);
    return undefined;
  }

  #replace(slot: number, command: AmendOrder, at: Timestamp): Rejection | undefined {
    const ref = this.#orders.ref(slot);
    const market = this.#marketOf(slot);
    const open = this.#pool.open(ref);
    const filled = this.#orders.quantity(slot) - open;
    const wanted =
      command.quantity > 0 ? Math.max(0, command.quantity - filled) : command.quantity || open;
    const kept = this.#orderOf(slot, lots(wanted));
    const order = command.limit === 0 ? kept : { ...kept, limit: command.limit };
    const refusal = this.#checks.ofReplacement(order, market, at);
    if (refusal !== undefined) return refusal;
    this.#incoming.describe(order, market, this.#accounts.family(order.account));
    market.setCost(this.#oldLock, order.side, this.#pool.price(ref), open);
    if (!this.#funds.sufficeWith(this.#oldLock, this.#incoming, market))
      return this.#unfunded(order, market);

    // From here it must succeed.
    this.#accept(order, this.#orders.orderSeq(slot));
    market.book.replace(ref, this.#incoming);
    this.#settlement.settleOrder(this.#incoming, market, at);
    return undefined;
  }

  /** What no check of the order itself finds: no funds for it, or a fault that has it refused. */
  #lastRefusal(order: PlaceOrder, market: Market): Rejection | undefined {
    this.#incoming.describe(order, market, this.#accounts.family(order.account));
    if (!this.#funds.suffice(this.#incoming, market)) return this.#unfunded(order, market);
    return order.fault?.kind === "reject" ? { code: order.fault.code } : undefined;
  }

  #unfunded({ side }: PlaceOrder, market: Market): Rejection {
    const { baseAsset, quoteAsset } = market.instrument;
    return { code: "insufficient_balance", name: side === "buy" ? quoteAsset : baseAsset };
  }

  #accept(order: PlaceOrder, replaces: OrderSeq): void {
    this.#lastOrder += 1;
    this.#incoming.orderSeq = this.#lastOrder as OrderSeq;
    this.#log.orderAccepted(this.#lastOrder, order, replaces);
  }

  #refuse(order: PlaceOrder, rejection: Rejection): Rejection {
    if (!leavesRow(rejection.code)) return rejection;
    this.#lastOrder += 1;
    this.#log.append({
      kind: "order_rejected",
      orderSeq: this.#lastOrder as OrderSeq,
      order,
      rejection,
    });
    return rejection;
  }

  #isOwn(slot: number, account: AccountNumber): boolean {
    return slot !== 0 && this.#orders.account(slot) === account;
  }

  /** Who owned an order that ended isn't remembered here: of those the answer is `order_not_open`. */
  #notLive(orderSeq: OrderSeq, slot: number): Rejection {
    const wasIssued = orderSeq > 0 && orderSeq <= this.#lastOrder && Number.isSafeInteger(orderSeq);
    const hasEnded = slot === 0 && wasIssued;
    return { code: hasEnded ? "order_not_open" : "order_not_found", field: "orderId" };
  }

  #marketOf(slot: number): Market {
    return this.#listings.market(this.#pool.book(this.#orders.ref(slot)) as InstrumentId) as Market;
  }

  /** The command that would place a live order again, for `quantity`. */
  #orderOf(slot: number, quantity: Lots): PlaceOrder {
    const ref = this.#orders.ref(slot);
    return {
      kind: "place_order",
      account: this.#orders.account(slot),
      instrument: this.#pool.book(ref) as InstrumentId,
      side: this.#pool.side(ref),
      type: "limit",
      limit: this.#pool.price(ref),
      quantity,
      quoteQuantity: amount(0n),
      timeInForce: "gtc",
      postOnly: this.#orders.isPostOnly(slot),
      selfTradePrevention: this.#orders.selfTradePrevention(slot),
      clientOrderId: this.#orders.clientOrderId(slot),
      fault: undefined,
    };
  }
}
