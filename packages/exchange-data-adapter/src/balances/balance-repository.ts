import type { Amount } from "@tse/domain";
import { StorageError } from "@tse/storage";
import {
  above,
  atLeast,
  type Condition,
  equal,
  type Filters,
  found,
  lastOfEach,
  type Page,
  page,
  type RepositoryParts,
  type Rows,
} from "@tse/storage/rows";
import type { Balance, BalanceQuery, BalanceRow, NewBalance } from "./balance.ts";
import { balanceTable } from "./balance-table.ts";

const FILTERS: Filters<Balance, BalanceQuery> = {
  accountId: equal("accountId"),
  symbol: equal("symbol"),
  minBalance: atLeast("totalBalance"),
  updatedAfter: above("lastUpdated"),
};

/** Balances, one an account and asset. Every write stamps `lastUpdated`, but for `saveMany`. */
export class BalanceRepository {
  readonly #parts: RepositoryParts;
  readonly #rows: Rows<Balance>;

  constructor(parts: RepositoryParts) {
    this.#parts = parts;
    this.#rows = parts.session.rows(balanceTable);
  }

  /**
   * Stores a balance, or replaces that of the same account and asset, which keeps its id.
   *
   * @throws StorageError `conflict` for a negative bucket or an unknown account, `already_exists` for
   *   an id that another balance has
   */
  upsert(balance: NewBalance): Promise<Balance> {
    const balanceId = balance.balanceId ?? this.#parts.newId();
    return this.#rows.put({ ...balance, balanceId, lastUpdated: this.#parts.clock.now() });
  }

  /** @throws StorageError `not_found`, "balance not found: <id>" */
  async getById(balanceId: string): Promise<Balance> {
    const [balance] = await this.#rows.find({ where: [equal<Balance>("balanceId")(balanceId)] });
    return found(balance, "balance", balanceId);
  }

  /** @throws StorageError `not_found`, "balance not found for account X and symbol Y" */
  async getByAccountAndSymbol(accountId: string, symbol: string): Promise<Balance> {
    const [balance] = await this.#rows.find({ where: of(accountId, symbol) });
    if (balance === undefined) throw noBalance(accountId, symbol);
    return balance;
  }

  /** @throws StorageError `invalid_query` */
  query(query: BalanceQuery): Promise<Page<Balance>> {
    return page(this.#rows, balanceTable, FILTERS, query);
  }

  /**
   * Sets both buckets.
   *
   * @throws StorageError `not_found`; `insufficient_balance` for a negative one
   */
  async updateAvailableBalance(
    balanceId: string,
    available: Amount,
    locked: Amount,
  ): Promise<Balance> {
    if (available < 0n || locked < 0n) throw insufficient();
    const [balance] = await this.#rows.update([equal<Balance>("balanceId")(balanceId)], {
      availableBalance: available,
      lockedBalance: locked,
      lastUpdated: this.#parts.clock.now(),
    });
    return found(balance, "balance", balanceId);
  }

  /** All balances of an account, by symbol. */
  getByAccount(accountId: string): Promise<Balance[]> {
    return this.#rows.find({
      where: [equal<Balance>("accountId")(accountId)],
      sort: [{ field: "symbol", order: "ASC" }],
    });
  }

  /**
   * Adds to both buckets in one statement: concurrent calls all count. A balance that does not exist is
   * made when neither difference is negative.
   *
   * @throws StorageError `insufficient_balance` when a bucket would fall below zero; `not_found`,
   *   "balance not found for account X and symbol Y"; neither changes anything
   */
  async atomicUpdate(
    accountId: string,
    symbol: string,
    availableDelta: bigint,
    lockedDelta: bigint,
  ): Promise<Balance> {
    const balance = await this.#rows.accumulate({
      row: {
        balanceId: this.#parts.newId(),
        accountId,
        symbol,
        availableBalance: availableDelta as Amount,
        lockedBalance: lockedDelta as Amount,
        lastUpdated: this.#parts.clock.now(),
      },
      sums: ["availableBalance", "lockedBalance"],
      replaced: ["lastUpdated"],
      orInsert: availableDelta >= 0n && lockedDelta >= 0n,
    });
    if (balance !== undefined) return balance;
    await this.getByAccountAndSymbol(accountId, symbol);
    throw insufficient();
  }

  /** Stores balances as they are, `lastUpdated` included; those of a known account and asset are replaced and keep their ids. */
  saveMany(balances: readonly BalanceRow[]): Promise<void> {
    return this.#rows.save(
      lastOfEach(balances, ({ accountId, symbol }) => `${accountId} ${symbol}`),
    );
  }
}

function of(accountId: string, symbol: string): Condition<Balance>[] {
  return [equal<Balance>("accountId")(accountId), equal<Balance>("symbol")(symbol)];
}

function noBalance(accountId: string, symbol: string): StorageError {
  return new StorageError(
    "not_found",
    `balance not found for account ${accountId} and symbol ${symbol}`,
  );
}

function insufficient(): StorageError {
  return new StorageError("insufficient_balance", "a balance cannot be negative");
}
