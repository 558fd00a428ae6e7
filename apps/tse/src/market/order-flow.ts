import { duration, timestamp } from "@tse/domain";
import {
  BTC_FLOW,
  type FlowListener,
  FlowMarket,
  type FlowParameters,
  type RealisticMarket,
} from "@tse/market-model";
import { seededRandom } from "@tse/simulation";
import type { MarketSymbol } from "./market-symbols.ts";
import { ModelConditions } from "./model-conditions.ts";
import { type MarketOptions, openRealistic } from "./open-market.ts";

/** Symbols whose order flow is known. */
const FLOWS: Readonly<Record<string, FlowParameters>> = { "BTC/USD": BTC_FLOW };

export const FLOW_SYMBOLS: readonly string[] = Object.keys(FLOWS);

/** Step of the price layer under the order flow. */
const STEP = duration(100_000);
/** Time in which books fill before anything is told. */
const WARM_UP_US = 60_000_000;

/** The order flow of one symbol, with a book that is filled, at the start that was asked for. */
export interface OpenFlow {
  readonly flow: FlowMarket;
  readonly prices: RealisticMarket;
}

/** @param listener hears nothing of the time before the start. `undefined` when the symbol's flow isn't known */
export function openFlow(
  options: Omit<MarketOptions, "mode" | "symbols">,
  symbol: MarketSymbol,
  listener: FlowListener,
): OpenFlow | undefined {
  const parameters = FLOWS[symbol.symbol];
  if (parameters === undefined) return undefined;
  const { seed, start } = options;
  const begin = start - WARM_UP_US;
  const prices = openRealistic({ ...options, symbols: [symbol], start: timestamp(begin) }, STEP);
  let hears = false;
  const flow = new FlowMarket({
    parameters,
    conditions: new ModelConditions(prices, symbol),
    listener: {
      trade: (trade) => hears && listener.trade(trade),
      touch: (timeUs, touch) => hears && listener.touch(timeUs, touch),
    },
    random: seededRandom(seed).fork("flow").fork(symbol.symbol),
    startUs: begin,
    stepUs: STEP,
  });
  flow.advanceTo(start);
  hears = true;
  return { flow, prices };
}
