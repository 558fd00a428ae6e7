import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Tape } from "../src/index.ts";

/** How long before a trade its quote may have been told. */
const REACH_US = 30_000;
/** Quotes are told sooner than trades by so much. */
const LATE_US = 2_000;

/**
 * A tape of real trades and best quotes that were recorded on two streams: `TEST_REFERENCE_DATA` is the directory
 * of `lob_binance_spot_<SYMBOL>_20240808T2354_trades.csv.gz` and `…_bbo.csv.gz`. `undefined` where they are not.
 *
 * An order's quote is the last one before it whose touch has the price of its first trade, else the last one
 * that came two milliseconds before: the streams are not in step.
 */
export function referenceTape(symbol: string): Tape | undefined {
  const directory = process.env.TEST_REFERENCE_DATA ?? "";
  const [trades, quotes] = ["trades", "bbo"].map((kind) =>
    join(directory, `lob_binance_spot_${symbol}_20240808T2354_${kind}.csv.gz`),
  ) as [string, string];
  if (directory === "" || !existsSync(trades) || !existsSync(quotes)) return undefined;
  return joined(rowsOf(trades), rowsOf(quotes));
}

function rowsOf(path: string): string[][] {
  const lines = gunzipSync(readFileSync(path)).toString().trim().split("\n");
  return lines.slice(1).map((line) => line.split(","));
}

type Trade = readonly [received: string, ms: string, price: string, qty: string, side: string];

/** @param quotes received µs, bid, its quantity, ask, its quantity */
function joined(trades: readonly string[][], quotes: readonly string[][]): Tape {
  const rows: number[][] = [];
  let next = 0;
  let order = "";
  let quote: readonly number[] = [];
  for (const [received, ms, price, qty, side] of trades as unknown as readonly Trade[]) {
    if (`${ms} ${side}` !== order) {
      order = `${ms} ${side}`;
      while (Number(quotes[next]?.[0]) < Number(received)) next++;
      quote = quoteBefore(quotes, next, { at: Number(received), price, isBuy: side === "buy" });
    }
    const [, bid, bidSize, ask, askSize] = quote;
    const trade = [Number(ms), Number(price), Number(qty), side === "buy" ? 1 : -1];
    if (bid !== undefined) rows.push([...trade, bid, ask!, bidSize!, askSize!]);
  }
  const column = (i: number): Float64Array => Float64Array.from(rows, (row) => row[i]!);
  const [time, price, qty, side] = [column(0), column(1), column(2), column(3)];
  const [bid, ask, bid_qty, ask_qty] = [column(4), column(5), column(6), column(7)];
  return { time, price, qty, side, bid, ask, bid_qty, ask_qty };
}

/** Empty where no quote is early enough. */
function quoteBefore(
  quotes: readonly string[][],
  next: number,
  { at, price, isBuy }: { readonly at: number; readonly price: string; readonly isBuy: boolean },
): readonly number[] {
  const touch = isBuy ? 3 : 1;
  let late: string[] | undefined;
  for (let i = next - 1; i >= 0; i--) {
    const quote = quotes[i]!;
    if (Number(quote[0]) <= at - REACH_US) {
      late ??= quote;
      break;
    }
    if (Number(quote[touch]) === Number(price)) return quote.map(Number);
    if (Number(quote[0]) <= at - LATE_US) late ??= quote;
  }
  return late?.map(Number) ?? [];
}
