import { type Increment, increment } from "@tse/domain";

/** A symbol of the default world, as far as files of candles need it. */
export interface MarketSymbol {
  readonly symbol: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  readonly tickSize: Increment;
  /** Step of quantities, in base units. */
  readonly lotSize: Increment;
  /** What of the base asset's volume is traded in this symbol. */
  readonly volumeShare: number;
}

/** The asset that all others are priced in. */
export const UNIT_OF_ACCOUNT = "USD";

const TERMS = [
  ["BTC", "USD", "0.01", "0.00001", 1],
  ["ETH", "USD", "0.01", "0.0001", 1],
  ["SOL", "USD", "0.01", "0.001", 1],
  ["ADA", "USD", "0.0001", "0.1", 1],
  ["DOT", "USD", "0.001", "0.01", 1],
  ["USDT", "USD", "0.0001", "0.01", 1],
  ["BTC", "USDT", "0.01", "0.00001", 0.5],
  ["ETH", "USDT", "0.01", "0.0001", 0.5],
  ["ETH", "BTC", "0.00001", "0.001", 0.1],
] as const;

/** Steps equal those of the default instruments. */
export const MARKET_SYMBOLS: readonly MarketSymbol[] = TERMS.map(
  ([baseAsset, quoteAsset, tick, lot, volumeShare]) => ({
    symbol: `${baseAsset}/${quoteAsset}`,
    baseAsset,
    quoteAsset,
    tickSize: increment(tick),
    lotSize: increment(lot),
    volumeShare,
  }),
);

export const SYMBOL_NAMES: readonly string[] = MARKET_SYMBOLS.map(({ symbol }) => symbol);

/** Those of `names` that there are, in the order of `names`. */
export function symbolsNamed(names: readonly string[]): readonly MarketSymbol[] {
  return names.flatMap((name) => MARKET_SYMBOLS.find(({ symbol }) => symbol === name) ?? []);
}
