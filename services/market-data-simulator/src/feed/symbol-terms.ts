import { type Increment, increment } from "@tse/domain";

/** The asset that all others are priced in. */
export const UNIT_OF_ACCOUNT = "USD";

/** Digits after the point of every volume inside: one unit is 10^-4 of the base asset. */
export const VOLUME_DIGITS = 4;

/** What the feed goes by for one symbol. Prices inside are counts of `tickSize`. */
export interface SymbolTerms {
  /** `BASE/QUOTE`. */
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly displayName: string;
  readonly tickSize: Increment;
  /** Distance of ask and bid in basis points of the price, in usual times. */
  readonly spreadBps: number;
  /** Of the price, in units of the quote asset; `undefined`: as far as the legs go. */
  readonly bounds: { readonly lowest: number; readonly highest: number } | undefined;
  /** Move within a minute that halts publication when sources make it, 0 to 1. */
  readonly haltThreshold: number;
  /** Part of the base asset's volume that is traded in this symbol. */
  readonly volumeShare: number;
}

interface Terms {
  readonly displayName: string;
  readonly decimals: number;
  readonly spreadBps: number;
  readonly bounds?: readonly [lowest: number, highest: number];
  readonly haltThreshold?: number;
  readonly volumeShare?: number;
}

function terms(symbol: string, given: Terms): SymbolTerms {
  const [base = "", quote = ""] = symbol.split("/");
  const { displayName, decimals, spreadBps, bounds, haltThreshold = 0.2, volumeShare = 1 } = given;
  return {
    symbol,
    base,
    quote,
    displayName,
    tickSize: increment((10 ** -decimals).toFixed(decimals)),
    spreadBps,
    bounds: bounds && { lowest: bounds[0], highest: bounds[1] },
    haltThreshold,
    volumeShare,
  };
}

/** The symbols that a world may have. Those of one dollar leg come before those derived from two. */
export const CATALOGUE: readonly SymbolTerms[] = [
  terms("BTC/USD", {
    displayName: "Bitcoin / US dollar",
    decimals: 2,
    spreadBps: 2,
    bounds: [1_000, 200_000],
  }),
  terms("ETH/USD", {
    displayName: "Ether / US dollar",
    decimals: 2,
    spreadBps: 4,
    bounds: [50, 20_000],
  }),
  terms("SOL/USD", {
    displayName: "Solana / US dollar",
    decimals: 2,
    spreadBps: 6,
    bounds: [1, 2_000],
  }),
  terms("ADA/USD", {
    displayName: "Cardano / US dollar",
    decimals: 4,
    spreadBps: 8,
    bounds: [0.01, 10],
  }),
  terms("DOT/USD", {
    displayName: "Polkadot / US dollar",
    decimals: 3,
    spreadBps: 8,
    bounds: [0.1, 200],
  }),
  terms("USDT/USD", {
    displayName: "Tether / US dollar",
    decimals: 4,
    spreadBps: 1,
    bounds: [0.9, 1.1],
    haltThreshold: 0.05,
  }),
  terms("BTC/USDT", {
    displayName: "Bitcoin / Tether",
    decimals: 2,
    spreadBps: 2,
    volumeShare: 0.5,
  }),
  terms("ETH/USDT", { displayName: "Ether / Tether", decimals: 2, spreadBps: 4, volumeShare: 0.5 }),
  terms("ETH/BTC", { displayName: "Ether / Bitcoin", decimals: 5, spreadBps: 8, volumeShare: 0.1 }),
];

/** What the world lists beside the symbols that the configuration names. */
const BESIDE = ["USDT/USD", "BTC/USDT", "ETH/USDT", "ETH/BTC"];

/**
 * The symbols of a world, in the catalogue's order: those that the configuration names, and of the world's other
 * instruments those whose dollar legs are named too.
 */
export function symbolsOf(named: readonly string[]): readonly SymbolTerms[] {
  const assets = new Set(["USDT", ...named.map((symbol) => symbol.split("/")[0])]);
  return CATALOGUE.filter(({ symbol, base, quote }) => {
    if (named.includes(symbol)) return true;
    const hasLegs = assets.has(base) && (quote === UNIT_OF_ACCOUNT || assets.has(quote));
    return BESIDE.includes(symbol) && hasLegs;
  });
}

/** Whether a symbol's price follows that of one of the assets. */
export function dependsOn(
  { base, quote }: Pick<SymbolTerms, "base" | "quote">,
  assets: readonly string[],
): boolean {
  return assets.includes(base) || assets.includes(quote);
}

/**
 * The symbol that a client means: `BTC/USD`, `BTC-USD`, `BTCUSD`, `BTC%2FUSD`, or `BTC` for its dollar price.
 * `undefined` when none is called so.
 */
export function findSymbol<Each extends Pick<SymbolTerms, "symbol">>(
  symbols: Iterable<Each>,
  text: string,
): Each | undefined {
  const name = text.replace(/-|%2F/i, "/");
  const candidates = name.includes("/") ? [name] : [`${name}/${UNIT_OF_ACCOUNT}`];
  for (const each of symbols) {
    if (candidates.includes(each.symbol)) return each;
    if (!name.includes("/") && each.symbol.replace("/", "") === name) return each;
  }
  return undefined;
}
