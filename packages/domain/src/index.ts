export type {
  Account,
  AccountRole,
  AccountStatus,
  AccountType,
  ApiKey,
  Balance,
  KycStatus,
  Scope,
} from "./account.ts";
export { formatAmount, MAX_AMOUNT, parseAmount } from "./amounts.ts";
export { assert, InvariantViolation } from "./assert.ts";
export type { Clock, Timer } from "./clock.ts";
export type {
  AmendOrder,
  CancelAllOrders,
  CancelOrder,
  CloseAccount,
  Command,
  ConfigureVenue,
  CreateAccount,
  CreateKey,
  Deposit,
  ListAsset,
  ListInstrument,
  OrderFault,
  PlaceOrder,
  RecordFact,
  RevokeKey,
  SetFees,
  SetReferencePrice,
  Transfer,
  UpdateAccount,
  UpdateInstrument,
  Withdraw,
} from "./command.ts";
export { formatDecimal, formatShortest, isDecimal, parseDecimal } from "./decimal.ts";
export type {
  AccountCreated,
  AccountUpdated,
  AssetListed,
  BalanceChanged,
  FactRecorded,
  FeesSet,
  InstrumentListed,
  InstrumentUpdated,
  KeyCreated,
  KeyRevoked,
  LevelChanged,
  OrderAccepted,
  OrderClosed,
  OrderEnd,
  OrderReduced,
  OrderRejected,
  ReferencePriceChanged,
  SelfTradePrevented,
  Trade,
  TransferCompleted,
  VenueConfigured,
  VenueEvent,
} from "./event.ts";
export { type EntityKind, entityId, entityNumber } from "./identity.ts";
export { countOf, type Increment, increment, parseIncrement, textOf } from "./increment.ts";
export {
  type Instrument,
  type InstrumentStatus,
  RATE_ONE,
  type Rate,
  type TradingRules,
} from "./instrument.ts";
export type {
  CancelReason,
  ExpiryReason,
  LiveOrder,
  OrderStatus,
  OrderType,
  SelfTradePrevention,
  TimeInForce,
} from "./order.ts";
export type { Random } from "./random.ts";
export { REJECT_CODES, type RejectCode, type RejectedField, type Rejection } from "./rejection.ts";
export { opposite, type Side } from "./side.ts";
export {
  type AccountNumber,
  type Amount,
  type AssetId,
  amount,
  type Duration,
  duration,
  type InstrumentId,
  type Lots,
  lots,
  MONEY_SCALE,
  OFF_GRID,
  type OrderSeq,
  type Sequence,
  type Ticks,
  type Timestamp,
  type TradeSeq,
  ticks,
  timestamp,
} from "./units.ts";
export type { OrderRate, VenueRules } from "./venue-rules.ts";
