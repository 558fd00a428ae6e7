import type {
  Candle,
  MarketDataAdapter,
  MarketSnapshot,
  MarketSymbol,
  PriceFeed,
} from "@tse/market-data-adapter";
import type { MarketCandle } from "../candles/market-candle.ts";
import { snapshotOf } from "../fan-out/snapshot.ts";
import type { Feed } from "../feed/feed.ts";
import { candleRow, snapshotRow } from "./rows.ts";

/** An operation needs a data adapter, and there is none. */
export class AdapterMissing extends Error {
  override name = "AdapterMissing";

  constructor() {
    super("data adapter not initialized");
  }
}

/** There is nothing to make a snapshot of. */
class NoPrice extends Error {
  override name = "NoPrice";
}

/**
 * What the service stores one by one, through the repositories. Each operation rejects with `AdapterMissing` without an
 * adapter, and with the repository's own errors.
 */
export class Publisher {
  readonly #adapter: MarketDataAdapter | undefined;
  readonly #feed: Feed;

  constructor(adapter: MarketDataAdapter | undefined, feed: Feed) {
    this.#adapter = adapter;
    this.#feed = feed;
  }

  /** @param price in units of 10^-8, above 0 */
  async publishPrice(symbol: string, price: bigint): Promise<PriceFeed> {
    return this.#present.priceFeedRepository.create({ symbol, price, source: "simulator" });
  }

  async publishCandle(candle: MarketCandle): Promise<Candle> {
    return this.#present.candleRepository.upsert(candleRow(candle));
  }

  /** From the newest price, with the statistics of the last 24 hours. Rejects with `NoPrice` before the first. */
  async createSnapshot(symbol: string): Promise<MarketSnapshot> {
    const { marketSnapshotRepository } = this.#present;
    const snapshot = snapshotOf(this.#feed, symbol);
    if (snapshot === undefined) throw new NoPrice(`${symbol} has no price yet`);
    return marketSnapshotRepository.create(snapshotRow(snapshot));
  }

  /** The symbols that storage says are active. */
  async getActiveSymbols(): Promise<readonly MarketSymbol[]> {
    return this.#present.symbolRepository.getActive();
  }

  get #present(): MarketDataAdapter {
    if (this.#adapter === undefined) throw new AdapterMissing();
    return this.#adapter;
  }
}
