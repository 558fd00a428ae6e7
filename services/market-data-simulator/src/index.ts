export { generateSimulation, type SimulationOutcome } from "./simulation/generate-simulation.ts";
export type { PricePoint } from "./simulation/price-point.ts";
export { type SimilarityMetrics, similarityMetrics } from "./simulation/similarity-metrics.ts";
export {
  SIMULATION_DEFAULTS,
  SIMULATION_TYPES,
  type SimulationParameters,
  type SimulationRefusal,
  type SimulationType,
} from "./simulation/simulation-parameters.ts";
