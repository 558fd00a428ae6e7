import { duration, timestamp } from "@tse/domain";
import {
  FLOW_PARAMETERS,
  type FlowConditions,
  FlowMarket,
  type FlowParameters,
  REALISTIC_ASSETS,
  RealisticMarket,
} from "@tse/market-model";
import { seededRandom } from "@tse/simulation";

const START = Date.UTC(2026, 0, 5) * 1000;
const STEP = 100_000;
const SECOND = 1_000_000;
const YEAR = 365 * 86_400;

export interface FlowFigures {
  readonly asset: string;
  /** Simulated seconds for a second of CPU time, price layer included. */
  readonly timesRealTime: number;
  readonly tradesPerSecond: number;
  readonly touchesPerSecond: number;
}

/** The full order flow of one instrument on the matching engine, around the realistic price layer in steps of 100 ms. */
export function measureFlow(asset: string, seconds: number, seed: number): FlowFigures {
  const parameters = FLOW_PARAMETERS[asset] as FlowParameters;
  const random = seededRandom(seed);
  let trades = 0;
  let touches = 0;
  const market = new FlowMarket({
    parameters,
    conditions: conditionsOf(asset, parameters, random),
    listener: {
      trade() {
        trades += 1;
      },
      touch() {
        touches += 1;
      },
    },
    random: random.fork("flow"),
    startUs: START,
    stepUs: STEP,
  });
  const before = process.cpuUsage();
  market.advanceTo(START + seconds * SECOND);
  const { user, system } = process.cpuUsage(before);
  return {
    asset,
    timesRealTime: (seconds * SECOND) / (user + system),
    tradesPerSecond: trades / seconds,
    touchesPerSecond: touches / seconds,
  };
}

function conditionsOf(
  asset: string,
  { tickSize, yearVolatility }: FlowParameters,
  random: ReturnType<typeof seededRandom>,
): FlowConditions {
  const prices = new RealisticMarket({
    unitOfAccount: "USD",
    assets: REALISTIC_ASSETS.filter((each) => each.asset === asset),
    step: duration(STEP),
    start: timestamp(START),
    random,
  });
  const volatility = () => prices.volatility(asset) / Math.sqrt(YEAR);
  return {
    advanceTo: (timeUs) => prices.advanceTo(timestamp(timeUs)),
    fair: () => Math.exp(prices.fairLogValue(asset)) / tickSize,
    volatility,
    activity: () => prices.volatility(asset) / yearVolatility,
    depth: () => 1,
    spread: () => 1,
  };
}
