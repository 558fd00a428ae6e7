import {
  type Amount,
  amount,
  assert,
  type Lots,
  lots,
  type OrderAccepted,
  type OrderEnd,
  type OrderStatus,
  type Trade,
} from "@tse/domain";
import type { Unit } from "../../exchange.ts";

/** What became of a new order within its own command, whatever happened to it since. */
export interface Placement {
  readonly accepted: OrderAccepted;
  readonly trades: readonly Trade[];
  readonly filled: Lots;
  readonly filledQuote: Amount;
  readonly status: OrderStatus;
  /** Why it ended; `""` when it rests or is filled. */
  readonly reason: string;
}

/** @param unit of a new order that was not refused */
export function placementOf({ events }: Unit): Placement {
  const accepted = events.find((event) => event.kind === "order_accepted");
  assert(accepted !== undefined, "an order that is not refused is accepted");

  const { orderSeq } = accepted;
  const trades = events.filter(
    (event) => event.kind === "trade" && event.takerOrder === orderSeq,
  ) as Trade[];
  const closed = events.find(
    (event) => event.kind === "order_closed" && event.orderSeq === orderSeq,
  );
  const filled = lots(trades.reduce((sum, trade) => sum + trade.quantity, 0));
  const filledQuote = amount(trades.reduce((sum, trade) => sum + trade.notional, 0n));
  const end = closed?.kind === "order_closed" ? closed.end : undefined;
  return { accepted, trades, filled, filledQuote, ...ending(end, filled) };
}

function ending(
  end: OrderEnd | undefined,
  filled: Lots,
): { readonly status: OrderStatus; readonly reason: string } {
  if (end === undefined) return { status: filled > 0 ? "partial" : "open", reason: "" };
  const [status, reason = ""] = end.split(":") as [OrderStatus, string?];
  return { status, reason };
}
