import { timestamp } from "@tse/domain";
import type { FlowTrade, Touch } from "@tse/market-model";
import { TAPE_COLUMNS, type Tape } from "@tse/market-statistics";
import type { MarketSymbol } from "../market/market-symbols.ts";
import type { MarketOptions } from "../market/open-market.ts";
import { openFlow } from "../market/order-flow.ts";

const MICROSECONDS = 1_000_000;
const MINOR_PER_UNIT = 100_000_000;

/** Distances from the middle at which depth is measured, in basis points. */
export const DEPTH_BP = [0.1, 0.25, 0.5, 1, 2, 5, 10, 25] as const;

/** Some time of the full order flow of one symbol. */
export interface FlowSample {
  /** The same numbers that `market simulate --ticks` writes. */
  readonly tape: Tape;
  /** Share of time with a spread of so many ticks; the last counts all above. */
  readonly spreadShares: readonly number[];
  /** Mean base units on one side within each of `DEPTH_BP`. */
  readonly depth: readonly number[];
}

export function sampleFlow(
  options: Omit<MarketOptions, "mode" | "symbols">,
  symbol: MarketSymbol,
  seconds: number,
  onSecond: (done: number) => void,
): FlowSample {
  const recorder = new FlowRecorder(symbol, options.start);
  const { flow } = openFlow(options, symbol, recorder);
  recorder.touch(options.start, flow.touch);
  for (let second = 1; second <= seconds; second++) {
    // Up to the last microsecond before the end, which belongs to what comes after.
    flow.advanceTo(timestamp(options.start + second * MICROSECONDS - 1));
    recorder.look(flow.touch, (side, visit) => flow.book.levels(side, visit));
    onSecond(second);
  }
  return recorder.sample();
}

type Levels = (side: "buy" | "sell", visit: (price: number, quantity: number) => boolean) => void;

const SPREADS = 10;

class FlowRecorder {
  /** Minor units of 10^-8 in a tick and in a lot. */
  readonly #tick: number;
  readonly #lot: number;
  readonly #trades: Readonly<Record<keyof Tape, number[]>>;
  readonly #spreadTime = new Array<number>(SPREADS).fill(0);
  readonly #depth = new Array<number>(DEPTH_BP.length).fill(0);
  #looks = 0;
  #spread = 0;
  #since: number;

  constructor({ tickSize, lotSize }: MarketSymbol, start: number) {
    this.#tick = Number(tickSize.minor);
    this.#lot = Number(lotSize.minor);
    const columns = TAPE_COLUMNS.map((name): [string, number[]] => [name, []]);
    this.#trades = Object.fromEntries(columns) as Record<keyof Tape, number[]>;
    this.#since = start;
  }

  trade({ timeUs, price, sign, lots, bid, ask, bidLots, askLots }: FlowTrade): void {
    const trades = this.#trades;
    trades.time.push(timeUs / 1000);
    trades.price.push(this.#price(price));
    trades.qty.push(this.#quantity(lots));
    trades.side.push(sign);
    trades.bid.push(orNothing(this.#price(bid)));
    trades.ask.push(orNothing(this.#price(ask)));
    trades.bid_qty.push(orNothing(this.#quantity(bidLots)));
    trades.ask_qty.push(orNothing(this.#quantity(askLots)));
  }

  touch(timeUs: number, { bid, ask }: Touch): void {
    this.#countSpread(timeUs);
    this.#spread = bid === 0 || ask === 0 ? 0 : ask - bid;
  }

  /** Called at the end of each second. */
  look({ bid, ask }: Touch, levels: Levels): void {
    if (bid === 0 || ask === 0) return;
    const middle = (bid + ask) / 2;
    this.#looks += 1;
    for (const side of ["buy", "sell"] as const) {
      levels(side, (price, quantity) => {
        const away = (Math.abs(price - middle) / middle) * 1e4;
        for (let i = DEPTH_BP.length - 1; i >= 0 && away <= (DEPTH_BP[i] as number); i--) {
          this.#depth[i] = (this.#depth[i] as number) + this.#quantity(quantity);
        }
        return away <= (DEPTH_BP.at(-1) as number);
      });
    }
  }

  sample(): FlowSample {
    const all = this.#spreadTime.reduce((sum, time) => sum + time, 0) || 1;
    const columns = TAPE_COLUMNS.map((name) => [name, Float64Array.from(this.#trades[name])]);
    return {
      tape: Object.fromEntries(columns) as Record<keyof Tape, Float64Array>,
      spreadShares: this.#spreadTime.map((time) => time / all),
      depth: this.#depth.map((sum) => sum / Math.max(1, 2 * this.#looks)),
    };
  }

  /** The number that a file's decimal text has: one rounding, of an exact quotient. */
  #price(ticks: number): number {
    return (ticks * this.#tick) / MINOR_PER_UNIT;
  }

  #quantity(lots: number): number {
    return (lots * this.#lot) / MINOR_PER_UNIT;
  }

  #countSpread(timeUs: number): void {
    if (this.#spread > 0) {
      const place = Math.min(this.#spread, SPREADS) - 1;
      this.#spreadTime[place] = (this.#spreadTime[place] as number) + timeUs - this.#since;
    }
    this.#since = timeUs;
  }
}

/** A side without orders is told as 0. */
function orNothing(value: number): number {
  return value === 0 ? Number.NaN : value;
}
