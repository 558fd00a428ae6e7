import { shareDone } from "./shapes.ts";

/** The hypothetical scenarios of one symbol, by the names of the wire. */
export const CURVE_TYPES = [
  "rally",
  "crash",
  "divergence",
  "mean_reverting",
  "volatility_spike",
  "consolidation",
] as const;
export type CurveType = (typeof CURVE_TYPES)[number];

export interface CurveParameters {
  readonly type: CurveType;
  /** From 0.1 to 2. */
  readonly intensity: number;
  /** Above 0 to 100: stretches the duration. */
  readonly durationFactor: number;
  /** From 0 to 1: share of the move that is given back. */
  readonly recoveryFactor: number;
  /** Eases in and out by smoothstep instead of starting at once. */
  readonly gradual: boolean;
}

/** Which parameter is out of range, and the rule that it breaks. */
export interface CurveFault {
  readonly field: "intensity" | "durationFactor" | "recoveryFactor";
  readonly rule: string;
}

export function curveFault(parameters: CurveParameters): CurveFault | undefined {
  const { intensity, durationFactor, recoveryFactor } = parameters;
  if (!(intensity >= 0.1 && intensity <= 2)) return { field: "intensity", rule: "from 0.1 to 2.0" };
  if (!(durationFactor > 0 && durationFactor <= 100)) {
    return { field: "durationFactor", rule: "above 0, at most 100" };
  }
  if (!(recoveryFactor >= 0 && recoveryFactor <= 1)) {
    return { field: "recoveryFactor", rule: "from 0 to 1" };
  }
  return undefined;
}

/** Shares of the way at which a divergence is built up, and begins to revert. */
const BUILT_UP = 0.3;
const HELD_TO = 0.7;
/** Share of the way in which volatility eases in, and out. */
const EASING = 0.2;

/** What the price is multiplied by at `progress`, 0 to 1 of the main leg. */
export function multiplierAt(parameters: CurveParameters, progress: number): number {
  const { type, intensity, recoveryFactor, gradual } = parameters;
  const p = gradual ? shareDone("smoothstep", progress) : progress;
  switch (type) {
    case "rally":
      return 1 + (intensity / 3) * Math.sqrt(p);
    case "crash":
      return 1 - (intensity / 4) * p;
    case "divergence": {
      const shape = gradual ? "smoothstep" : "linear";
      const up = shareDone(shape, progress / BUILT_UP);
      const back = shareDone(shape, (progress - HELD_TO) / (1 - HELD_TO));
      return 1 + 0.05 * intensity * (up - recoveryFactor * back);
    }
    case "mean_reverting":
      return 1 + 0.1 * intensity * Math.sin(2 * Math.PI * p) * Math.exp(-3 * p);
    case "volatility_spike":
    case "consolidation":
      return 1;
  }
}

/**
 * What the volatility is multiplied by at `progress`: 5·I in a spike, 1/(4·I) in a consolidation. These would
 * turn round at small intensities, so that below 1/4 and 1/3 it is 1 + I and 1/(1 + I).
 */
export function volatilityAt(
  { type, intensity, gradual }: CurveParameters,
  progress: number,
): number {
  const full = fullVolatility(type, intensity);
  if (!gradual) return full;
  const into = shareDone("smoothstep", progress / EASING);
  const out = shareDone("smoothstep", (1 - progress) / EASING);
  return 1 + (full - 1) * Math.min(into, out);
}

function fullVolatility(type: CurveType, intensity: number): number {
  if (type === "volatility_spike") return Math.max(5 * intensity, 1 + intensity);
  if (type === "consolidation") return 1 / Math.max(4 * intensity, 1 + intensity);
  return 1;
}

/** Half the width of the band that a consolidation stays in, as a share of the price. */
export const bandOf = (intensity: number): number => 0.005 / intensity;

/** Whether what was gained or lost is given back in a leg of its own. */
export const hasRecoveryLeg = ({ type, recoveryFactor }: CurveParameters): boolean =>
  recoveryFactor > 0 && (type === "rally" || type === "crash" || type === "volatility_spike");
