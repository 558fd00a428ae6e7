import { StorageError } from "@tse/storage";
import {
  above,
  type Condition,
  equal,
  type Filters,
  found,
  inEither,
  lastOfEach,
  list,
  only,
  type Page,
  page,
  type RepositoryParts,
  type Rows,
  type Session,
  saying,
  type Table,
} from "@tse/storage/rows";
import type { ApiKey } from "../api-keys/api-key.ts";
import { apiKeyTable } from "../api-keys/api-key-table.ts";
import type { Balance } from "../balances/balance.ts";
import { balanceTable } from "../balances/balance-table.ts";
import type { IdempotencyRecord } from "../idempotency/idempotency-record.ts";
import { idempotencyTable } from "../idempotency/idempotency-table.ts";
import type { LedgerEntry } from "../ledger/ledger.ts";
import { ledgerEntryTable } from "../ledger/ledger-tables.ts";
import type { Order } from "../orders/order.ts";
import { orderTable } from "../orders/order-table.ts";
import type { Trade } from "../trades/trade.ts";
import { tradeTable } from "../trades/trade-table.ts";
import type { Transfer } from "../transfers/transfer.ts";
import { transferTable } from "../transfers/transfer-table.ts";
import type { Account, AccountChange, AccountQuery, AccountStatus, NewAccount } from "./account.ts";
import { accountTable } from "./account-table.ts";

const FILTERS: Filters<Account, AccountQuery> = {
  userId: equal("userId"),
  accountType: equal("accountType"),
  status: equal("status"),
  kycStatus: equal("kycStatus"),
  createdAfter: above("createdAt"),
  parentAccountId: equal("parentAccountId"),
};

const CHANGEABLE = [
  "userId",
  "accountType",
  "status",
  "kycStatus",
  "metadata",
  "name",
  "feeTier",
] as const;

/** Accounts. Every write stamps `updatedAt`, but for `saveMany`. Lists are newest first. */
export class AccountRepository {
  readonly #parts: RepositoryParts;
  readonly #rows: Rows<Account>;

  constructor(parts: RepositoryParts) {
    this.#parts = parts;
    this.#rows = parts.session.rows(accountTable);
  }

  /** @throws StorageError `already_exists` for an id or a sub-account's name in use, `conflict` */
  create(account: NewAccount): Promise<Account> {
    const now = this.#parts.clock.now();
    const accountId = account.accountId ?? this.#parts.newId();
    const row: Account = {
      parentAccountId: undefined,
      name: undefined,
      role: "CUSTOMER",
      status: "ACTIVE",
      kycStatus: "PENDING",
      feeTier: "standard",
      createdAt: now,
      metadata: undefined,
      ...account,
      accountId,
      updatedAt: now,
    };
    return saying("already_exists", `account already exists: ${accountId}`, this.#rows.create(row));
  }

  /** @throws StorageError `not_found`, "account not found: <id>" */
  async getById(accountId: string): Promise<Account> {
    const [account] = await this.#rows.find({ where: named(accountId) });
    return found(account, "account", accountId);
  }

  /** All accounts of a user. */
  getByUserId(userId: string): Promise<Account[]> {
    return list(this.#rows, accountTable, [equal<Account>("userId")(userId)]);
  }

  /** @throws StorageError `invalid_query` */
  query(query: AccountQuery): Promise<Page<Account>> {
    return page(this.#rows, accountTable, FILTERS, query);
  }

  /** @throws StorageError `not_found`, `already_exists`, `conflict` */
  async update(accountId: string, change: AccountChange): Promise<Account> {
    const updatedAt = this.#parts.clock.now();
    const changed = { ...only(change, CHANGEABLE), updatedAt };
    const [account] = await this.#rows.update(named(accountId), changed);
    return found(account, "account", accountId);
  }

  /** @throws StorageError `not_found` */
  updateStatus(accountId: string, status: AccountStatus): Promise<Account> {
    return this.update(accountId, { status });
  }

  /**
   * Deletes an account that nothing ever happened in, with its keys and its empty balances.
   *
   * @throws StorageError `account_in_use` when it has orders, trades, transfers, ledger entries,
   *   sub-accounts or money: close it instead; `not_found`
   */
  async delete(accountId: string): Promise<void> {
    await this.#parts.session.unit(async (session) => {
      if (await isUsed(session, accountId)) {
        throw new StorageError("account_in_use", `account in use, close it instead: ${accountId}`);
      }
      await deleteWhere(session, balanceTable, equal<Balance>("accountId")(accountId));
      await deleteWhere(session, apiKeyTable, equal<ApiKey>("accountId")(accountId));
      await deleteWhere(
        session,
        idempotencyTable,
        equal<IdempotencyRecord>("accountId")(accountId),
      );
      const deleted = await session.rows(accountTable).delete(named(accountId));
      found(deleted === 0 ? undefined : deleted, "account", accountId);
    });
  }

  /** Stores accounts as they are, `updatedAt` included; those with a known id are replaced. */
  async saveMany(accounts: readonly Account[]): Promise<void> {
    const rows = lastOfEach(accounts, ({ accountId }) => accountId);
    const isNamed = ({ parentAccountId, name }: Account) =>
      parentAccountId !== undefined && name !== undefined;
    await this.#parts.session.unit(async (session) => {
      const table = session.rows(accountTable);
      // Sub-accounts may have exchanged their names: all are free before any is taken.
      await table.save(rows.map((row) => (isNamed(row) ? { ...row, name: undefined } : row)));
      await table.save(rows.filter(isNamed));
    });
  }
}

function named(accountId: string): Condition<Account>[] {
  return [{ field: "accountId", is: "=", value: accountId }];
}

async function isUsed(session: Session, accountId: string): Promise<boolean> {
  return (
    (await exists(session, orderTable, equal<Order>("accountId")(accountId))) ||
    (await exists(session, tradeTable, equal<Trade>("accountId")(accountId))) ||
    (await exists(session, ledgerEntryTable, equal<LedgerEntry>("accountId")(accountId))) ||
    (await exists(session, accountTable, equal<Account>("parentAccountId")(accountId))) ||
    (await exists(
      session,
      transferTable,
      inEither<Transfer>("fromAccountId", "toAccountId")(accountId),
    )) ||
    (await exists(
      session,
      balanceTable,
      equal<Balance>("accountId")(accountId),
      above<Balance>("totalBalance")(0n),
    ))
  );
}

async function exists<Model>(
  session: Session,
  table: Table<Model>,
  ...where: Condition<Model>[]
): Promise<boolean> {
  return (await session.rows(table).find({ where, limit: 1 })).length > 0;
}

async function deleteWhere<Model>(
  session: Session,
  table: Table<Model>,
  where: Condition<Model>,
): Promise<void> {
  await session.rows(table).delete([where]);
}
