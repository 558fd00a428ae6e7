import type {
  AccountStatus,
  AccountType,
  InstrumentStatus,
  KycStatus,
  OrderStatus,
  OrderType,
  Scope,
  SelfTradePrevention,
  Side,
  TimeInForce,
} from "@tse/domain";
import type { Fill } from "../../../views/order-record.ts";
import type { StatementEntry } from "../../../views/statement.ts";
import type { TransferRecord } from "../../../views/transfers.ts";

/** The domain's words in capitals: how this protocol writes what can only be one of a few things. */
type Capitals<Word extends string> = readonly [Uppercase<Word>, ...Uppercase<Word>[]];

export const SIDES = ["BUY", "SELL"] as const satisfies Capitals<Side>;
export const ORDER_TYPES = ["LIMIT", "MARKET"] as const satisfies Capitals<OrderType>;
export const TIMES_IN_FORCE = ["GTC", "IOC", "FOK"] as const satisfies Capitals<TimeInForce>;
export const STP_MODES = [
  "NONE",
  "EXPIRE_TAKER",
  "EXPIRE_MAKER",
  "EXPIRE_BOTH",
  "DECREMENT",
] as const satisfies Capitals<SelfTradePrevention>;
export const ORDER_STATUSES = [
  "PENDING",
  "OPEN",
  "PARTIAL",
  "FILLED",
  "CANCELLED",
  "REJECTED",
  "EXPIRED",
] as const satisfies Capitals<OrderStatus>;
export const LIQUIDITIES = ["MAKER", "TAKER"] as const satisfies Capitals<Fill["liquidity"]>;
export const ACCOUNT_TYPES = ["SPOT", "MARGIN", "FUTURES"] as const satisfies Capitals<AccountType>;
export const ACCOUNT_STATUSES = [
  "ACTIVE",
  "SUSPENDED",
  "CLOSED",
] as const satisfies Capitals<AccountStatus>;
export const KYC_STATUSES = [
  "PENDING",
  "APPROVED",
  "REJECTED",
] as const satisfies Capitals<KycStatus>;
export const INSTRUMENT_STATUSES = [
  "TRADING",
  "HALTED",
  "CANCEL_ONLY",
  "DELISTED",
] as const satisfies Capitals<InstrumentStatus>;
export const TRANSFER_KINDS = ["DEPOSIT", "WITHDRAWAL", "TRANSFER"] as const satisfies Capitals<
  TransferRecord["kind"]
>;
export const ENTRY_CAUSES = [
  "TRADE",
  "FEE",
  "DEPOSIT",
  "WITHDRAWAL",
  "TRANSFER",
] as const satisfies Capitals<StatementEntry["cause"]>;

/** Scopes are written as they are: they also stand in commands and on key lists. */
export const SCOPES = ["read", "trade", "admin"] as const satisfies readonly Scope[];

/** @example toWire("buy") // "BUY" */
export function toWire<Word extends string>(word: Word): Uppercase<Word> {
  return word.toUpperCase() as Uppercase<Word>;
}

/** @example fromWire("BUY") // "buy" */
export function fromWire<Word extends string>(word: Word): Lowercase<Word> {
  return word.toLowerCase() as Lowercase<Word>;
}
