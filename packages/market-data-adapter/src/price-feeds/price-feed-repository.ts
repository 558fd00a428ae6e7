import type { Timestamp } from "@tse/domain";
import {
  atLeast,
  below,
  equal,
  type Filters,
  found,
  items,
  type Page,
  page,
  type RepositoryParts,
  type Rows,
} from "@tse/storage/rows";
import { deleteOldest } from "../history.ts";
import type { NewPriceFeed, PriceFeed, PriceFeedQuery } from "./price-feed.ts";
import { priceFeedTable } from "./price-feed-table.ts";

const FILTERS: Filters<PriceFeed, PriceFeedQuery> = {
  symbol: equal("symbol"),
  source: equal("source"),
  timestampFrom: atLeast("timestamp"),
  timestampTo: below("timestamp"),
};

/** Prices as they were published. Lists are newest first. */
export class PriceFeedRepository {
  readonly #parts: RepositoryParts;
  readonly #rows: Rows<PriceFeed>;

  constructor(parts: RepositoryParts) {
    this.#parts = parts;
    this.#rows = parts.session.rows(priceFeedTable);
  }

  /** @throws StorageError `already_exists` for an id in use, `conflict` for what breaks a rule of its table */
  create(feed: NewPriceFeed): Promise<PriceFeed> {
    return this.#rows.create(this.#complete(feed));
  }

  /**
   * All of them or none, in one statement.
   *
   * @returns them as stored, in the order given
   * @throws StorageError as `create`
   */
  async createMany(feeds: readonly NewPriceFeed[]): Promise<readonly PriceFeed[]> {
    const rows = feeds.map((feed) => this.#complete(feed));
    await this.#rows.insert(rows);
    return rows;
  }

  /** @throws StorageError `not_found`, "price feed not found: <id>" */
  async getById(feedId: string): Promise<PriceFeed> {
    const [feed] = await this.#rows.find({ where: [equal<PriceFeed>("feedId")(feedId)] });
    return found(feed, "price feed", feedId);
  }

  /** `undefined` when the symbol has no price yet. */
  async getLatestBySymbol(symbol: string): Promise<PriceFeed | undefined> {
    const [feed] = await this.getBySymbol(symbol, 1);
    return feed;
  }

  /** @param limit as in every query: 0 gives 100, at most 1,000 */
  getBySymbol(symbol: string, limit: number): Promise<readonly PriceFeed[]> {
    return items(this.query({ symbol, limit }));
  }

  /** @param limit as in every query */
  getBySource(source: string, limit: number): Promise<readonly PriceFeed[]> {
    return items(this.query({ source, limit }));
  }

  /** @throws StorageError `invalid_query` */
  query(query: PriceFeedQuery): Promise<Page<PriceFeed>> {
    return page(this.#rows, priceFeedTable, FILTERS, query);
  }

  /**
   * Deletes the prices of before this time, 10,000 a statement.
   *
   * @returns how many there were
   */
  deleteOlderThan(before: Timestamp): Promise<number> {
    return deleteOldest(this.#rows, "timestamp", [below<PriceFeed>("timestamp")(before)]);
  }

  #complete(feed: NewPriceFeed): PriceFeed {
    return {
      bid: undefined,
      ask: undefined,
      volume24h: undefined,
      sequence: undefined,
      confidence: undefined,
      metadata: undefined,
      ...feed,
      feedId: feed.feedId ?? this.#parts.newId(),
      source: feed.source ?? "simulator",
      timestamp: feed.timestamp ?? this.#parts.clock.now(),
    };
  }
}
