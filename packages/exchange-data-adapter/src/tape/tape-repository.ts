import {
  above,
  below,
  equal,
  type Filters,
  list,
  type Page,
  page,
  type RepositoryParts,
  type Rows,
} from "@tse/storage/rows";
import type { TapePrint, TapeQuery } from "./tape-print.ts";
import { tapeTable } from "./tape-table.ts";

const FILTERS: Filters<TapePrint, TapeQuery> = {
  symbol: equal("symbol"),
  afterSeq: above("tradeSeq"),
  beforeSeq: below("tradeSeq"),
  executedAfter: above("executedAt"),
  executedBefore: below("executedAt"),
};

/** The public tape: every match of every account, without names. Lists are newest first. */
export class TapeRepository {
  readonly #rows: Rows<TapePrint>;

  constructor({ session }: RepositoryParts) {
    this.#rows = session.rows(tapeTable);
  }

  /** Stores new prints. @throws StorageError `already_exists`, `conflict`, and stores none */
  saveMany(prints: readonly TapePrint[]): Promise<void> {
    return this.#rows.insert(prints);
  }

  /** The newest `limit`. */
  getBySymbol(symbol: string, limit: number): Promise<TapePrint[]> {
    return list(this.#rows, tapeTable, [equal<TapePrint>("symbol")(symbol)], limit);
  }

  /** @throws StorageError `invalid_query` */
  query(query: TapeQuery): Promise<Page<TapePrint>> {
    return page(this.#rows, tapeTable, FILTERS, query);
  }
}
