import type { Timestamp } from "@tse/domain";
import {
  atLeast,
  below,
  equal,
  type Filters,
  found,
  items,
  type Page,
  type PageRequest,
  page,
  type RepositoryParts,
  type Rows,
} from "@tse/storage/rows";
import { deleteOldest } from "../history.ts";
import type {
  MarketSnapshot,
  MarketSnapshotQuery,
  NewMarketSnapshot,
  Ticker,
} from "./market-snapshot.ts";
import { marketSnapshotTable, tickerView } from "./market-snapshot-table.ts";

const FILTERS: Filters<MarketSnapshot, MarketSnapshotQuery> = {
  symbol: equal("symbol"),
  timestampFrom: atLeast("timestamp"),
  timestampTo: below("timestamp"),
};

/** Snapshots of the market. Lists are newest first. */
export class MarketSnapshotRepository {
  readonly #parts: RepositoryParts;
  readonly #rows: Rows<MarketSnapshot>;

  constructor(parts: RepositoryParts) {
    this.#parts = parts;
    this.#rows = parts.session.rows(marketSnapshotTable);
  }

  /** @throws StorageError `already_exists` for an id in use, `conflict` for what breaks a rule of its table */
  create(snapshot: NewMarketSnapshot): Promise<MarketSnapshot> {
    return this.#rows.create({
      ...snapshot,
      snapshotId: snapshot.snapshotId ?? this.#parts.newId(),
      timestamp: snapshot.timestamp ?? this.#parts.clock.now(),
    });
  }

  /** @throws StorageError `not_found`, "market snapshot not found: <id>" */
  async getById(snapshotId: string): Promise<MarketSnapshot> {
    const where = [equal<MarketSnapshot>("snapshotId")(snapshotId)];
    const [snapshot] = await this.#rows.find({ where });
    return found(snapshot, "market snapshot", snapshotId);
  }

  /** `undefined` when there is none yet. */
  async getLatestBySymbol(symbol: string): Promise<MarketSnapshot | undefined> {
    const [snapshot] = await this.getBySymbol(symbol, 1);
    return snapshot;
  }

  /** @param limit as in every query: 0 gives 100, at most 1,000 */
  getBySymbol(symbol: string, limit: number): Promise<readonly MarketSnapshot[]> {
    return items(this.query({ symbol, limit }));
  }

  /** @throws StorageError `invalid_query` */
  query(query: MarketSnapshotQuery): Promise<Page<MarketSnapshot>> {
    return page(this.#rows, marketSnapshotTable, FILTERS, query);
  }

  /** The newest snapshot of each symbol, by symbol; all of them when it gives none. */
  getTickers(query: PageRequest & { readonly symbol?: string } = {}): Promise<Page<Ticker>> {
    const rows = this.#parts.session.view(tickerView);
    return page(rows, tickerView, { symbol: equal<Ticker>("symbol") }, query);
  }

  /**
   * Deletes the snapshots of before this time, 10,000 a statement.
   *
   * @returns how many there were
   */
  deleteOlderThan(before: Timestamp): Promise<number> {
    return deleteOldest(this.#rows, "timestamp", [below<MarketSnapshot>("timestamp")(before)]);
  }
}
