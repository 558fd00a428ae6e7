import { timestamp } from "@tse/domain";
import type { FlowTrade, Touch } from "@tse/market-model";
import type { MarketSymbol } from "../market/market-symbols.ts";
import type { MarketOptions } from "../market/open-market.ts";
import { openFlow } from "../market/order-flow.ts";

const MICROSECONDS = 1_000_000;
const MINOR_PER_UNIT = 100_000_000;

/** Distances from the middle at which depth is measured, in basis points. */
export const DEPTH_BP = [0.1, 0.25, 0.5, 1, 2, 5, 10, 25] as const;

/** The trades of one incoming order, which have one time and side. */
export interface MarketOrder {
  readonly timeUs: number;
  /** 1 bought, -1 sold. */
  readonly sign: number;
  /** Base units. */
  quantity: number;
}

/** Some time of the full order flow of one symbol, as far as charts need it. */
export interface FlowSample {
  readonly symbol: string;
  readonly seconds: number;
  readonly orders: readonly MarketOrder[];
  /** Middle of the touch at each whole second; NaN when a side was empty. */
  readonly middles: readonly number[];
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
  for (let second = 0; second <= seconds; second++) {
    flow.advanceTo(timestamp(options.start + second * MICROSECONDS));
    recorder.look(flow.touch, (side, visit) => flow.book.levels(side, visit));
    onSecond(second);
  }
  return recorder.sample(seconds);
}

type Levels = (side: "buy" | "sell", visit: (price: number, quantity: number) => boolean) => void;

const SPREADS = 10;

class FlowRecorder {
  readonly #symbol: MarketSymbol;
  readonly #lot: number;
  readonly #orders: MarketOrder[] = [];
  readonly #middles: number[] = [];
  readonly #spreadTime = new Array<number>(SPREADS).fill(0);
  readonly #depth = new Array<number>(DEPTH_BP.length).fill(0);
  #looks = 0;
  #spread = 0;
  #since: number;

  constructor(symbol: MarketSymbol, start: number) {
    this.#symbol = symbol;
    this.#lot = Number(symbol.lotSize.minor) / MINOR_PER_UNIT;
    this.#since = start;
  }

  trade({ timeUs, sign, lots }: FlowTrade): void {
    const last = this.#orders.at(-1);
    const quantity = lots * this.#lot;
    if (last?.timeUs === timeUs && last.sign === sign) last.quantity += quantity;
    else this.#orders.push({ timeUs, sign, quantity });
  }

  touch(timeUs: number, { bid, ask }: Touch): void {
    this.#countSpread(timeUs);
    this.#spread = bid === 0 || ask === 0 ? 0 : ask - bid;
  }

  /** Called at each whole second. */
  look({ bid, ask }: Touch, levels: Levels): void {
    const middle = bid === 0 || ask === 0 ? Number.NaN : (bid + ask) / 2;
    this.#middles.push(middle);
    if (Number.isNaN(middle)) return;
    this.#looks += 1;
    for (const side of ["buy", "sell"] as const) {
      levels(side, (price, quantity) => {
        const away = (Math.abs(price - middle) / middle) * 1e4;
        for (let i = DEPTH_BP.length - 1; i >= 0 && away <= (DEPTH_BP[i] as number); i--) {
          this.#depth[i] = (this.#depth[i] as number) + quantity * this.#lot;
        }
        return away <= (DEPTH_BP.at(-1) as number);
      });
    }
  }

  sample(seconds: number): FlowSample {
    const all = this.#spreadTime.reduce((sum, time) => sum + time, 0) || 1;
    return {
      symbol: this.#symbol.symbol,
      seconds,
      orders: this.#orders,
      middles: this.#middles,
      spreadShares: this.#spreadTime.map((time) => time / all),
      depth: this.#depth.map((sum) => sum / Math.max(1, 2 * this.#looks)),
    };
  }

  #countSpread(timeUs: number): void {
    if (this.#spread > 0) {
      const place = Math.min(this.#spread, SPREADS) - 1;
      this.#spreadTime[place] = (this.#spreadTime[place] as number) + timeUs - this.#since;
    }
    this.#since = timeUs;
  }
}
