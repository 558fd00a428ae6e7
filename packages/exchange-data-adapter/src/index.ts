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
export type {
  ExchangeDataAdapterConfig,
  ExchangeDataAdapterParts,
  StoreConfig,
} from "./adapter/adapter-config.ts";
export type { Environment } from "./adapter/environment.ts";
export {
  type ExchangeDataAdapter,
  newExchangeDataAdapter,
} from "./adapter/exchange-data-adapter.ts";
export { exchangeConfigOf, newExchangeDataAdapterFromEnv } from "./adapter/from-environment.ts";
export type { ApiKey, ApiKeyQuery, KeyKind, NewApiKey, Scope } from "./api-keys/api-key.ts";
export { auditHash, CHAIN_START, chained } from "./audit/audit-chain.ts";
export type { AuditEntry, AuditEvent, AuditQuery, AuditVerdict } from "./audit/audit-event.ts";
export { canonicalJson } from "./audit/canonical-json.ts";
export type { Balance, BalanceQuery, BalanceRow, NewBalance } from "./balances/balance.ts";
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
export type { NewOutboxMessage, OutboxMessage, OutboxQuery } from "./outbox/outbox-message.ts";
export type { ProjectionPosition, ProjectionStep } from "./projection/projection-position.ts";
export type { Json, JsonObject } from "./store/json.ts";
export type { Page, PageRequest } from "./store/page.ts";
export type { TapePrint, TapeQuery } from "./tape/tape-print.ts";
export type { Liquidity, NewTrade, Trade, TradeQuery, TradeRow } from "./trades/trade.ts";
export type {
  NewTransfer,
  Transfer,
  TransferKind,
  TransferQuery,
  TransferStatus,
} from "./transfers/transfer.ts";
