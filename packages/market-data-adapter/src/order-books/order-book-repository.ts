import type { Timestamp } from "@tse/domain";
import { below, equal, items, page, type RepositoryParts, type Rows } from "@tse/storage/rows";
import { deleteOldest } from "../history.ts";
import type { NewOrderBook, OrderBook } from "./order-book.ts";
import { orderBookTable } from "./order-book-table.ts";

/** Books as they were published. Lists are newest first. */
export class OrderBookRepository {
  readonly #parts: RepositoryParts;
  readonly #rows: Rows<OrderBook>;

  constructor(parts: RepositoryParts) {
    this.#parts = parts;
    this.#rows = parts.session.rows(orderBookTable);
  }

  /** @throws StorageError `already_exists` for an id in use, `conflict` for what breaks a rule of its table */
  create(book: NewOrderBook): Promise<OrderBook> {
    return this.#rows.create({
      ...book,
      bookId: book.bookId ?? this.#parts.newId(),
      depth: book.depth ?? Math.max(book.bids.length, book.asks.length),
      timestamp: book.timestamp ?? this.#parts.clock.now(),
    });
  }

  /** `undefined` when the symbol has no book yet. */
  async getLatestBySymbol(symbol: string): Promise<OrderBook | undefined> {
    const [book] = await this.getBySymbol(symbol, 1);
    return book;
  }

  /** @param limit as in every query: 0 gives 100, at most 1,000 */
  getBySymbol(symbol: string, limit: number): Promise<readonly OrderBook[]> {
    const filters = { symbol: equal<OrderBook>("symbol") };
    return items(page(this.#rows, orderBookTable, filters, { symbol, limit }));
  }

  /**
   * Deletes the books of before this time, 10,000 a statement.
   *
   * @returns how many there were
   */
  deleteOlderThan(before: Timestamp): Promise<number> {
    return deleteOldest(this.#rows, "timestamp", [below<OrderBook>("timestamp")(before)]);
  }
}
