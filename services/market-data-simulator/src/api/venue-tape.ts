/** One match at a venue, as everybody may know it. */
export interface VenueTrade {
  /** Its number at the venue, of this symbol. */
  readonly tradeSeq: number;
  /** Decimal, as the quantity. */
  readonly price: string;
  readonly quantity: string;
  readonly takerSide: "BUY" | "SELL";
  readonly executedAt: string;
}

/** The public tape of the venue that trades at these prices. */
export interface VenueTape {
  /** Newest first; `undefined` for a symbol that isn't listed there. */
  recentTrades(symbol: string, limit: number): readonly VenueTrade[] | undefined;
}
