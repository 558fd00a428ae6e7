import { assert, type InstrumentId, opposite, type Timestamp, type TradeSeq } from "@tse/domain";
import { ExpiryCause, type MatchEvents, MatchKind, type OrderPool } from "@tse/matching-engine";
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
  readonly #listings: Listings;
  readonly #ledger: Ledger;
  readonly #fees: FeeSchedule;
  readonly #orders: LiveOrders;
  readonly #matches: MatchEvents;
  readonly #log: EventLog;
  readonly #trade = new TradeRecord();
  readonly #base = new Money();
  readonly #net = new Money();
  readonly #lock = new Money();
  #lastTrade = 0;

  constructor(parts: SettlementParts) {
    this.#listings = parts.listings;
    this.#ledger = parts.ledger;
    this.#fees = parts.fees;
    this.#orders = parts.orders;
    this.#matches = parts.matches;
    this.#log = parts.log;
  }

  /** Trades so far: the number of the last. */
  get lastTrade(): TradeSeq {
    return this.#lastTrade as TradeSeq;
  }

  /** Goes on with the number of a saved state. */
  restore(lastTrade: TradeSeq): void {
    this.#lastTrade = lastTrade;
  }

  /** Settles all matches of one new order, a replaced one's cancellation included, and ends it if it ended. */
  settleOrder(incoming: Incoming, market: Market, at: Timestamp): void {
    let isOver = false;
    let end: EndCode = END.noLiquidity;
    for (let i = 0; i < this.#matches.length; i++) {
      switch (this.#matches.kind(i)) {
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
            this.#matches.kind(i) === MatchKind.expired,
            "a checked order isn't rejected by its book",
          );
          end = END_OF_CAUSE[this.#matches.cause(i)];
          this.#log.orderClosed(
            incoming.orderSeq,
            incoming.owner,
            market.id,
            end,
            this.#matches.quantity(i),
          );
          isOver = true;
          this.#payFor(incoming, market);
      }
    }
    if (!isOver) {
      this.#payFor(incoming, market);
      this.#log.orderClosed(incoming.orderSeq, incoming.owner, market.id, end, 0);
    }
    reportLevels(this.#matches, market, this.#log);
  }

  /** Settles the cancellation of one resting order. */
  settleCancel(market: Market): void {
    this.#endResting(0, market, END.client);
    reportLevels(this.#matches, market, this.#log);
  }

  /** Settles cancellations of resting orders, of one or many books. */
  settleCancels(end: EndCode): void {
    for (let i = 0; i < this.#matches.length; i++) {
      this.#endResting(
        i,
        this.#listings.market(this.#matches.book(i) as InstrumentId) as Market,
        end,
      );
    }
    reportManyLevels(this.#matches, this.#listings, this.#log);
  }

  /** Settles the reduction of one resting order. */
  settleReduction(market: Market): void {
    const slot = this.#matches.slot(0);
    const quantity = this.#orders.quantity(slot) - this.#matches.quantity(0);
    this.#release(0, market);
    this.#orders.setQuantity(slot, quantity);
    this.#log.orderReduced(
      this.#orders.orderSeq(slot),
      this.#orders.account(slot),
      market.id,
      quantity,
    );
    reportLevels(this.#matches, market, this.#log);
  }

  #fill(i: number, incoming: Incoming, market: Market): void {
    const { minorPerLot, minorPerTickLot } = market.instrument;
    const slot = this.#matches.slot(i);
    const trade = this.#trade;
    const quantity = this.#matches.quantity(i);
    const maker = this.#orders.account(slot);
    this.#lastTrade += 1;

    trade.tradeSeq = this.#lastTrade;
    trade.instrument = market.id;
    trade.takerSide = incoming.side;
    trade.price = this.#matches.price(i);
    trade.quantity = quantity;
    trade.takerOrder = incoming.orderSeq;
    trade.makerOrder = this.#orders.orderSeq(slot);
    trade.takerAccount = incoming.owner;
    trade.makerAccount = maker;
    trade.notional.setNotional(trade.price, quantity, minorPerTickLot);
    this.#base.setProduct(quantity, minorPerLot);

    const takerBuys = incoming.side === "buy";
    const takerGives = takerBuys ? trade.notional : this.#base;
    const takerGets = takerBuys ? this.#base : trade.notional;
    const givenAsset = market.paidWith(incoming.side);
    const gotAsset = market.paidWith(opposite(incoming.side));
    trade.takerFee.setShare(takerGets, this.#fees.rates(incoming.owner, market.id).taker);
    trade.makerFee.setShare(takerGives, this.#fees.rates(maker, market.id).maker);

    incoming.filledQuote.add(trade.notional);
    incoming.gives.add(takerGives);
    incoming.gets.add(takerGets);
    incoming.gets.subtract(trade.takerFee);

    this.#ledger.debitLocked(this.#ledger.cell(maker, gotAsset), takerGets);
    this.#net.copy(takerGives);
    this.#net.subtract(trade.makerFee);
    this.#ledger.credit(this.#ledger.cell(maker, givenAsset), this.#net);
    this.#ledger.credit(this.#ledger.cell(VENUE_ACCOUNT, gotAsset), trade.takerFee);
    this.#ledger.credit(this.#ledger.cell(VENUE_ACCOUNT, givenAsset), trade.makerFee);

    this.#orders.addFilledQuote(slot, trade.notional);
    market.traded(this.#matches.price(i));
    this.#log.trade(trade);
    if (this.#matches.open(i) === 0) this.#forget(slot, market, END.filled, 0);
  }

  #decrement(i: number, incoming: Incoming, market: Market): void {
    const slot = this.#matches.slot(i);
    const quantity = this.#matches.quantity(i);
    incoming.prevented += quantity;
    this.#release(i, market);
    this.#orders.setQuantity(slot, this.#orders.quantity(slot) - quantity);
    this.#log.selfTradePrevented(
      market.id,
      incoming.orderSeq,
      this.#orders.orderSeq(slot),
      quantity,
    );
    if (this.#matches.open(i) === 0) this.#forget(slot, market, END.selfTrade, 0);
  }

  /** A resting order that ends with `quantity` lots unfilled. */
  #endResting(i: number, market: Market, end: EndCode): void {
    this.#release(i, market);
    this.#forget(this.#matches.slot(i), market, end, this.#matches.quantity(i));
  }

  #forget(slot: number, market: Market, end: EndCode, left: number): void {
    const account = this.#orders.account(slot);
    this.#log.orderClosed(this.#orders.orderSeq(slot), account, market.id, end, left);
    market.openOrders.change(account, -1);
    this.#orders.remove(slot);
  }

  #rest(i: number, incoming: Incoming, market: Market, at: Timestamp): void {
    market.setCost(this.#lock, incoming.side, this.#matches.price(i), this.#matches.quantity(i));
    this.#ledger.lock(
      this.#ledger.cell(incoming.owner, market.paidWith(incoming.side)),
      this.#lock,
    );
    this.#orders.add(this.#matches.ref(i), incoming, incoming.quantity - incoming.prevented, at);
    market.openOrders.change(incoming.owner, 1);
  }

  /** Gives back what event `i` took off a resting order's lock. */
  #release(i: number, market: Market): void {
    const account = this.#orders.account(this.#matches.slot(i));
    market.setCost(
      this.#lock,
      this.#matches.side(i),
      this.#matches.price(i),
      this.#matches.quantity(i),
    );
    this.#ledger.release(
      this.#ledger.cell(account, market.paidWith(this.#matches.side(i))),
      this.#lock,
    );
  }

  /** Posts the incoming order's side of all its trades. */
  #payFor({ owner, side, gives, gets, filledQuote }: Incoming, market: Market): void {
    if (filledQuote.high === 0 && filledQuote.low === 0) return;
    this.#ledger.debit(this.#ledger.cell(owner, market.paidWith(side)), gives);
    this.#ledger.credit(this.#ledger.cell(owner, market.paidWith(opposite(side))), gets);
  }
}
