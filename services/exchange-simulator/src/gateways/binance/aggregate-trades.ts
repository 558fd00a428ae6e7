import type { Instrument } from "@tse/domain";
import type { PublicTrade } from "../../views/public-trade.ts";
import { milliseconds, priceText, quantityText } from "./numbers.ts";

/** Trades of one taker at one price, one right after the other. Named by the first of them. */
export interface AggregateTrade {
  readonly first: PublicTrade;
  readonly last: PublicTrade;
  /** Lots. */
  readonly quantity: bigint;
}

/** @param trades of one instrument, oldest first */
export function aggregate(trades: readonly PublicTrade[]): readonly AggregateTrade[] {
  const aggregates: AggregateTrade[] = [];
  for (const trade of trades) {
    const before = aggregates.at(-1);
    const quantity = BigInt(trade.quantity);
    if (before !== undefined && continues(before.last, trade)) {
      aggregates[aggregates.length - 1] = {
        ...before,
        last: trade,
        quantity: before.quantity + quantity,
      };
    } else {
      aggregates.push({ first: trade, last: trade, quantity });
    }
  }
  return aggregates;
}

function continues(before: PublicTrade, trade: PublicTrade): boolean {
  const isOneTakers = trade.takerOrder !== 0 && before.takerOrder === trade.takerOrder;
  return isOneTakers && before.price === trade.price;
}

export function aggregateReply(
  instrument: Instrument,
  { first, last, quantity }: AggregateTrade,
): object {
  return {
    a: first.tradeSeq,
    p: priceText(instrument, first.price),
    q: quantityText(instrument, quantity),
    f: first.tradeSeq,
    l: last.tradeSeq,
    T: milliseconds(first.executedAt),
    m: first.takerSide === "sell",
    M: true,
  };
}
