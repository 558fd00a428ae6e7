/** How a simulated series is made from a history; the names of the published contract. */
export const SIMULATION_TYPES = [
  "STATISTICAL_SIMILARITY",
  "MONTE_CARLO",
  "BROWNIAN_MOTION",
  "MEAN_REVERSION",
  "TREND_FOLLOWING",
] as const;

export type SimulationType = (typeof SIMULATION_TYPES)[number];

export interface SimulationParameters {
  /** Times the history's volatility: 0 to 10. */
  readonly volatilityFactor: number;
  /** Times the history's mean return: -10 to 10. */
  readonly trendFactor: number;
  /** Points to make: 0 for as many as the history has, else 2 to 100 000. */
  readonly dataPoints: number;
  /** Whether `noiseLevel` counts; only STATISTICAL_SIMILARITY asks. */
  readonly includeNoise: boolean;
  /** Share of each return's deviation that is drawn anew: 0 to 1. */
  readonly noiseLevel: number;
}

export const SIMULATION_DEFAULTS: SimulationParameters = {
  volatilityFactor: 1,
  trendFactor: 1,
  dataPoints: 0,
  includeNoise: true,
  noiseLevel: 0.3,
};

/** Fewer points than this say too little about how a price moves. */
export const SHORTEST_HISTORY = 30;

/** Why nothing was simulated: in order of the checks. `field` has the name of the published contract. */
export interface SimulationRefusal {
  readonly code: "invalid_argument" | "insufficient_history";
  readonly field: string;
  readonly rule: string;
}

type Factor = "volatilityFactor" | "trendFactor" | "noiseLevel";

const RANGES: Readonly<Record<Factor, readonly [field: string, low: number, high: number]>> = {
  volatilityFactor: ["volatility_factor", 0, 10],
  trendFactor: ["trend_factor", -10, 10],
  noiseLevel: ["noise_level", 0, 1],
};

const MOST_POINTS = 100_000;

/** The first parameter that is out of its range, or a history that is too short; else `undefined`. */
export function refusalOf(
  historyPoints: number,
  parameters: SimulationParameters,
): SimulationRefusal | undefined {
  for (const [key, [field, low, high]] of Object.entries(RANGES)) {
    const value = parameters[key as Factor];
    if (!(value >= low && value <= high)) return refused(field, `is from ${low} to ${high}`);
  }
  const { dataPoints } = parameters;
  const some = Number.isInteger(dataPoints) && dataPoints >= 2 && dataPoints <= MOST_POINTS;
  if (dataPoints !== 0 && !some) {
    return refused("data_points", `is 0, or a whole number from 2 to ${MOST_POINTS}`);
  }
  if (historyPoints >= SHORTEST_HISTORY) return undefined;
  return {
    code: "insufficient_history",
    field: "history",
    rule: `has at least ${SHORTEST_HISTORY} points, not ${historyPoints}`,
  };
}

function refused(field: string, rule: string): SimulationRefusal {
  return { code: "invalid_argument", field, rule };
}
