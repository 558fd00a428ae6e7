import {
  equal,
  type Filters,
  found,
  list,
  only,
  type Page,
  page,
  type RepositoryParts,
  type Rows,
  saying,
} from "@tse/storage/rows";
import type {
  MarketSymbol,
  MarketSymbolChange,
  NewMarketSymbol,
  SymbolQuery,
} from "./market-symbol.ts";
import { symbolTable } from "./symbol-table.ts";

const FILTERS: Filters<MarketSymbol, SymbolQuery> = {
  symbol: equal("symbol"),
  baseCurrency: equal("baseCurrency"),
  quoteCurrency: equal("quoteCurrency"),
  isActive: equal("isActive"),
};

const CHANGEABLE = [
  "symbol",
  "baseCurrency",
  "quoteCurrency",
  "displayName",
  "isActive",
  "minPriceMovement",
  "minOrderSize",
  "maxOrderSize",
  "metadata",
] as const;

/** The symbols that prices are made for. Every write stamps `updatedAt`. Lists are by symbol. */
export class SymbolRepository {
  readonly #parts: RepositoryParts;
  readonly #rows: Rows<MarketSymbol>;

  constructor(parts: RepositoryParts) {
    this.#parts = parts;
    this.#rows = parts.session.rows(symbolTable);
  }

  /** @throws StorageError `already_exists` for an id or symbol in use, `conflict` for what breaks a rule of its table */
  create(symbol: NewMarketSymbol): Promise<MarketSymbol> {
    const now = this.#parts.clock.now();
    const row = {
      ...symbol,
      symbolId: symbol.symbolId ?? this.#parts.newId(),
      isActive: symbol.isActive ?? true,
      createdAt: now,
      updatedAt: now,
    };
    const created = this.#rows.create(row);
    return saying("already_exists", `symbol already exists: ${symbol.symbol}`, created);
  }

  /** @throws StorageError `not_found`, "symbol not found: <id>" */
  async getById(symbolId: string): Promise<MarketSymbol> {
    const [symbol] = await this.#rows.find({ where: [named(symbolId)] });
    return found(symbol, "symbol", symbolId);
  }

  /** @throws StorageError `not_found`, "symbol not found: <symbol>" */
  async getBySymbol(symbol: string): Promise<MarketSymbol> {
    const [row] = await this.#rows.find({ where: [equal<MarketSymbol>("symbol")(symbol)] });
    return found(row, "symbol", symbol);
  }

  /** All of them. */
  getByBaseCurrency(baseCurrency: string): Promise<readonly MarketSymbol[]> {
    return list(this.#rows, symbolTable, [equal<MarketSymbol>("baseCurrency")(baseCurrency)]);
  }

  /** All that prices are made for now. */
  getActive(): Promise<readonly MarketSymbol[]> {
    return list(this.#rows, symbolTable, [equal<MarketSymbol>("isActive")(true)]);
  }

  /** @throws StorageError `invalid_query` */
  query(query: SymbolQuery): Promise<Page<MarketSymbol>> {
    return page(this.#rows, symbolTable, FILTERS, query);
  }

  /** @throws StorageError `not_found`, `already_exists`, `conflict` */
  async update(symbolId: string, change: MarketSymbolChange): Promise<MarketSymbol> {
    const updatedAt = this.#parts.clock.now();
    const changed = this.#rows.update([named(symbolId)], {
      ...only(change, CHANGEABLE),
      updatedAt,
    });
    const [symbol] = await saying("already_exists", "symbol already exists", changed);
    return found(symbol, "symbol", symbolId);
  }

  /** @throws StorageError `not_found` */
  updateActiveStatus(symbolId: string, isActive: boolean): Promise<MarketSymbol> {
    return this.update(symbolId, { isActive });
  }

  /** Its prices, candles and snapshots stay. @throws StorageError `not_found` */
  async delete(symbolId: string): Promise<void> {
    const deleted = await this.#rows.delete([named(symbolId)]);
    found(deleted === 0 ? undefined : deleted, "symbol", symbolId);
  }
}

const named = equal<MarketSymbol>("symbolId");
