import { textOf } from "@tse/domain";
import type { FlowTrade } from "@tse/market-model";
import type { MarketSymbol } from "./market-symbols.ts";

export const TICK_HEADER = "time,price,qty,side,bid,ask,bid_qty,ask_qty\n";

/** `BTC-USD-ticks.csv` */
export function tickFileName({ symbol }: MarketSymbol): string {
  return `${symbol.replace("/", "-")}-ticks.csv`;
}

/** One trade: ms UTC with microseconds behind the point, the taker's side, and the quote just before. A side without orders is empty. */
export function tickLine(trade: FlowTrade, { tickSize, lotSize }: MarketSymbol): string {
  const { timeUs, price, lots, sign, bid, ask, bidLots, askLots } = trade;
  const quote = (count: number) => (count === 0 ? "" : textOf(count, tickSize));
  const offered = (count: number) => (count === 0 ? "" : textOf(count, lotSize));
  const time = `${Math.floor(timeUs / 1000)}.${String(timeUs % 1000).padStart(3, "0")}`;
  const traded = [textOf(price, tickSize), textOf(lots, lotSize), sign > 0 ? "buy" : "sell"];
  return `${[time, ...traded, quote(bid), quote(ask), offered(bidLots), offered(askLots)].join(",")}\n`;
}
