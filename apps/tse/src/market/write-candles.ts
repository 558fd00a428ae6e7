import { performance } from "node:perf_hooks";
import { CANDLE_HEADER, candleFileName, candleLines } from "./candle-text.ts";
import { nextCandles } from "./minute-candles.ts";
import { type MarketOptions, openMarket } from "./open-market.ts";
import type { WholeFiles } from "./whole-files.ts";

const MINUTES_A_DAY = 1_440;

/** Writes the candles of so many days. Returns the seconds that prices and candles took, writing aside. */
export async function writeCandles(
  options: MarketOptions,
  files: WholeFiles,
  { days, onDay }: { readonly days: number; onDay(done: number): void },
): Promise<number> {
  const { symbols } = options;
  const market = openMarket(options);
  for (const symbol of symbols) await files.write(candleFileName(symbol), CANDLE_HEADER);
  let taken = 0;
  for (let day = 0; day < days; day++) {
    const begin = performance.now();
    const candles = nextCandles(market, symbols, MINUTES_A_DAY);
    taken += performance.now() - begin;
    for (const [i, symbol] of symbols.entries()) {
      const lines = candles[i] === undefined ? "" : candleLines(candles[i], symbol);
      await files.write(candleFileName(symbol), lines);
    }
    onDay(day + 1);
  }
  return taken / 1_000;
}
