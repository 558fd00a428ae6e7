import { performance } from "node:perf_hooks";
import type { MarketOptions } from "./open-market.ts";
import { openFlow } from "./order-flow.ts";
import { TICK_HEADER, tickFileName, tickLine } from "./tick-text.ts";
import type { WholeFiles } from "./whole-files.ts";

/** Simulated seconds between two writes. */
const RUN = 10;
const MICROSECONDS = 1_000_000;

export interface WrittenTicks {
  readonly trades: number;
  /** Real seconds that simulation took, writing aside. */
  readonly seconds: number;
}

/** Writes the trades of the full order flow of so many seconds, one symbol after the other. */
export async function writeTicks(
  options: MarketOptions,
  files: WholeFiles,
  { seconds, onSecond }: { readonly seconds: number; onSecond(done: number): void },
): Promise<WrittenTicks> {
  let trades = 0;
  let taken = 0;
  for (const [i, symbol] of options.symbols.entries()) {
    const name = tickFileName(symbol);
    await files.write(name, TICK_HEADER);
    let lines: string[] = [];
    let begin = performance.now();
    const { flow } = openFlow(options, symbol, {
      trade: (trade) => lines.push(tickLine(trade, symbol)),
      touch() {},
    });
    for (let done = 0; done < seconds; done += RUN) {
      const upTo = Math.min(done + RUN, seconds);
      // Up to the last microsecond before the end, which belongs to what comes after.
      flow.advanceTo(options.start + upTo * MICROSECONDS - 1);
      taken += performance.now() - begin;
      trades += lines.length;
      await files.write(name, lines.join(""));
      lines = [];
      onSecond(i * seconds + upTo);
      begin = performance.now();
    }
  }
  return { trades, seconds: taken / 1_000 };
}
