import type { OrderType, RejectCode } from "@tse/domain";
import { FAILURES, Refused, refusedFor } from "./failures.ts";

interface Answer {
  readonly status: number;
  readonly code: number;
  readonly msg: string;
  /** Where a market order fails another filter than a limit order. */
  readonly market?: string;
}

const filter = (name: string): Answer => ({
  status: 400,
  code: -1013,
  msg: `Filter failure: ${name}`,
});
const rejected = (msg: string): Answer => ({ status: 400, code: -2010, msg });
const barred = rejected("This account may not place or cancel orders.");

/** What the venue's refusals are called here. A code without a row does not compile. */
const REJECTIONS = {
  symbol_not_found: FAILURES.symbol,
  instrument_halted: rejected("Market is closed."),
  account_not_found: FAILURES.key,
  account_suspended: barred,
  account_closed: barred,
  kyc_required: barred,
  forbidden: FAILURES.key,
  rate_limited: FAILURES.too_many_orders,
  price_tick: filter("PRICE_FILTER"),
  lot_size: filter("LOT_SIZE"),
  min_size: filter("LOT_SIZE"),
  max_size: { ...filter("LOT_SIZE"), market: "Filter failure: MARKET_LOT_SIZE" },
  min_notional: filter("NOTIONAL"),
  max_notional: filter("NOTIONAL"),
  max_order_size: filter("NOTIONAL"),
  price_range: filter("PERCENT_PRICE_BY_SIDE"),
  would_take: rejected("Order would immediately match and take."),
  max_open_orders: filter("MAX_NUM_ORDERS"),
  duplicate_client_order_id: rejected("Duplicate order sent."),
  insufficient_liquidity: rejected(
    "Order book liquidity is less than LOT_SIZE filter minimum quantity.",
  ),
  insufficient_balance: rejected("Account has insufficient balance for requested action."),
  order_not_found: FAILURES.unknown_order,
  order_not_open: FAILURES.unknown_order,
  asset_not_found: FAILURES.unsupported,
  duplicate_name: FAILURES.unsupported,
  max_sub_accounts: FAILURES.unsupported,
  not_same_family: FAILURES.unsupported,
  account_in_use: FAILURES.unsupported,
  key_not_found: FAILURES.unsupported,
  duplicate_key: FAILURES.unsupported,
  amount_out_of_range: FAILURES.unsupported,
  already_listed: FAILURES.unsupported,
  invalid_instrument: FAILURES.unsupported,
  instrument_in_use: FAILURES.unsupported,
} as const satisfies Record<RejectCode, Answer>;

/** What was refused, and under which of the venue's own limits. */
export interface RefusedCommand {
  /** Of the refused order; `limit` where there was none. */
  readonly type?: OrderType;
  /** How many new orders an account may place a second, in the long run. */
  readonly ordersPerSecond: number;
}

export function rejection(code: RejectCode, { type, ordersPerSecond }: RefusedCommand): Refused {
  if (code === "rate_limited") {
    return refusedFor(1, "too_many_orders", ordersPerSecond, "1 SECOND");
  }
  const answer: Answer = REJECTIONS[code];
  const msg = type === "market" ? (answer.market ?? answer.msg) : answer.msg;
  return new Refused({ status: answer.status, code: answer.code, msg });
}
