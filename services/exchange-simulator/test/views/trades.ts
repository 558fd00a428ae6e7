import type { Lots, OrderSeq, Side, Ticks, Timestamp, TradeSeq } from "@tse/domain";
import { amount } from "@tse/domain";
import type { PublicTrade } from "../../src/views/public-trade.ts";

/** Minor units of the quote asset in one tick × one lot of the instrument of these tests. */
export const MINOR_PER_TICK_LOT = 10;

export interface TradePlan {
  readonly at: number;
  readonly price: number;
  readonly quantity: number;
  readonly takerSide: Side;
}

/** The `index`-th trade of a market, from 0. */
export function tradeOf({ at, price, quantity, takerSide }: TradePlan, index: number): PublicTrade {
  return {
    tradeSeq: (index + 1) as TradeSeq,
    price: price as Ticks,
    quantity: quantity as Lots,
    notional: amount(BigInt(price) * BigInt(quantity) * BigInt(MINOR_PER_TICK_LOT)),
    takerSide,
    executedAt: at as Timestamp,
    takerOrder: (2 * index + 2) as OrderSeq,
    makerOrder: (2 * index + 1) as OrderSeq,
  };
}
