import type { Random } from "@tse/domain";
import type { HistoryReturns } from "./history-returns.ts";
import type { SimulationParameters, SimulationType } from "./simulation-parameters.ts";

/** One step of a simulated path. */
export interface ReturnStep {
  /** Log return. */
  readonly value: number;
  /** Place of the history's return whose volume goes with it. */
  readonly place: number;
}

/**
 * Makes the returns of a path, one call a step, in order: i from 0, `log` the log price so far.
 *
 * With μ, s the history's mean and deviation, t and v the trend and volatility factors:
 * ```
 * STATISTICAL_SIMILARITY   t·μ + v·(√(1−ν²)·(rᵢ−μ) + ν·ε)       ε one residual, drawn; ν the noise level
 * MONTE_CARLO              t·μ + v·ε                            ε residuals in blocks of ⌈√n⌉, circular
 * BROWNIAN_MOTION          t·μ + v·s·z                          z standard normal
 * MEAN_REVERSION           (1−a)·(level − log) + v·s·z          a the persistence
 * TREND_FOLLOWING          t·μ + φ·(previous − μ) + v·s·√(1−φ²)·z
 * ```
 * A history that is shorter than the path is gone through again from its start.
 */
export type ReturnProcess = (i: number, log: number) => ReturnStep;

/** Each draws from `random` alone, the same number of times at each step of a type. */
export function returnProcess(
  type: SimulationType,
  history: HistoryReturns,
  parameters: SimulationParameters,
  random: Random,
): ReturnProcess {
  return PROCESSES[type](history, parameters, random);
}

type Maker = (
  history: HistoryReturns,
  parameters: SimulationParameters,
  random: Random,
) => ReturnProcess;

const PROCESSES: Readonly<Record<SimulationType, Maker>> = {
  STATISTICAL_SIMILARITY: similar,
  MONTE_CARLO: blocks,
  BROWNIAN_MOTION: brownian,
  MEAN_REVERSION: reverting,
  TREND_FOLLOWING: trending,
};

function similar(
  { residuals, mean }: HistoryReturns,
  { trendFactor, volatilityFactor, includeNoise, noiseLevel }: SimulationParameters,
  random: Random,
): ReturnProcess {
  const noise = includeNoise ? noiseLevel : 0;
  const kept = Math.sqrt(1 - noise ** 2);
  return (i) => {
    const own = i % residuals.length;
    const drawn = random.integer(residuals.length);
    const residual = kept * (residuals[own] as number) + noise * (residuals[drawn] as number);
    const value = trendFactor * mean + volatilityFactor * residual;
    // Volume follows the return that has the larger part in the variance, in proportion to it.
    return { value, place: random.next() < noise ** 2 ? drawn : own };
  };
}

function blocks(
  { residuals, mean }: HistoryReturns,
  { trendFactor, volatilityFactor }: SimulationParameters,
  random: Random,
): ReturnProcess {
  const length = Math.ceil(Math.sqrt(residuals.length));
  let start = 0;
  return (i) => {
    const inBlock = i % length;
    if (inBlock === 0) start = random.integer(residuals.length);
    const place = (start + inBlock) % residuals.length;
    return { value: trendFactor * mean + volatilityFactor * (residuals[place] as number), place };
  };
}

function brownian(
  { residuals, mean, deviation }: HistoryReturns,
  { trendFactor, volatilityFactor }: SimulationParameters,
  random: Random,
): ReturnProcess {
  return () => ({
    value: trendFactor * mean + volatilityFactor * deviation * random.normal(),
    place: random.integer(residuals.length),
  });
}

function reverting(
  { residuals, level, persistence, deviation }: HistoryReturns,
  { volatilityFactor }: SimulationParameters,
  random: Random,
): ReturnProcess {
  return (_, log) => ({
    value: (1 - persistence) * (level - log) + volatilityFactor * deviation * random.normal(),
    place: random.integer(residuals.length),
  });
}

function trending(
  { residuals, mean, deviation, momentum }: HistoryReturns,
  { trendFactor, volatilityFactor }: SimulationParameters,
  random: Random,
): ReturnProcess {
  const fresh = volatilityFactor * deviation * Math.sqrt(1 - momentum ** 2);
  let previous = mean;
  return () => {
    const value = trendFactor * mean + momentum * (previous - mean) + fresh * random.normal();
    previous = value;
    return { value, place: random.integer(residuals.length) };
  };
}
