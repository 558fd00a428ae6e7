import { assert, duration, timestamp } from "@tse/domain";
import {
  FLOW_PARAMETERS,
  type FlowListener,
  FlowMarket,
  type FlowParameters,
  ModelConditions,
  paced,
  type RealisticMarket,
} from "@tse/market-model";
import { seededRandom } from "@tse/simulation";
import type { MarketSymbol } from "./market-symbols.ts";
import { type MarketOptions, openRealistic } from "./open-market.ts";

/** Step of the price layer under the order flow. */
const STEP = duration(100_000);
const MINOR_PER_UNIT = 100_000_000;
/** Time in which books fill before anything is told. */
const WARM_UP_US = 60_000_000;

/** The order flow of one symbol, with a book that is filled, at the start that was asked for. */
export interface OpenFlow {
  readonly flow: FlowMarket;
  readonly prices: RealisticMarket;
}

/** @param listener hears nothing of the time before the start */
export function openFlow(
  options: Omit<MarketOptions, "mode" | "symbols">,
  symbol: MarketSymbol,
  listener: FlowListener,
): OpenFlow {
  const parameters = flowParameters(symbol);
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

/** As its base asset trades, with the symbol's own steps; less often where it has a part of the volume only. */
function flowParameters({
  baseAsset,
  tickSize,
  lotSize,
  volumeShare,
}: MarketSymbol): FlowParameters {
  const known = FLOW_PARAMETERS[baseAsset];
  assert(known !== undefined, `the order flow of the asset is known: ${baseAsset}`);
  return {
    ...paced(known, volumeShare),
    tickSize: Number(tickSize.minor) / MINOR_PER_UNIT,
    lotSize: Number(lotSize.minor) / MINOR_PER_UNIT,
  };
}
