import { amount } from "@tse/domain";
import {
  above,
  below,
  equal,
  type Filters,
  found,
  list,
  type Page,
  page,
  type RepositoryParts,
  type Rows,
  saying,
} from "@tse/storage/rows";
import type { NewTrade, Trade, TradeQuery, TradeRow } from "./trade.ts";
import { tradeTable } from "./trade-table.ts";

const FILTERS: Filters<Trade, TradeQuery> = {
  orderId: equal("orderId"),
  accountId: equal("accountId"),
  symbol: equal("symbol"),
  side: equal("side"),
  executedAfter: above("executedAt"),
  executedBefore: below("executedAt"),
  afterSeq: above("tradeSeq"),
  beforeSeq: below("tradeSeq"),
};

/** Customers' trades. They are made and never changed. Lists are newest first. */
export class TradeRepository {
  readonly #parts: RepositoryParts;
  readonly #rows: Rows<Trade>;

  constructor(parts: RepositoryParts) {
    this.#parts = parts;
    this.#rows = parts.session.rows(tradeTable);
  }

  /** @throws StorageError `already_exists`, `conflict` when it names no order or account */
  create(trade: NewTrade): Promise<Trade> {
    const tradeId = trade.tradeId ?? this.#parts.newId();
    const executedAt = this.#parts.clock.now();
    const row = { liquidity: "TAKER", fee: amount(0n), executedAt, ...trade, tradeId } as const;
    return saying("already_exists", `trade already exists: ${tradeId}`, this.#rows.create(row));
  }

  /** @throws StorageError `not_found`, "trade not found: <id>" */
  async getById(tradeId: string): Promise<Trade> {
    const [trade] = await this.#rows.find({ where: [equal<Trade>("tradeId")(tradeId)] });
    return found(trade, "trade", tradeId);
  }

  /** All trades of an order. */
  getByOrderId(orderId: string): Promise<Trade[]> {
    return list(this.#rows, tradeTable, [equal<Trade>("orderId")(orderId)]);
  }

  /** @throws StorageError `invalid_query` */
  query(query: TradeQuery): Promise<Page<Trade>> {
    return page(this.#rows, tradeTable, FILTERS, query);
  }

  /** The newest `limit`; all, when absent. */
  getBySymbol(symbol: string, limit?: number): Promise<Trade[]> {
    return list(this.#rows, tradeTable, [equal<Trade>("symbol")(symbol)], limit);
  }

  /** The newest `limit`; all, when absent. */
  getByAccount(accountId: string, limit?: number): Promise<Trade[]> {
    return list(this.#rows, tradeTable, [equal<Trade>("accountId")(accountId)], limit);
  }

  /** Stores new trades. @throws StorageError `already_exists`, `conflict`, and stores none */
  saveMany(trades: readonly TradeRow[]): Promise<void> {
    return this.#rows.insert(trades);
  }
}
