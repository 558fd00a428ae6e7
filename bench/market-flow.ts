import { duration, increment, timestamp } from "@tse/domain";
import {
  FLOW_PARAMETERS,
  type FlowListener,
  FlowMarket,
  type FlowParameters,
  ModelConditions,
  REALISTIC_ASSETS,
  RealisticMarket,
} from "@tse/market-model";
import { seededRandom } from "@tse/simulation";

/** Monday at 14:00 UTC, the busiest hour of the day. */
export const BUSY_START = Date.UTC(2026, 0, 5, 14) * 1000;
const STEP = 100_000;
const SECOND = 1_000_000;
/** Time in which books fill before anything is measured. */
const WARM_UP = 60 * SECOND;

export interface FlowFigures {
  readonly asset: string;
  /** Simulated seconds for a second of CPU time, price layer included. */
  readonly timesRealTime: number;
  readonly tradesPerSecond: number;
  readonly touchesPerSecond: number;
}

/** The full order flow of one instrument on the matching engine, as `market simulate --ticks` makes it, from the busy hour on. */
export function measureFlow(asset: string, seconds: number, seed: number): FlowFigures {
  const counter = new Counter();
  const market = openFlow(asset, seed, counter);
  const { cpuSeconds, trades, touches } = counter.over(() => {
    market.advanceTo(BUSY_START + seconds * SECOND);
  });
  return {
    asset,
    timesRealTime: seconds / cpuSeconds,
    tradesPerSecond: trades / seconds,
    touchesPerSecond: touches / seconds,
  };
}

export interface ManyFigures {
  readonly instruments: number;
  /** CPU time for a second of simulated time of all of them, price layers included, as a share of a core. */
  readonly share: number;
  /** Of all of them together. */
  readonly tradesPerSecond: number;
}

/** So many instruments, each with a seed of its own, moved on together as a world in real time does: from step to step. */
export function measureMany(assets: readonly string[], seconds: number, seed: number): ManyFigures {
  const counter = new Counter();
  const markets = assets.map((asset, i) => openFlow(asset, seed + i, counter));
  const { cpuSeconds, trades } = counter.over(() => {
    for (let at = STEP; at <= seconds * SECOND; at += STEP) {
      for (const market of markets) market.advanceTo(BUSY_START + at);
    }
  });
  const share = cpuSeconds / seconds;
  return { instruments: assets.length, share, tradesPerSecond: trades / seconds };
}

class Counter implements FlowListener {
  #trades = 0;
  #touches = 0;

  trade(): void {
    this.#trades += 1;
  }

  touch(): void {
    this.#touches += 1;
  }

  /** What happens while `work` is done, and the CPU time of this process that it takes. */
  over(work: () => void) {
    this.#trades = 0;
    this.#touches = 0;
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return { cpuSeconds: (user + system) / 1e6, trades: this.#trades, touches: this.#touches };
  }
}

/** With a book that is full at the busy hour. */
function openFlow(asset: string, seed: number, listener: FlowListener): FlowMarket {
  const parameters = FLOW_PARAMETERS[asset] as FlowParameters;
  const begin = BUSY_START - WARM_UP;
  const prices = new RealisticMarket({
    unitOfAccount: "USD",
    assets: REALISTIC_ASSETS.filter((each) => each.asset === asset),
    step: duration(STEP),
    start: timestamp(begin),
    random: seededRandom(seed),
  });
  const instrument = {
    baseAsset: asset,
    quoteAsset: "USD",
    tickSize: increment(String(parameters.tickSize)),
  };
  const market = new FlowMarket({
    parameters,
    conditions: new ModelConditions(prices, instrument),
    listener,
    random: seededRandom(seed).fork("flow").fork(`${asset}/USD`),
    startUs: begin,
    stepUs: STEP,
  });
  market.advanceTo(BUSY_START);
  return market;
}
