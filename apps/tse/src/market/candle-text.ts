import type { Candles } from "@tse/market-statistics";
import type { MarketSymbol } from "./market-symbols.ts";

export const CANDLE_HEADER = "ts,open,high,low,close,volume\n";

/** `BTC-USD-1m.csv` */
export function candleFileName({ symbol }: MarketSymbol): string {
  return `${symbol.replace("/", "-")}-1m.csv`;
}

/** Lines of a file of candles: ms UTC, prices with the digits of a tick, base units with those of a lot. */
export function candleLines(candles: Candles, { tickSize, lotSize }: MarketSymbol): string {
  const lines: string[] = [];
  for (let i = 0; i < candles.ts.length; i++) {
    const price = (column: Float64Array) => (column[i] as number).toFixed(tickSize.digits);
    const { open, high, low, close, volume } = candles;
    const prices = [price(open), price(high), price(low), price(close)].join(",");
    lines.push(`${candles.ts[i]},${prices},${(volume[i] as number).toFixed(lotSize.digits)}\n`);
  }
  return lines.join("");
}
