import type { AssetId, Instrument, InstrumentId } from "@tse/domain";
import type { MatchEvents, OrderPool } from "@tse/matching-engine";
import { Market, type OrderCap } from "./market.ts";

/** The assets and markets of the venue, numbered in order of listing. */
export class Listings {
  #cap: OrderCap;
  readonly #pool: OrderPool;
  readonly #matches: MatchEvents;
  readonly #assets: string[] = [];
  readonly #assetIds = new Map<string, AssetId>();
  readonly #markets: Market[] = [];
  readonly #bySymbol = new Map<string, Market>();
  readonly #byJoined = new Map<string, Market>();

  constructor(cap: OrderCap, pool: OrderPool, matches: MatchEvents) {
    this.#cap = cap;
    this.#pool = pool;
    this.#matches = matches;
  }

  get assets(): readonly string[] {
    return this.#assets;
  }

  get markets(): readonly Market[] {
    return this.#markets;
  }

  assetNamed(asset: string): AssetId | undefined {
    return this.#assetIds.get(asset);
  }

  isAsset(id: AssetId): boolean {
    return this.#assets[id] !== undefined;
  }

  market(id: InstrumentId): Market | undefined {
    return this.#markets[id];
  }

  /** The market listed last under this symbol. */
  marketNamed(symbol: string): Market | undefined {
    return this.#bySymbol.get(symbol);
  }

  /** The market listed last under this joined symbol, `BTCUSD`: some dialects have no other name for it. */
  marketJoined(symbol: string): Market | undefined {
    return this.#byJoined.get(symbol);
  }

  /** @param notional of the largest order of the whole venue, in the unit of account */
  capChanged(notional: bigint): void {
    this.#cap = { ...this.#cap, notional };
    for (const market of this.#markets) market.capChanged(this.#cap);
  }

  addAsset(asset: string): AssetId {
    const id = (this.#assets.push(asset) - 1) as AssetId;
    this.#assetIds.set(asset, id);
    return id;
  }

  /** @param instrument numbered `markets.length` */
  addInstrument(instrument: Instrument): Market {
    const market = new Market(instrument, this.#cap, this.#pool, this.#matches);
    this.#markets.push(market);
    this.#bySymbol.set(instrument.symbol, market);
    this.#byJoined.set(`${instrument.baseAsset}${instrument.quoteAsset}`, market);
    for (const each of this.#markets) each.linkQuote((symbol) => this.#bySymbol.get(symbol));
    return market;
  }
}
