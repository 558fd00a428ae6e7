export {
  type AuditEntry,
  type AuditEvent,
  type AuditQuery,
  type AuditVerdict,
  auditHash,
  CHAIN_START,
  canonicalJson,
  chained,
  type DataAdapterConfig as ExchangeDataAdapterConfig,
  type DataAdapterParts as ExchangeDataAdapterParts,
  type Environment,
  type NewOutboxMessage,
  type OutboxMessage,
  type OutboxQuery,
  type StoreConfig,
} from "@tse/storage/adapter";
export type { Json, JsonObject, Page, PageRequest } from "@tse/storage/rows";
export type {
  Account,
  AccountChange,
  AccountQuery,
  AccountRole,
  AccountStatus,
  AccountType,
  KycStatus,
  NewAccount,
} from "./accounts/account.ts";
export type { ApiKey, ApiKeyQuery, KeyKind, NewApiKey, Scope } from "./api-keys/api-key.ts";
export type { Balance, BalanceQuery, BalanceRow, NewBalance } from "./balances/balance.ts";
export {
  type ExchangeDataAdapter,
  exchangeConfigOf,
  newExchangeDataAdapter,
  newExchangeDataAdapterFromEnv,
} from "./exchange-data-adapter.ts";
export type { ExchangeRepositories } from "./exchange-repositories.ts";
export type {
  IdempotencyRecord,
  NewIdempotencyRecord,
} from "./idempotency/idempotency-record.ts";
export type {
  Asset,
  FeeTier,
  Instrument,
  InstrumentChange,
  InstrumentQuery,
  InstrumentStatus,
  NewInstrument,
} from "./instruments/instrument.ts";
export type {
  ConservationViolation,
  LedgerViolation,
  ReservationViolation,
  Violations,
} from "./invariants/violations.ts";
export type {
  EntryReason,
  JournalKind,
  LedgerEntry,
  LedgerEntryQuery,
  LedgerJournal,
  LedgerJournalQuery,
  PostedJournal,
  Posting,
} from "./ledger/ledger.ts";
export { exchangeMigrations } from "./migrations.ts";
export type {
  NewOrder,
  Order,
  OrderQuery,
  OrderSide,
  OrderStatus,
  OrderType,
  StpMode,
  TimeInForce,
  TriggerKind,
} from "./orders/order.ts";
export type { ProjectionPosition, ProjectionStep } from "./projection/projection-position.ts";
export type { TapePrint, TapeQuery } from "./tape/tape-print.ts";
export type { Liquidity, NewTrade, Trade, TradeQuery, TradeRow } from "./trades/trade.ts";
export type {
  NewTransfer,
  Transfer,
  TransferKind,
  TransferQuery,
  TransferStatus,
} from "./transfers/transfer.ts";
