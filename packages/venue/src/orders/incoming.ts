import {
  type AccountNumber,
  type Lots,
  lots,
  type OrderSeq,
  type PlaceOrder,
  RATE_ONE,
  type SelfTradePrevention,
  type Side,
  type Ticks,
  type TimeInForce,
  ticks,
} from "@tse/domain";
import type { NewOrder } from "@tse/matching-engine";
import { Money } from "../ledger/money.ts";
import { shareDown } from "../ledger/share.ts";
import type { Market } from "../listings/market.ts";

/** The order in hand, as the book takes it, and what became of it so far. One object, reused for all orders. */
export class Incoming implements NewOrder {
  orderSeq = 0 as OrderSeq;
  owner = 0 as AccountNumber;
  family = 0;
  side: Side = "buy";
  limit: Ticks = ticks(0);
  quantity: Lots = lots(0);
  quoteBudget = 0;
  timeInForce: TimeInForce = "gtc";
  postOnly = false;
  selfTradePrevention: SelfTradePrevention = "none";
  maxFill: Lots = lots(0);
  rests = true;
  clientOrderId = "";

  /** Lots that self-trade prevention took off it. */
  prevented = 0;
  /** Paid or received, before fees. */
  readonly filledQuote = new Money();
  /** What its account gives for all its trades, and gets for them after fees. */
  readonly gives = new Money();
  readonly gets = new Money();

  /** Takes over a command whose numbers are sound. */
  describe(order: PlaceOrder, market: Market, family: number): void {
    const isMarket = order.type === "market";
    this.owner = order.account;
    this.family = family;
    this.side = order.side;
    this.limit = order.limit;
    this.quantity = order.quantity;
    this.quoteBudget = 0;
    this.timeInForce = order.timeInForce;
    this.postOnly = order.postOnly;
    this.selfTradePrevention = order.selfTradePrevention;
    this.maxFill = lots(0);
    this.rests = !isMarket;
    this.clientOrderId = order.clientOrderId;
    this.prevented = 0;
    this.filledQuote.clear();
    this.gives.clear();
    this.gets.clear();
    if (isMarket) this.#describeMarketOrder(order, market);
    if (order.fault?.kind === "max_fill") this.#capFill(order.fault.ratio, market);
  }

  #describeMarketOrder(order: PlaceOrder, market: Market): void {
    this.limit = market.worstPrice(order.side);
    this.timeInForce = "ioc";
    if (order.quantity > 0) return;
    this.quoteBudget = Number(order.quoteQuantity / BigInt(market.instrument.minorPerTickLot));
  }

  #capFill(ratio: number, market: Market): void {
    const share = Math.floor(Math.min(RATE_ONE, Math.max(0, ratio)));
    const best = this.side === "buy" ? market.book.bestAsk : market.book.bestBid;
    const wanted =
      this.quoteBudget === 0 ? this.quantity : Math.floor(this.quoteBudget / (best || 1));
    this.maxFill = lots(Math.max(1, shareDown(wanted, share)));
  }
}
