import {
  type LiveOrder,
  type OrderAccepted,
  type OrderClosed,
  type OrderReduced,
  type OrderSeq,
  opposite,
  type PlaceOrder,
  RATE_ONE,
  type SelfTradePrevented,
  type Side,
  type Trade,
} from "@tse/domain";
import type { VenueView } from "@tse/venue";
import { AuditedBook, type AuditedOrder, lockOf, openOf } from "./auditor-book.ts";
import type { AuditedMoney } from "./auditor-money.ts";
import type { AuditReport } from "./auditor-report.ts";

const VENUE_ACCOUNT = 0;

/** Follows every order from its acceptance to its end, and posts what its trades move. */
export class AuditedOrders {
  readonly #view: VenueView;
  readonly #money: AuditedMoney;
  readonly #report: AuditReport;
  readonly #live = new Map<number, AuditedOrder>();
  readonly #books = new Map<number, AuditedBook>();
  #lastOrder: number;
  #lastTrade: number;
  /** What the unit in hand accepted, changed or ended. */
  readonly #touched = new Set<AuditedOrder>();
  /** The order that the unit in hand accepted and that hasn't ended. */
  #incoming: AuditedOrder | undefined;
  #incomingMayRest = false;

  constructor(view: VenueView, money: AuditedMoney, report: AuditReport) {
    this.#view = view;
    this.#money = money;
    this.#report = report;
    this.#lastOrder = view.lastOrder;
    this.#lastTrade = view.lastTrade;
    for (const { id } of view.instruments()) this.#begin(id);
  }

  /** Takes over the live orders of an instrument as they are shown, and what they need locked. */
  #begin(instrument: Trade["instrument"]): void {
    const book = this.book(instrument);
    book.bookSequence = this.#view.bookSequence(instrument);
    for (const side of ["buy", "sell"] as const) {
      for (const shown of this.#view.queue(instrument, side)) {
        const order = restingOrder(shown);
        const balance = this.#money.of(order.account, this.#paidWith(instrument, side));
        this.#live.set(order.seq, order);
        book.side(side).append(order);
        balance.locked += this.#lock(order);
      }
    }
  }

  get live(): ReadonlyMap<number, AuditedOrder> {
    return this.#live;
  }

  book(instrument: number): AuditedBook {
    const known = this.#books.get(instrument);
    if (known !== undefined) return known;
    const book = new AuditedBook();
    this.#books.set(instrument, book);
    return book;
  }

  books(): Iterable<readonly [instrument: number, book: AuditedBook]> {
    return this.#books;
  }

  numbered(seq: number): void {
    this.#lastOrder += 1;
    const last = this.#lastOrder;
    this.#report.check(
      seq === last,
      "order_life_cycle",
      () => `order ${seq} comes as number ${last}`,
    );
  }

  accepted({ orderSeq, order }: OrderAccepted): void {
    this.numbered(orderSeq);
    const audited = auditedOrder(orderSeq, order);
    this.#live.set(orderSeq, audited);
    this.#touched.add(audited);
    this.#incoming = audited;
    this.#incomingMayRest = order.type === "limit" && order.timeInForce === "gtc";
  }

  trade(trade: Trade): void {
    const { tradeSeq, quantity } = trade;
    this.#lastTrade += 1;
    const isDense = tradeSeq === this.#lastTrade;
    this.#report.check(
      isDense,
      "trade",
      () => `trade ${tradeSeq} comes as number ${this.#lastTrade}`,
    );
    const maker = this.#met(trade);
    const taker = this.#incoming;
    if (maker === undefined || taker === undefined) return;

    this.#checkPrice(trade, taker, maker);
    for (const order of [taker, maker]) {
      this.#fill(order, quantity);
      order.filledQuote += trade.notional;
    }
    this.#post(trade);
  }

  prevented({ instrument, takerOrder, makerOrder, quantity }: SelfTradePrevented): void {
    const taker = this.#incoming;
    const takerSide = taker?.side ?? "buy";
    const maker = this.#met({ instrument, takerSide, takerOrder, makerOrder });
    if (maker === undefined || taker === undefined) return;
    const isFamily = this.#family(taker.account) === this.#family(maker.account);
    this.#report.check(isFamily, "trade", () => `${takerOrder} and ${makerOrder} are no family`);
    this.#cut(maker, maker.quantity - quantity);
    if (taker.quantity > 0) this.#cut(taker, taker.quantity - quantity);
  }

  reduced({ orderSeq, quantity }: OrderReduced): void {
    const order = this.#live.get(orderSeq);
    const isLess =
      order?.isResting === true && quantity < order.quantity && quantity > order.filled;
    this.#report.check(
      isLess,
      "order_life_cycle",
      () => `order ${orderSeq} is reduced to ${quantity}`,
    );
    if (order !== undefined) this.#cut(order, quantity);
  }

  closed({ orderSeq, end, left }: OrderClosed): void {
    const order = this.#live.get(orderSeq);
    const isLive = this.#report.check(order !== undefined, "order_life_cycle", () => {
      return `order ${orderSeq} ends ${end} and isn't live`;
    });
    if (order === undefined || !isLive) return;

    const open = Math.max(0, openOf(order));
    const isFull = end !== "filled" || left === 0;
    this.#report.check(left === open && isFull, "order_life_cycle", () => {
      return `order ${orderSeq} ends ${end} with ${left} left of ${open} open`;
    });
    this.#live.delete(orderSeq);
    this.#touched.add(order);
    if (order === this.#incoming) this.#incoming = undefined;
    if (order.isResting) this.#leaveBook(order);
  }

  /** What the unit accepted and didn't end is in the book now; the venue must show what changed. */
  endUnit(): void {
    this.#restIncoming();
    for (const order of this.#touched) this.#checkShown(order);
    this.#touched.clear();
  }

  #restIncoming(): void {
    const order = this.#incoming;
    this.#incoming = undefined;
    if (order === undefined) return;
    const rests = this.#incomingMayRest && openOf(order) > 0;
    this.#report.check(rests, "order_life_cycle", () => `${order.seq} neither rests nor ends`);
    if (!rests) return;

    order.isResting = true;
    this.book(order.instrument).side(order.side).append(order);
    this.#touch(order, this.#lock(order));
  }

  #checkShown(order: AuditedOrder): void {
    const shown = this.#view.liveOrder(order.seq as OrderSeq);
    const isRight = this.#live.has(order.seq)
      ? shown?.account === order.account &&
        shown.side === order.side &&
        shown.limit === order.limit &&
        shown.quantity === order.quantity &&
        shown.open === openOf(order) &&
        shown.filledQuote === order.filledQuote
      : shown === undefined;
    this.#report.check(isRight, "view", () => `order ${order.seq} isn't shown as it is`);
  }

  /** The resting order that the incoming one met, which must be the one whose turn it is. */
  #met(
    meeting: Pick<Trade, "instrument" | "takerSide" | "takerOrder" | "makerOrder">,
  ): AuditedOrder | undefined {
    const { instrument, takerSide, takerOrder, makerOrder } = meeting;
    const isTaker = this.#incoming?.seq === takerOrder && this.#incoming.side === takerSide;
    this.#report.check(isTaker, "order_life_cycle", () => `${takerOrder} takes and isn't incoming`);
    const maker = this.#live.get(makerOrder);
    const first = this.book(instrument).side(opposite(takerSide)).first;
    this.#report.check(maker !== undefined && maker === first, "priority", () => {
      return `order ${makerOrder} is met by ${takerOrder} when it is the turn of ${first?.seq}`;
    });
    return maker?.isResting === true ? maker : undefined;
  }

  #checkPrice(trade: Trade, taker: AuditedOrder, maker: AuditedOrder): void {
    const { tradeSeq, price, quantity, notional } = trade;
    const isInside =
      taker.limit === 0 || (taker.side === "buy" ? price <= taker.limit : price >= taker.limit);
    const isMakers = price === maker.limit;
    this.#report.check(isInside && isMakers, "trade", () => `trade ${tradeSeq} prints at ${price}`);
    const { minorPerTickLot } = this.#view.instrument(trade.instrument);
    const exact = BigInt(price) * BigInt(quantity) * BigInt(minorPerTickLot);
    this.#report.check(
      notional === exact,
      "trade",
      () => `trade ${tradeSeq} of ${exact} says ${notional}`,
    );
    const isOwn = trade.makerAccount === maker.account && trade.takerAccount === taker.account;
    this.#report.check(
      isOwn,
      "trade",
      () => `trade ${tradeSeq} names other accounts than its orders`,
    );
  }

  #fill(order: AuditedOrder, quantity: number): void {
    const isOpen = quantity > 0 && (order.quantity === 0 || quantity <= openOf(order));
    this.#report.check(
      isOpen,
      "order_life_cycle",
      () => `order ${order.seq} fills ${quantity} too many`,
    );
    if (order.quantity === 0) return;
    this.#change(order, () => {
      order.filled += quantity;
    });
  }

  #cut(order: AuditedOrder, quantity: number): void {
    const isPossible = quantity >= order.filled;
    this.#report.check(
      isPossible,
      "order_life_cycle",
      () => `order ${order.seq} is cut to ${quantity}`,
    );
    this.#change(order, () => {
      order.quantity = quantity;
    });
  }

  /** Changes an order and, when it rests, its lock. */
  #change(order: AuditedOrder, change: () => void): void {
    this.#touched.add(order);
    const before = this.#lock(order);
    change();
    if (order.isResting) this.#touch(order, this.#lock(order) - before);
  }

  #leaveBook(order: AuditedOrder): void {
    this.book(order.instrument).side(order.side).remove(order);
    this.#touch(order, -this.#lock(order));
  }

  #touch(order: AuditedOrder, lockChange: bigint): void {
    this.book(order.instrument).touch(order.side, order.limit);
    this.#money.lock(order.account, this.#paidWith(order.instrument, order.side), lockChange);
  }

  #lock(order: AuditedOrder): bigint {
    return lockOf(order, this.#view.instrument(order.instrument as Trade["instrument"]));
  }

  /** Both sides of a trade and the venue's fees; what one gives the others get. */
  #post(trade: Trade): void {
    const { takerSide, takerAccount, makerAccount, notional, takerFee, makerFee, instrument } =
      trade;
    const base = BigInt(trade.quantity) * BigInt(this.#view.instrument(instrument).minorPerLot);
    const taken = takerSide === "buy" ? base : notional;
    const given = takerSide === "buy" ? notional : base;
    const takenAsset = this.#paidWith(instrument, opposite(takerSide));
    const givenAsset = this.#paidWith(instrument, takerSide);
    this.#money.move(takerAccount, givenAsset, -given);
    this.#money.move(takerAccount, takenAsset, taken - takerFee);
    this.#money.move(makerAccount, takenAsset, -taken);
    this.#money.move(makerAccount, givenAsset, given - makerFee);
    this.#money.move(VENUE_ACCOUNT, takenAsset, takerFee);
    this.#money.move(VENUE_ACCOUNT, givenAsset, makerFee);

    const takerRate = this.#view.fees(takerAccount, instrument).taker;
    const makerRate = this.#view.fees(makerAccount, instrument).maker;
    const areExact = takerFee === feeOf(taken, takerRate) && makerFee === feeOf(given, makerRate);
    this.#report.check(
      areExact,
      "fees",
      () => `trade ${trade.tradeSeq} charges ${takerFee} and ${makerFee}`,
    );
  }

  #paidWith(instrument: number, side: Side): number {
    const { base, quote } = this.#view.instrument(instrument as Trade["instrument"]);
    return side === "buy" ? quote : base;
  }

  #family(account: number): number | undefined {
    return this.#view.account(account as Trade["takerAccount"])?.master;
  }
}

function restingOrder(shown: LiveOrder): AuditedOrder {
  const { orderSeq, account, instrument, side, limit, quantity, open, filledQuote } = shown;
  const filled = quantity - open;
  const isResting = true;
  return {
    seq: orderSeq,
    account,
    instrument,
    side,
    limit,
    quantity,
    filled,
    filledQuote,
    isResting,
  };
}

function auditedOrder(seq: number, order: PlaceOrder): AuditedOrder {
  const { account, instrument, side, limit, quantity } = order;
  return {
    seq,
    account,
    instrument,
    side,
    limit,
    quantity,
    filled: 0,
    filledQuote: 0n,
    isResting: false,
  };
}

function feeOf(amount: bigint, rate: number): bigint {
  const one = BigInt(RATE_ONE);
  return (amount * BigInt(rate) + one - 1n) / one;
}
