import type { PublicTrade } from "../../src/views/public-trade.ts";

/** Where each interval's candle that covers `ms` begins, worked out from the calendar. */
const STARTS: Record<string, (ms: number) => number> = {
  "1M": (ms) => Date.UTC(new Date(ms).getUTCFullYear(), new Date(ms).getUTCMonth(), 1),
  "1w": (ms) => {
    const day = Date.UTC(
      new Date(ms).getUTCFullYear(),
      new Date(ms).getUTCMonth(),
      new Date(ms).getUTCDate(),
    );
    return day - ((new Date(day).getUTCDay() + 6) % 7) * 86_400_000;
  },
};

const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export function naiveStart(interval: string, microseconds: number): number {
  const ms = Math.floor(microseconds / 1000);
  const calendar = STARTS[interval];
  if (calendar !== undefined) return calendar(ms) * 1000;
  const length = Number.parseInt(interval, 10) * (UNITS[interval.slice(-1)] as number);
  return (ms - (ms % length)) * 1000;
}

export interface NaiveTotal {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: bigint;
  readonly notional: bigint;
  readonly trades: number;
  readonly takerBuyVolume: bigint;
  readonly takerBuyNotional: bigint;
}

/** What a list of trades adds up to, the obvious way. */
export function naiveTotal(trades: readonly PublicTrade[]): NaiveTotal {
  const prices = trades.map((trade) => Number(trade.price));
  const bought = trades.filter((trade) => trade.takerSide === "buy");
  const volume = (some: readonly PublicTrade[]): bigint =>
    some.reduce((sum, trade) => sum + BigInt(trade.quantity), 0n);
  const notional = (some: readonly PublicTrade[]): bigint =>
    some.reduce((sum, trade) => sum + trade.notional, 0n);
  return {
    open: prices[0] as number,
    high: Math.max(...prices),
    low: Math.min(...prices),
    close: prices.at(-1) as number,
    volume: volume(trades),
    notional: notional(trades),
    trades: trades.length,
    takerBuyVolume: volume(bought),
    takerBuyNotional: notional(bought),
  };
}

/** Every candle from the first trade to `now`, flat at the price before where nothing traded. */
export function naiveCandles(
  interval: string,
  trades: readonly PublicTrade[],
  now: number,
): readonly (NaiveTotal & { readonly openTime: number })[] {
  const starts = [...new Set(trades.map(({ executedAt }) => naiveStart(interval, executedAt)))];
  const candles: (NaiveTotal & { openTime: number })[] = [];
  for (const [index, openTime] of starts.entries()) {
    const inside = trades.filter(({ executedAt }) => naiveStart(interval, executedAt) === openTime);
    candles.push({ openTime, ...naiveTotal(inside) });
    const until = starts[index + 1] ?? naiveStart(interval, now) + 1;
    const price = inside.at(-1)?.price as number;
    for (let at = following(interval, openTime); at < until; at = following(interval, at)) {
      candles.push({ openTime: at, ...flat(price) });
    }
  }
  return candles;
}

function following(interval: string, openTime: number): number {
  const widest = { "1M": 32, "1w": 7, "3d": 3, "1d": 1 }[interval];
  const length = Number.parseInt(interval, 10) * (UNITS[interval.slice(-1)] ?? 0) * 1000;
  return naiveStart(interval, openTime + (widest === undefined ? length : widest * 86_400_000_000));
}

function flat(price: number): NaiveTotal {
  const nothing = { volume: 0n, notional: 0n, trades: 0, takerBuyVolume: 0n, takerBuyNotional: 0n };
  return { open: price, high: price, low: price, close: price, ...nothing };
}
