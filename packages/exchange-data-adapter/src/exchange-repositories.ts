import { AuditRepository, OutboxRepository } from "@tse/storage/adapter";
import type { RepositoryParts } from "@tse/storage/rows";
import { AccountRepository } from "./accounts/account-repository.ts";
import { ApiKeyRepository } from "./api-keys/api-key-repository.ts";
import { BalanceRepository } from "./balances/balance-repository.ts";
import { IdempotencyRepository } from "./idempotency/idempotency-repository.ts";
import { InstrumentRepository } from "./instruments/instrument-repository.ts";
import { LedgerRepository } from "./ledger/ledger-repository.ts";
import { OrderRepository } from "./orders/order-repository.ts";
import { ProjectionRepository } from "./projection/projection-repository.ts";
import { TapeRepository } from "./tape/tape-repository.ts";
import { TradeRepository } from "./trades/trade-repository.ts";
import { TransferRepository } from "./transfers/transfer-repository.ts";

/** Everything that an exchange keeps. */
export interface ExchangeRepositories {
  readonly accountRepository: AccountRepository;
  readonly orderRepository: OrderRepository;
  readonly tradeRepository: TradeRepository;
  readonly balanceRepository: BalanceRepository;
  readonly instrumentRepository: InstrumentRepository;
  readonly apiKeyRepository: ApiKeyRepository;
  readonly transferRepository: TransferRepository;
  readonly ledgerRepository: LedgerRepository;
  readonly auditRepository: AuditRepository;
  readonly outboxRepository: OutboxRepository;
  readonly tapeRepository: TapeRepository;
  readonly projectionRepository: ProjectionRepository;
  readonly idempotencyRepository: IdempotencyRepository;
}

/** The repositories over one session: single statements, or one unit of work. */
export function repositoriesOver(parts: RepositoryParts): ExchangeRepositories {
  return {
    accountRepository: new AccountRepository(parts),
    orderRepository: new OrderRepository(parts),
    tradeRepository: new TradeRepository(parts),
    balanceRepository: new BalanceRepository(parts),
    instrumentRepository: new InstrumentRepository(parts),
    apiKeyRepository: new ApiKeyRepository(parts),
    transferRepository: new TransferRepository(parts),
    ledgerRepository: new LedgerRepository(parts),
    auditRepository: new AuditRepository(parts),
    outboxRepository: new OutboxRepository(parts),
    tapeRepository: new TapeRepository(parts),
    projectionRepository: new ProjectionRepository(parts),
    idempotencyRepository: new IdempotencyRepository(parts),
  };
}
