import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  fromTimestamp,
  type GenerateSimulationRequest,
  type GenerateSimulationResponseSchema,
  type PriceUpdateSchema,
  ScenarioType,
  type StreamScenarioRequest,
  safeInteger,
  toTimestamp,
  SimulationType as WireSimulation,
} from "@tse/contracts";
import { type Random, type Timestamp, timestamp } from "@tse/domain";
import type { DatasetPoint, MarketDataRepositories } from "@tse/market-data-adapter";
import {
  type CurveFault,
  type CurveParameters,
  type CurveType,
  curveFault,
  scenarioPath,
} from "@tse/market-model";
import { Problem, validationFailed } from "@tse/service-kit";
import { stored } from "../api/history-routes.ts";
import { symbolNamed } from "../api/price-routes.ts";
import { priceUnavailable } from "../api/problems.ts";
import type { MarketCandle } from "../candles/market-candle.ts";
import { DatasetSource, spanOf } from "../datasets/dataset-source.ts";
import type { Feed } from "../feed/feed.ts";
import type { SymbolTerms } from "../feed/symbol-terms.ts";
import { priceNumber, priceText, volumeNumber } from "../feed/tick.ts";
import type { History } from "../history/history.ts";
import { datasetNamed } from "../modes/load-dataset.ts";
import { generateSimulation } from "../simulation/generate-simulation.ts";
import type { PricePoint } from "../simulation/price-point.ts";
import { similarityMetrics } from "../simulation/similarity-metrics.ts";
import {
  SIMULATION_DEFAULTS,
  type SimulationParameters,
  type SimulationType,
} from "../simulation/simulation-parameters.ts";
import { type Range, rangeOf } from "./requests.ts";

export interface HypotheticalParts {
  readonly feed: Feed;
  readonly history: History;
  readonly repositories: Pick<MarketDataRepositories, "datasetRepository">;
  readonly now: () => Timestamp;
  /** A stream of the hypothetical's own, by name; the same for the same name. */
  readonly random: (name: string) => Random;
}

const MINUTE = 60_000_000;
const POINTS_MAX = 10_000;
const MINUTES_MAX = 10_080;
const YEAR = 365 * 86_400_000_000;

const TYPES: Readonly<Record<WireSimulation, SimulationType>> = {
  [WireSimulation.STATISTICAL_SIMILARITY]: "STATISTICAL_SIMILARITY",
  [WireSimulation.MONTE_CARLO]: "MONTE_CARLO",
  [WireSimulation.BROWNIAN_MOTION]: "BROWNIAN_MOTION",
  [WireSimulation.MEAN_REVERSION]: "MEAN_REVERSION",
  [WireSimulation.TREND_FOLLOWING]: "TREND_FOLLOWING",
};

const CURVES: Readonly<Record<ScenarioType, CurveType>> = {
  [ScenarioType.RALLY]: "rally",
  [ScenarioType.CRASH]: "crash",
  [ScenarioType.DIVERGENCE]: "divergence",
  [ScenarioType.MEAN_REVERTING]: "mean_reverting",
  [ScenarioType.VOLATILITY_SPIKE]: "volatility_spike",
  [ScenarioType.CONSOLIDATION]: "consolidation",
};

/**
 * A series that could have been, made of the symbol's minutes in the asked range, and how like them it is. It touches no
 * market. @throws Problem
 */
export async function simulation(
  request: GenerateSimulationRequest,
  parts: HypotheticalParts,
): Promise<MessageInitShape<typeof GenerateSimulationResponseSchema>> {
  const { symbol } = symbolNamed(parts.feed, request.symbol);
  const type = TYPES[request.simulationType];
  if (type === undefined) throw wrong("simulation_type", "one_of", "is one of the contract's");
  const range = rangeOf(request);
  const history =
    request.dataset === ""
      ? await minutesOfFeed(symbol, range, parts.history)
      : await pointsOfDataset(request.dataset, range, parts.repositories);
  const parameters = parametersOf(request);
  const seed = safeInteger(request.parameters?.seed ?? 0n);
  const id = [symbol, type, seed, history[0]?.at ?? 0, history.length].join(" ");
  const outcome = generateSimulation(history, type, parameters, parts.random(`simulation ${id}`));
  if (outcome.status === "refused") throw refused(outcome.refusal);
  return {
    symbol,
    historicalData: history.map(wirePoint),
    simulatedData: outcome.points.map(wirePoint),
    similarityMetrics: similarityMetrics(history, outcome.points),
    simulationId: Buffer.from(id).toString("base64url"),
  };
}

/**
 * The symbol's price under a scenario that doesn't happen: one update an interval, from now or the asked time on, then the end.
 * Equal requests at an equal price give equal prices. @throws Problem
 */
export async function* hypotheticalScenario(
  request: StreamScenarioRequest,
  parts: HypotheticalParts,
): AsyncGenerator<MessageInitShape<typeof PriceUpdateSchema>> {
  const { feed } = parts;
  const terms = symbolNamed(feed, request.symbol);
  const curve = curveOf(request);
  const minutes = minutesOf(request);
  // A divergence goes away from its reference: what moves otherwise moves as that does.
  const noisy = curve.type === "divergence" ? referenceOf(request, feed) : terms;
  const newest = feed.latest(terms.symbol);
  if (newest === undefined) throw priceUnavailable();

  const { interval } = feed;
  const start = request.startTime === undefined ? parts.now() : fromTimestamp(request.startTime);
  const seed = safeInteger(request.parameters?.seed ?? 0n);
  const name = [terms.symbol, seed, JSON.stringify(curve), minutes].join(" ");
  const source = `scenario:${Buffer.from(`${curve.type} ${seed}`).toString("base64url")}`;
  const path = scenarioPath({
    ...curve,
    start: priceNumber(newest.price, terms),
    volatility: feed.usualVolatility(noisy.base) * Math.sqrt(interval / YEAR),
    steps: Math.max(1, Math.round((minutes * MINUTE) / interval)),
    random: parts.random(`scenario ${name}`),
  });
  let sent = 0;
  for (const { price } of path) {
    const ticks = Math.max(1, Math.round(price / priceNumber(1, terms)));
    yield {
      symbol: terms.symbol,
      price: priceNumber(ticks, terms),
      priceDecimal: priceText(ticks, terms),
      timestamp: toTimestamp(timestamp((start ?? 0) + sent * interval)),
      source,
      sequence: BigInt(sent + 1),
    };
    sent += 1;
  }
}

/** @throws Problem `validation_failed` */
function curveOf({ scenarioType, parameters: given }: StreamScenarioRequest): CurveParameters {
  const type = CURVES[scenarioType];
  if (type === undefined) throw wrong("scenario_type", "one_of", "is one of the contract's");
  const curve = {
    type,
    intensity: given?.intensity || 1,
    durationFactor: given?.durationFactor || 1,
    recoveryFactor: given?.recoveryFactor ?? 0,
    gradual: given?.gradualTransition ?? false,
  };
  const fault = curveFault(curve);
  if (fault === undefined) return curve;
  throw wrong(FIELDS[fault.field], "range", `is ${fault.rule}`);
}

/** @throws Problem `validation_failed` */
function minutesOf({ durationMinutes }: StreamScenarioRequest): number {
  if (durationMinutes >= 0 && durationMinutes <= MINUTES_MAX) return durationMinutes || 60;
  throw wrong("duration_minutes", "range", `is from 1 to ${MINUTES_MAX}`);
}

function referenceOf({ parameters }: StreamScenarioRequest, feed: Feed): SymbolTerms {
  const text = parameters?.referenceSymbol || "BTC/USD";
  return symbolNamed(feed, text, "parameters.reference_symbol");
}

async function minutesOfFeed(
  symbol: string,
  range: Range,
  history: History,
): Promise<PricePoint[]> {
  const { items } = await stored(() =>
    history.candles("1m", { symbol, ...range, limit: POINTS_MAX }),
  );
  return [...items].reverse().map(pricePoint);
}

/** @throws Problem `validation_failed` for a dataset that there is not */
async function pointsOfDataset(
  name: string,
  { start, end }: Range,
  repositories: HypotheticalParts["repositories"],
): Promise<PricePoint[]> {
  const dataset = await stored(() => datasetNamed(repositories, name));
  if (dataset === undefined) throw wrong("dataset", "unknown", "names no dataset of this world");
  const whole = spanOf(dataset);
  const window = { from: start ?? whole.from, to: end ?? whole.to };
  const source = new DatasetSource(repositories, dataset);
  return await stored(async () => {
    const points: PricePoint[] = [];
    for await (const point of source.fetch(dataset.symbol, window)) {
      if (points.length === POINTS_MAX) break;
      points.push(importedPoint(point));
    }
    return points;
  });
}

/** A tick is a candle of one price. */
function importedPoint({ at, open, high, low, close, volume }: DatasetPoint): PricePoint {
  return {
    at,
    open: units(open ?? close),
    high: units(high ?? close),
    low: units(low ?? close),
    close: units(close),
    volume: units(volume ?? 0n),
  };
}

const units = (minor: bigint): number => Number(minor) / 1e8;

const FIELDS: Readonly<Record<CurveFault["field"], string>> = {
  intensity: "parameters.intensity",
  durationFactor: "parameters.duration_factor",
  recoveryFactor: "parameters.recovery_factor",
};

/** What is left out is the usual value; a 0 that is given counts. */
function parametersOf({ parameters: given }: GenerateSimulationRequest): SimulationParameters {
  if (given === undefined) return SIMULATION_DEFAULTS;
  const usual = SIMULATION_DEFAULTS;
  return {
    volatilityFactor: given.volatilityFactor ?? usual.volatilityFactor,
    trendFactor: given.trendFactor ?? usual.trendFactor,
    dataPoints: given.dataPoints,
    includeNoise: given.includeNoise ?? usual.includeNoise,
    noiseLevel: given.noiseLevel ?? usual.noiseLevel,
  };
}

function pricePoint({
  terms,
  startTime,
  open,
  high,
  low,
  close,
  volume,
}: MarketCandle): PricePoint {
  return {
    at: startTime,
    open: priceNumber(open, terms),
    high: priceNumber(high, terms),
    low: priceNumber(low, terms),
    close: priceNumber(close, terms),
    volume: volumeNumber(volume),
  };
}

function wirePoint({ at, ...prices }: PricePoint) {
  return { timestamp: toTimestamp(at), ...prices };
}

function refused({ code, field, rule }: { code: string; field: string; rule: string }): Problem {
  if (code === "invalid_argument") return wrong(`parameters.${field}`, "range", rule);
  return new Problem({
    status: 409,
    grpcStatus: "FAILED_PRECONDITION",
    code,
    title: "There is too little history for this",
    detail: `${field} ${rule}`,
  });
}

function wrong(field: string, rule: string, message: string): Problem {
  return validationFailed([{ field, rule, message }]);
}
