import { assert, type InstrumentId, opposite, type Timestamp, type TradeSeq } from "@tse/domain";
import {
  ExpiryCause,
  type MatchEvents,
  MatchKind,
  type OrderPool,
  slotOf,
} from "@tse/matching-engine";
import { VENUE_ACCOUNT } from "../accounts/accounts.ts";
import { END, type EndCode } from "../events/codes.ts";
import type { EventLog } from "../events/event-log.ts";
import { TradeRecord } from "../events/trade-record.ts";
import type { FeeSchedule } from "../ledger/fees.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { Money } from "../ledger/money.ts";
import type { Listings } from "../listings/listings.ts";
import type { Market } from "../listings/market.ts";
import type { Incoming } from "./incoming.ts";
import { reportLevels, reportManyLevels } from "./levels.ts";
import type { LiveOrders } from "./live-orders.ts";

export interface SettlementParts {
  readonly listings: Listings;
  readonly ledger: Ledger;
  readonly fees: FeeSchedule;
  readonly orders: LiveOrders;
  readonly pool: OrderPool;
  readonly matches: MatchEvents;
  readonly log: EventLog;
}

const END_OF_CAUSE: Readonly<Record<ExpiryCause, EndCode>> = {
  [ExpiryCause.none]: END.filled,
  [ExpiryCause.iocRemainder]: END.iocRemainder,
  [ExpiryCause.fokUnfilled]: END.fokUnfilled,
  [ExpiryCause.noLiquidity]: END.noLiquidity,
  [ExpiryCause.limitReached]: END.priceBand,
  [ExpiryCause.selfTrade]: END.selfTrade,
  [ExpiryCause.maxFill]: END.partialFillFault,
};

/**
 * Turns what the books did into postings, live orders and events. It decides nothing and refuses
 * nothing: that the accounts can pay was made sure of before.
 *
 * Every posting group sums to zero for each asset: what one side gives the other gets, less the fee,
 * which the venue's account gets.
 */
export class Settlement {
  readonly #parts: SettlementParts;
  readonly #trade = new TradeRecord();
  readonly #base = new Money();
  readonly #net = new Money();
  readonly #lock = new Money();
  #lastTrade = 0;

  constructor(parts: SettlementParts) {
    this.#parts = parts;
  }

  /** Trades so far: the number of the last. */
  get lastTrade(): TradeSeq {
    return this.#lastTrade as TradeSeq;
  }

  /** Settles all matches of one new order, a replaced one's cancellation included, and ends it if it ended. */
  settleOrder(incoming: Incoming, market: Market, at: Timestamp): void {
    const { matches, log } = this.#parts;
    let isOver = false;
    let end: EndCode = END.noLiquidity;
    for (let i = 0; i < matches.length; i++) {
      switch (matches.kind(i)) {
        case MatchKind.fill:
          this.#fill(i, incoming, market);
          end = END.filled;
          break;
        case MatchKind.decremented:
          this.#decrement(i, incoming, market);
          end = END.selfTrade;
          break;
        case MatchKind.makerExpired:
          this.#endResting(i, market, END.selfTrade);
          break;
        case MatchKind.cancelled:
          this.#endResting(i, market, END.replaced);
          break;
        case MatchKind.rested:
          this.#payFor(incoming, market);
          this.#rest(i, incoming, market, at);
          isOver = true;
          break;
        default:
          assert(
            matches.kind(i) === MatchKind.expired,
            "a checked order isn't rejected by its book",
          );
          end = END_OF_CAUSE[matches.cause(i)];
          log.orderClosed(incoming.orderSeq, incoming.owner, market.id, end, matches.quantity(i));
          isOver = true;
          this.#payFor(incoming, market);
      }
    }
    if (!isOver) {
      this.#payFor(incoming, market);
      log.orderClosed(incoming.orderSeq, incoming.owner, market.id, end, 0);
    }
    reportLevels(matches, market, log);
  }

  /** Settles cancellations of resting orders, of one or many books. */
  settleCancels(end: EndCode): void {
    const { matches, listings, log } = this.#parts;
    for (let i = 0; i < matches.length; i++) {
      this.#endResting(i, listings.market(matches.book(i) as InstrumentId) as Market, end);
    }
    reportManyLevels(matches, listings, log);
  }

  /** Settles the reduction of one resting order. */
  settleReduction(market: Market): void {
    const { matches, orders, log } = this.#parts;
    const slot = slotOf(matches.ref(0));
    const quantity = orders.quantity(slot) - matches.quantity(0);
    this.#release(0, market);
    orders.setQuantity(slot, quantity);
    log.orderReduced(orders.orderSeq(slot), orders.account(slot), market.id, quantity);
    reportLevels(matches, market, log);
  }

  #fill(i: number, incoming: Incoming, market: Market): void {
    const { matches, orders, fees, log, ledger } = this.#parts;
    const { minorPerLot, minorPerTickLot } = market.instrument;
    const slot = slotOf(matches.ref(i));
    const trade = this.#trade;
    const quantity = matches.quantity(i);
    const maker = orders.account(slot);
    this.#lastTrade += 1;

    trade.tradeSeq = this.#lastTrade;
    trade.instrument = market.id;
    trade.takerSide = incoming.side;
    trade.price = matches.price(i);
    trade.quantity = quantity;
    trade.takerOrder = incoming.orderSeq;
    trade.makerOrder = orders.orderSeq(slot);
    trade.takerAccount = incoming.owner;
    trade.makerAccount = maker;
    trade.notional.setNotional(trade.price, quantity, minorPerTickLot);
    this.#base.setProduct(quantity, minorPerLot);

    const takerBuys = incoming.side === "buy";
    const takerGives = takerBuys ? trade.notional : this.#base;
    const takerGets = takerBuys ? this.#base : trade.notional;
    const givenAsset = market.paidWith(incoming.side);
    const gotAsset = market.paidWith(opposite(incoming.side));
    trade.takerFee.setShare(takerGets, fees.rates(incoming.owner, market.id).taker);
    trade.makerFee.setShare(takerGives, fees.rates(maker, market.id).maker);

    incoming.filledQuote.add(trade.notional);
    incoming.gives.add(takerGives);
    incoming.gets.add(takerGets);
    incoming.gets.subtract(trade.takerFee);

    ledger.debitLocked(ledger.cell(maker, gotAsset), takerGets);
    this.#net.copy(takerGives);
    this.#net.subtract(trade.makerFee);
    ledger.credit(ledger.cell(maker, givenAsset), this.#net);
    ledger.credit(ledger.cell(VENUE_ACCOUNT, gotAsset), trade.takerFee);
    ledger.credit(ledger.cell(VENUE_ACCOUNT, givenAsset), trade.makerFee);

    orders.addFilledQuote(slot, trade.notional);
    market.traded(matches.price(i));
    log.trade(trade);
    if (matches.open(i) === 0) this.#forget(slot, market, END.filled, 0);
  }

  #decrement(i: number, incoming: Incoming, market: Market): void {
    const { matches, orders, log } = this.#parts;
    const slot = slotOf(matches.ref(i));
    const quantity = matches.quantity(i);
    incoming.prevented += quantity;
    this.#release(i, market);
    orders.setQuantity(slot, orders.quantity(slot) - quantity);
    log.selfTradePrevented(market.id, incoming.orderSeq, orders.orderSeq(slot), quantity);
    if (matches.open(i) === 0) this.#forget(slot, market, END.selfTrade, 0);
  }

  /** A resting order that ends with `quantity` lots unfilled. */
  #endResting(i: number, market: Market, end: EndCode): void {
    const { matches } = this.#parts;
    this.#release(i, market);
    this.#forget(slotOf(matches.ref(i)), market, end, matches.quantity(i));
  }

  #forget(slot: number, market: Market, end: EndCode, left: number): void {
    const { orders, log } = this.#parts;
    const account = orders.account(slot);
    log.orderClosed(orders.orderSeq(slot), account, market.id, end, left);
    market.openOrders.change(account, -1);
    orders.remove(slot);
  }

  #rest(i: number, incoming: Incoming, market: Market, at: Timestamp): void {
    const { matches, orders, ledger } = this.#parts;
    market.setCost(this.#lock, incoming.side, matches.price(i), matches.quantity(i));
    ledger.lock(ledger.cell(incoming.owner, market.paidWith(incoming.side)), this.#lock);
    orders.add(matches.ref(i), incoming, incoming.quantity - incoming.prevented, at);
    market.openOrders.change(incoming.owner, 1);
  }

  /** Gives back what event `i` took off a resting order's lock. */
  #release(i: number, market: Market): void {
    const { matches, ledger, orders } = this.#parts;
    const account = orders.account(slotOf(matches.ref(i)));
    market.setCost(this.#lock, matches.side(i), matches.price(i), matches.quantity(i));
    ledger.release(ledger.cell(account, market.paidWith(matches.side(i))), this.#lock);
  }

  /** Posts the incoming order's side of all its trades. */
  #payFor({ owner, side, gives, gets, filledQuote }: Incoming, market: Market): void {
    if (filledQuote.high === 0 && filledQuote.low === 0) return;
    const { ledger } = this.#parts;
    ledger.debit(ledger.cell(owner, market.paidWith(side)), gives);
    ledger.credit(ledger.cell(owner, market.paidWith(opposite(side))), gets);
  }
}
