import type { Lots, Ticks } from "./units.ts";

/**
 * Why the venue refuses a command. Expected, part of the API, so returned and never thrown.
 *
 * The order of the codes is the order of the checks: the first that fails decides, and tests assert
 * it. Every gateway keeps one table from these codes to its own protocol; a new code does not compile
 * until each table has a row for it. Codes go out on the wire: never rename one.
 */
export const REJECT_CODES = [
  "symbol_not_found",
  "instrument_halted",
  "account_not_found",
  "account_suspended",
  "account_closed",
  "kyc_required",
  "forbidden",
  "rate_limited",
  "price_tick",
  "lot_size",
  "min_size",
  "max_size",
  "min_notional",
  "max_notional",
  "max_order_size",
  "price_range",
  "would_take",
  "max_open_orders",
  "duplicate_client_order_id",
  "insufficient_liquidity",
  "insufficient_balance",
  // Not of new orders: cancels, amendments, accounts, money and listings.
  "order_not_found",
  "order_not_open",
  "asset_not_found",
  "duplicate_name",
  "max_sub_accounts",
  "not_same_family",
  "account_in_use",
  "key_not_found",
  "duplicate_key",
  "amount_out_of_range",
  "already_listed",
  "invalid_instrument",
  "instrument_in_use",
] as const;

export type RejectCode = (typeof REJECT_CODES)[number];

/**
 * A refusal. `field` is the domain's name of what was wrong, where one field was; the numbers say
 * what was asked and what the rule allows, in the units of that field.
 */
export interface Rejection {
  readonly code: RejectCode;
  readonly field?: RejectedField;
  /** What the rule allows, rendered by the gateway in the field's unit. */
  readonly low?: Ticks | Lots | bigint;
  readonly high?: Ticks | Lots | bigint;
  /** The asset that lacks, or any other name the message needs. */
  readonly name?: string;
}

export type RejectedField =
  | "symbol"
  | "limit"
  | "quantity"
  | "quoteQuantity"
  | "notional"
  | "clientOrderId"
  | "orderId"
  | "account"
  | "asset"
  | "amount"
  | "name"
  | "key"
  | "instrument";
