import { type Timestamp, timestamp } from "@tse/domain";
import { instrumentPrice, type MarketModel } from "@tse/market-model";
import type { Candles } from "@tse/market-statistics";
import type { MarketSymbol } from "./market-symbols.ts";

const SECONDS_A_MINUTE = 60;
const MICROSECONDS = 1_000_000;
const MINUTE_MS = 60_000;
const MINOR_PER_UNIT = 100_000_000;

/**
 * The next `minutes` minutes of a market as candles, a series a symbol in their order, from ticks of a second: a
 * minute has the ticks from its first second to its last. The market stands at the first minute's beginning; it
 * is left at the beginning of the minute behind the last.
 */
export function nextCandles(
  market: MarketModel,
  symbols: readonly MarketSymbol[],
  minutes: number,
): readonly Candles[] {
  const start = market.time;
  const series = symbols.map((symbol) => new Series(symbol, start, minutes));
  for (let minute = 0; minute < minutes; minute++) {
    for (let second = 0; second < SECONDS_A_MINUTE; second++) {
      const passed = minute * SECONDS_A_MINUTE + second;
      market.advanceTo(timestamp(start + passed * MICROSECONDS));
      for (const one of series) one.add(market, minute, second);
    }
  }
  market.advanceTo(timestamp(start + minutes * SECONDS_A_MINUTE * MICROSECONDS));
  return series.map(({ candles }) => candles);
}

class Series {
  readonly candles: Candles;
  readonly #symbol: MarketSymbol;
  /** Units of 10^-8 in a tick. */
  readonly #tick: number;

  constructor(symbol: MarketSymbol, start: Timestamp, minutes: number) {
    this.#symbol = symbol;
    this.#tick = Number(symbol.tickSize.minor);
    const column = () => new Float64Array(minutes);
    this.candles = {
      ts: column().map((_, i) => start / 1000 + i * MINUTE_MS),
      open: column(),
      high: column(),
      low: column(),
      close: column(),
      volume: column(),
    };
  }

  add(market: MarketModel, minute: number, second: number): void {
    const { open, high, low, close, volume } = this.candles;
    const { baseAsset, volumeShare } = this.#symbol;
    const price = (instrumentPrice(market, this.#symbol) * this.#tick) / MINOR_PER_UNIT;
    if (second === 0) {
      open[minute] = price;
      high[minute] = price;
      low[minute] = price;
    } else {
      if (price > (high[minute] as number)) high[minute] = price;
      if (price < (low[minute] as number)) low[minute] = price;
    }
    close[minute] = price;
    volume[minute] = (volume[minute] as number) + market.volume(baseAsset) * volumeShare;
  }
}
