import {
  among,
  type Condition,
  equal,
  type Filters,
  found,
  lastOfEach,
  list,
  only,
  type Page,
  page,
  type RepositoryParts,
  type Rows,
  saying,
} from "@tse/storage/rows";
import type {
  Asset,
  FeeTier,
  Instrument,
  InstrumentChange,
  InstrumentQuery,
  NewInstrument,
} from "./instrument.ts";
import { INSTRUMENT_DEFAULTS } from "./instrument-defaults.ts";
import { assetTable, feeTierTable, instrumentTable } from "./instrument-tables.ts";

const FILTERS: Filters<Instrument, InstrumentQuery> = {
  baseAsset: equal("baseAsset"),
  quoteAsset: equal("quoteAsset"),
  status: among("status"),
};

const CHANGEABLE = [
  "status",
  "tickSize",
  "lotSize",
  "minSize",
  "maxSize",
  "minNotional",
  "priceBand",
  "priceMultiplierUp",
  "priceMultiplierDown",
  "maxOpenOrders",
  "maxOpenStopOrders",
  "maxSpreadBps",
  "makerFeeRate",
  "takerFeeRate",
  "metadata",
] as const;

/** Assets, instruments and fee tiers. Every write of an instrument stamps `updatedAt`, but for `saveMany`. */
export class InstrumentRepository {
  readonly #parts: RepositoryParts;
  readonly #assets: Rows<Asset>;
  readonly #instruments: Rows<Instrument>;
  readonly #feeTiers: Rows<FeeTier>;

  constructor(parts: RepositoryParts) {
    this.#parts = parts;
    this.#assets = parts.session.rows(assetTable);
    this.#instruments = parts.session.rows(instrumentTable);
    this.#feeTiers = parts.session.rows(feeTierTable);
  }

  /** @throws StorageError `already_exists`, `conflict` for a broken rule or an unknown asset */
  create(instrument: NewInstrument): Promise<Instrument> {
    const now = this.#parts.clock.now();
    const row = { ...INSTRUMENT_DEFAULTS, createdAt: now, ...instrument, updatedAt: now };
    const message = `instrument already exists: ${instrument.symbol}`;
    return saying("already_exists", message, this.#instruments.create(row));
  }

  /** @throws StorageError `not_found`, "instrument not found: <symbol>" */
  async getBySymbol(symbol: string): Promise<Instrument> {
    const [instrument] = await this.#instruments.find({ where: named(symbol) });
    return found(instrument, "instrument", symbol);
  }

  /** @throws StorageError `invalid_query` */
  query(query: InstrumentQuery): Promise<Page<Instrument>> {
    return page(this.#instruments, instrumentTable, FILTERS, query);
  }

  /** @throws StorageError `not_found`, `conflict` */
  async update(symbol: string, change: InstrumentChange): Promise<Instrument> {
    const updatedAt = this.#parts.clock.now();
    const changed = { ...only(change, CHANGEABLE), updatedAt };
    const [instrument] = await this.#instruments.update(named(symbol), changed);
    return found(instrument, "instrument", symbol);
  }

  /** @throws StorageError `not_found` */
  async delete(symbol: string): Promise<void> {
    const deleted = await this.#instruments.delete(named(symbol));
    found(deleted === 0 ? undefined : deleted, "instrument", symbol);
  }

  /** Stores instruments as they are, `updatedAt` included; those with a known symbol are replaced. */
  saveMany(instruments: readonly Instrument[]): Promise<void> {
    return this.#instruments.save(lastOfEach(instruments, ({ symbol }) => symbol));
  }

  /** @throws StorageError `not_found`, "asset not found: <asset>" */
  async getAsset(asset: string): Promise<Asset> {
    const [row] = await this.#assets.find({ where: [equal<Asset>("asset")(asset)] });
    return found(row, "asset", asset);
  }

  /** All assets, by code. */
  listAssets(): Promise<Asset[]> {
    return list(this.#assets, assetTable, []);
  }

  /** Stores assets; those with a known code are replaced. */
  saveAssets(assets: readonly Asset[]): Promise<void> {
    return this.#assets.save(lastOfEach(assets, ({ asset }) => asset));
  }

  /** The fees of a tier in an instrument: its own, else those of `*`; `undefined` when it has neither. */
  async getFeeTier(tier: string, symbol: string): Promise<FeeTier | undefined> {
    const where = [equal<FeeTier>("tier")(tier), among<FeeTier>("symbol")([symbol, "*"])];
    const tiers = await this.#feeTiers.find({ where });
    return tiers.find((one) => one.symbol === symbol) ?? tiers[0];
  }

  /** All fee tiers, by tier and symbol. */
  listFeeTiers(): Promise<FeeTier[]> {
    return list(this.#feeTiers, feeTierTable, []);
  }

  /** Stores fee tiers; those with a known tier and symbol are replaced. */
  saveFeeTiers(tiers: readonly FeeTier[]): Promise<void> {
    return this.#feeTiers.save(lastOfEach(tiers, ({ tier, symbol }) => `${tier} ${symbol}`));
  }
}

function named(symbol: string): Condition<Instrument>[] {
  return [{ field: "symbol", is: "=", value: symbol }];
}
