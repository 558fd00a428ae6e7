import { amount, parseAmount, type Timestamp } from "@tse/domain";
import type { RepositoryParts } from "@tse/storage/rows";
import type { Asset, FeeTier, Instrument } from "./instrument.ts";
import { INSTRUMENT_DEFAULTS } from "./instrument-defaults.ts";
import { InstrumentRepository } from "./instrument-repository.ts";

/** The rows that the first migration writes, for a store that has no migrations. */
export const DEFAULT_ASSETS: readonly Asset[] = [
  ["BTC", "Bitcoin", 8],
  ["ETH", "Ether", 8],
  ["SOL", "Solana", 8],
  ["ADA", "Cardano", 6],
  ["DOT", "Polkadot", 8],
  ["USD", "US dollar", 2],
  ["USDT", "Tether", 6],
].map(([asset, displayName, decimals]) => ({
  asset: asset as string,
  displayName: displayName as string,
  decimals: decimals as number,
  isActive: true,
}));

export const DEFAULT_FEE_TIERS: readonly FeeTier[] = ["venue", "simulated"].map((tier) => ({
  tier,
  symbol: "*",
  makerFeeRate: 0,
  takerFeeRate: 0,
}));

/** Symbol, tick size, lot size, least and most of an order, least notional. */
const LISTED = `
  BTC/USD  0.01    0.00001 0.0001 100     5
  ETH/USD  0.01    0.0001  0.001  2000    5
  ADA/USD  0.0001  0.1     1      2000000 5
  SOL/USD  0.01    0.001   0.01   20000   5
  DOT/USD  0.001   0.01    0.1    200000  5
  USDT/USD 0.0001  0.01    1      1000000 5
  BTC/USDT 0.01    0.00001 0.0001 100     5
  ETH/USDT 0.01    0.0001  0.001  2000    5
  ETH/BTC  0.00001 0.001   0.001  2000    0.0001`;

export function defaultInstruments(now: Timestamp): Instrument[] {
  return LISTED.trim()
    .split("\n")
    .map((line) => {
      const [symbol = "", ...sizes] = line.trim().split(/ +/);
      const [baseAsset = "", quoteAsset = ""] = symbol.split("/");
      const [tickSize, lotSize, minSize, maxSize, minNotional] = sizes.map(sizeOf);
      return {
        ...INSTRUMENT_DEFAULTS,
        symbol,
        baseAsset,
        quoteAsset,
        tickSize: tickSize!,
        lotSize: lotSize!,
        minSize: minSize!,
        maxSize: maxSize!,
        minNotional: minNotional!,
        createdAt: now,
        updatedAt: now,
        metadata: undefined,
      };
    });
}

/** Gives a store in memory what the first migration puts into a database. */
export function storeDefaultInstruments(parts: RepositoryParts): Promise<void> {
  return parts.session.unit(async (session) => {
    const repository = new InstrumentRepository({ ...parts, session });
    await repository.saveAssets(DEFAULT_ASSETS);
    await repository.saveMany(defaultInstruments(parts.clock.now()));
    await repository.saveFeeTiers(DEFAULT_FEE_TIERS);
  });
}

function sizeOf(text: string) {
  return parseAmount(text) ?? amount(0n);
}
