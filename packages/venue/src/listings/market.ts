import {
  type Amount,
  type AssetId,
  amount,
  type Instrument,
  type InstrumentId,
  RATE_ONE,
  type Side,
  type Ticks,
  ticks,
} from "@tse/domain";
import { type MatchEvents, OrderBook, type OrderPool } from "@tse/matching-engine";
import type { Money } from "../ledger/money.ts";
import { bounded, shareDown, shareUp } from "../ledger/share.ts";
import { OpenOrderCounts } from "../orders/open-order-counts.ts";
import type { MarketState } from "../state/venue-state.ts";

/** The largest order of the whole venue, in the unit of account. */
export interface OrderCap {
  readonly notional: bigint;
  readonly unitOfAccount: string;
}

export interface PriceRange {
  readonly low: Ticks;
  readonly high: Ticks;
}

/**
 * One instrument's market: its book, its reference price, and its rules in the units of the book.
 *
 * The bounds that follow from the reference price are worked out when an order asks for them and
 * the price is another than the last time.
 */
export class Market {
  readonly book: OrderBook;
  readonly openOrders = new OpenOrderCounts();
  #cap: OrderCap;
  #instrument: Instrument;
  #bookSequence = 0;

  #feed = 0;
  #feedStale = false;
  #lastTrade = 0;

  /** Market of the quote asset in the unit of account; `undefined` when there is none or none is needed. */
  #quoteMarket: Market | undefined;
  #cappedAt = -1;
  #capTickLots = 0;

  #boundsOf = -1;
  readonly #limitRange = { low: ticks(0), high: ticks(0) };
  readonly #band = { low: ticks(0), high: ticks(0) };

  minTickLots = 0;
  maxTickLots = 0;

  constructor(instrument: Instrument, cap: OrderCap, pool: OrderPool, matches: MatchEvents) {
    this.#instrument = instrument;
    this.#cap = cap;
    this.book = new OrderBook(pool, matches, instrument.id);
    this.change(instrument);
  }

  get id(): InstrumentId {
    return this.#instrument.id;
  }

  get instrument(): Instrument {
    return this.#instrument;
  }

  /** What an order of `side` pays with. */
  paidWith(side: Side): AssetId {
    return side === "buy" ? this.#instrument.quote : this.#instrument.base;
  }

  /** Sets `money` to what an order of `side` pays for `quantity` at `price`; an open order locks that. */
  setCost(money: Money, side: Side, price: number, quantity: number): void {
    const { minorPerLot, minorPerTickLot } = this.#instrument;
    if (side === "buy") money.setNotional(price, quantity, minorPerTickLot);
    else money.setProduct(quantity, minorPerLot);
  }

  change(instrument: Instrument): void {
    const each = BigInt(instrument.minorPerTickLot);
    this.#instrument = instrument;
    this.#boundsOf = -1;
    this.minTickLots = bounded((instrument.minNotional + each - 1n) / each);
    this.maxTickLots = bounded(instrument.maxNotional / each);
  }

  /** The feed's price, else the last trade's, else the start price. */
  get reference(): Ticks {
    return ticks(this.#feed || this.#lastTrade || this.#instrument.startPrice);
  }

  get feedStale(): boolean {
    return this.#feedStale;
  }

  get bookSequence(): number {
    return this.#bookSequence;
  }

  nextBookSequence(): number {
    this.#bookSequence += 1;
    return this.#bookSequence;
  }

  feedChanged(price: Ticks): void {
    this.#feedStale = price === 0 && (this.#feedStale || this.#feed !== 0);
    this.#feed = price;
  }

  traded(price: Ticks): void {
    this.#lastTrade = price;
  }

  /** Everything but the orders. */
  save(): MarketState {
    return {
      instrument: this.#instrument,
      feed: ticks(this.#feed),
      feedStale: this.#feedStale,
      lastTrade: ticks(this.#lastTrade),
      bookSequence: this.#bookSequence,
    };
  }

  /** Into a market just made for the same instrument. */
  restore({ feed, feedStale, lastTrade, bookSequence }: MarketState): void {
    this.#feed = feed;
    this.#feedStale = feedStale;
    this.#lastTrade = lastTrade;
    this.#bookSequence = bookSequence;
  }

  /** What the limit of an order may be. */
  get limitRange(): PriceRange {
    if (this.reference !== this.#boundsOf) this.#bound();
    return this.#limitRange;
  }

  /** The worst price at which a market order of `side` may execute. */
  worstPrice(side: Side): Ticks {
    if (this.reference !== this.#boundsOf) this.#bound();
    return side === "buy" ? this.#band.high : this.#band.low;
  }

  /** Finds how the quote asset is worth in the unit of account, from all markets of the venue. */
  linkQuote(named: (symbol: string) => Market | undefined): void {
    const { quoteAsset } = this.#instrument;
    const { unitOfAccount } = this.#cap;
    this.#quoteMarket =
      quoteAsset === unitOfAccount ? undefined : named(`${quoteAsset}/${unitOfAccount}`);
    this.#cappedAt = -1;
  }

  capChanged(cap: OrderCap): void {
    this.#cap = cap;
    this.#cappedAt = -1;
  }

  /** Largest order, in ticks × lots at the reference price; infinite when the quote asset has no price. */
  get capTickLots(): number {
    const quotePrice = this.#quoteMarket?.reference ?? 0;
    if (quotePrice !== this.#cappedAt) {
      this.#cappedAt = quotePrice;
      this.#capTickLots = this.#capAt(quotePrice);
    }
    return this.#capTickLots;
  }

  /** Most that an order may be worth at the reference price by both rules, in the quote asset. */
  get largestNotional(): Amount {
    const { maxNotional, minorPerTickLot } = this.#instrument;
    const each = BigInt(minorPerTickLot);
    const isCapped = this.capTickLots < Number(maxNotional / each);
    return isCapped ? amount(BigInt(this.capTickLots) * each) : maxNotional;
  }

  #capAt(quotePrice: number): number {
    const { quoteAsset, minorPerTickLot } = this.#instrument;
    const { notional, unitOfAccount } = this.#cap;
    const each = BigInt(minorPerTickLot);
    if (quoteAsset === unitOfAccount) return bounded(notional / each);
    if (this.#quoteMarket === undefined) return Number.POSITIVE_INFINITY;
    const price = BigInt(quotePrice) * this.#quoteMarket.instrument.tickSize.minor;
    return bounded((notional * BigInt(RATE_ONE)) / (price * each));
  }

  #bound(): void {
    const reference = this.reference;
    const { priceMultiplierDown, priceMultiplierUp, priceBand } = this.#instrument;
    this.#boundsOf = reference;
    this.#limitRange.low = ticks(Math.max(1, shareUp(reference, priceMultiplierDown)));
    this.#limitRange.high = ticks(shareDown(reference, priceMultiplierUp));
    this.#band.low = ticks(Math.max(1, shareUp(reference, RATE_ONE - priceBand)));
    this.#band.high = ticks(shareDown(reference, RATE_ONE + priceBand));
  }
}
