import { type Random, timestamp } from "@tse/domain";
import { historyReturns } from "./history-returns.ts";
import type { PricePoint } from "./price-point.ts";
import { returnProcess } from "./return-process.ts";
import {
  refusalOf,
  type SimulationParameters,
  type SimulationRefusal,
  type SimulationType,
} from "./simulation-parameters.ts";

export type SimulationOutcome =
  | { readonly status: "simulated"; readonly points: readonly PricePoint[] }
  | { readonly status: "refused"; readonly refusal: SimulationRefusal };

/** Steps of the path inside one point. */
const INNER_STEPS = 12;

/** Beyond these log prices nothing is a price any more, whatever the factors. */
const LOWEST_LOG = Math.log(1e-8);
const HIGHEST_LOG = Math.log(1e15);

/**
 * A series that could have been: the returns of `type` (see `ReturnProcess`) summed up from the
 * history's first close, which is the first point.
 *
 * A point opens at the close before it; its high and low are those of a Brownian bridge of the series'
 * own volatility from there to its close, and its volume is one of the history's. Times are the
 * history's, continued at its mean distance. Deterministic: the same history, type, parameters and
 * `random` give the same points.
 *
 * @param history in order of time
 * @param random a stream of this simulation's own: nothing is drawn from it, only from its forks
 */
export function generateSimulation(
  history: readonly PricePoint[],
  type: SimulationType,
  parameters: SimulationParameters,
  random: Random,
): SimulationOutcome {
  const refusal = refusalOf(history.length, parameters);
  if (refusal !== undefined) return { status: "refused", refusal };

  const returns = historyReturns(history);
  const next = returnProcess(type, returns, parameters, random.fork("returns"));
  const inner = random.fork("interiors");
  const wiggle = parameters.volatilityFactor * returns.deviation;
  const first = history[0] as PricePoint;
  const { close, volume } = first;
  const points: PricePoint[] = [
    { at: first.at, open: close, high: close, low: close, close, volume },
  ];

  let log = Math.log(close);
  const length = parameters.dataPoints === 0 ? history.length : parameters.dataPoints;
  for (let i = 0; i < length - 1; i++) {
    const { value, place } = next(i, log);
    const from = log;
    log = Math.min(Math.max(log + value, LOWEST_LOG), HIGHEST_LOG);
    points.push({
      at: timeOf(history, i + 1),
      ...interior(from, log, wiggle, inner),
      volume: (history[place + 1] as PricePoint).volume,
    });
  }
  return { status: "simulated", points };
}

function timeOf(history: readonly PricePoint[], i: number): PricePoint["at"] {
  const known = history[i];
  if (known !== undefined) return known.at;
  const steps = history.length - 1;
  const first = (history[0] as PricePoint).at;
  const last = (history[steps] as PricePoint).at;
  return timestamp(Math.round(last + ((last - first) / steps) * (i - steps)));
}

/**
 * Open, high, low, close of a Brownian bridge between two log prices: in steps of deviation
 * `wiggle`/√n each, then tilted so that it ends where it should.
 */
function interior(from: number, to: number, wiggle: number, random: Random) {
  const steps = Array.from({ length: INNER_STEPS }, () => random.normal());
  const tilt = steps.reduce((sum, step) => sum + step, 0) / INNER_STEPS;
  const scale = wiggle / Math.sqrt(INNER_STEPS);
  let walked = 0;
  let [low, high] = from < to ? [from, to] : [to, from];
  for (const [i, step] of steps.entries()) {
    walked += step - tilt;
    const at = from + ((to - from) * (i + 1)) / INNER_STEPS + scale * walked;
    // The last of them is the close itself, but for rounding.
    if (i === INNER_STEPS - 1) break;
    low = Math.min(low, at);
    high = Math.max(high, at);
  }
  const price = (log: number) => Math.exp(Math.min(Math.max(log, LOWEST_LOG), HIGHEST_LOG));
  return { open: price(from), high: price(high), low: price(low), close: price(to) };
}
