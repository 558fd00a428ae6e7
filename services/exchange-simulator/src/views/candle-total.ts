import type { PublicTrade } from "./public-trade.ts";
import { WideSum } from "./wide-sum.ts";

/** Trades of one stretch of time, added up in order. Prices in ticks, quantities in lots. */
export class CandleTotal {
  open = 0;
  high = 0;
  low = Number.POSITIVE_INFINITY;
  close = 0;
  trades = 0;
  firstTrade = 0;
  lastTrade = 0;
  readonly volume = new WideSum();
  /** Σ price × quantity. */
  readonly tickLots = new WideSum();
  readonly takerBuyVolume = new WideSum();
  readonly takerBuyTickLots = new WideSum();

  get sums(): readonly WideSum[] {
    return [this.volume, this.tickLots, this.takerBuyVolume, this.takerBuyTickLots];
  }

  addTrade({ tradeSeq, price, quantity, takerSide }: PublicTrade): void {
    if (this.trades === 0) {
      this.open = price;
      this.firstTrade = tradeSeq;
    }
    this.high = Math.max(this.high, price);
    this.low = Math.min(this.low, price);
    this.close = price;
    this.trades += 1;
    this.lastTrade = tradeSeq;
    this.volume.add(quantity);
    this.tickLots.add(price * quantity);
    if (takerSide === "buy") {
      this.takerBuyVolume.add(quantity);
      this.takerBuyTickLots.add(price * quantity);
    }
  }
}
