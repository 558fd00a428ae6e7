import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { AssetClass, Candles } from "@tse/market-statistics";
import { readCandleFile } from "../market/candle-file.ts";
import { Refused } from "../refused.ts";
import { ASSET_CLASSES, type Reference } from "./assessment.ts";

/** `BTCUSDT-1m-2024-08.csv`, `binance_ETHUSDT_1m.csv.gz`, and not `ETHBTC-1m.csv` for BTC. */
const NAMES: Readonly<Record<AssetClass, RegExp>> = {
  BTC: /^(?!.*eth[-_/]?btc).*btc.*(?<!\d)1m.*\.csv(\.gz)?$/i,
  ETH: /^(?!.*eth[-_/]?btc).*eth.*(?<!\d)1m.*\.csv(\.gz)?$/i,
};

/**
 * Real candles of the user's: files named, and those of a directory whose names have BTC or ETH and 1m.
 *
 * @throws Refused for a directory that has none, and for a file that can't be taken; the system's own error
 */
export async function readReference(
  directory: string | undefined,
  named: Readonly<Record<AssetClass, readonly string[]>>,
): Promise<Reference> {
  const names = directory === undefined ? [] : (await readdir(directory)).sort();
  const reference: Record<AssetClass, Candles[]> = { BTC: [], ETH: [] };
  for (const asset of ASSET_CLASSES) {
    const found = names
      .filter((name) => NAMES[asset].test(name))
      .map((name) => join(directory ?? "", name));
    for (const path of [...found, ...named[asset]]) {
      reference[asset].push((await readCandleFile(path)).candles);
    }
  }
  if (directory !== undefined && ASSET_CLASSES.every((asset) => reference[asset].length === 0)) {
    throw new Refused(`${directory} has no CSV file with BTC or ETH and 1m in its name`);
  }
  return reference;
}
