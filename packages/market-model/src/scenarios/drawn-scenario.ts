import type { FeedFaultKind, Multiplied, Phase, ScenarioKind } from "./definition.ts";
import type { DrawnCourse } from "./multiplier-course.ts";
import type { DrawnPath } from "./price-path.ts";

/**
 * A scenario with every value drawn, scaled and settled on the assets of one world: what is journaled, so that
 * a replay needs neither the definition nor chance. Plain data; times in microseconds since the start.
 */
export interface DrawnScenario {
  readonly name: string;
  readonly kind: ScenarioKind;
  readonly title: string;
  readonly duration: number;
  readonly release: number;
  readonly phases: readonly Phase[];
  readonly prices: readonly DrawnPrice[];
  readonly pulls: readonly DrawnPull[];
  readonly multipliers: readonly DrawnMultiplier[];
  readonly loadings: readonly DrawnLoading[];
  readonly faults: readonly DrawnFault[];
}

export interface DrawnPrice {
  readonly asset: string;
  readonly path: DrawnPath;
  readonly pinned: boolean;
}

export interface DrawnPull {
  readonly asset: string;
  /** Log price; without one, where the price stands at the start. */
  readonly level?: number;
  readonly halfLife: number;
}

export interface DrawnMultiplier {
  readonly of: Multiplied;
  readonly asset: string;
  readonly course: DrawnCourse;
}

export interface DrawnLoading {
  readonly asset: string;
  /** The loading itself, or what the usual one is multiplied by. */
  readonly target: number;
  readonly rule: "set" | "multiple";
  /** How far towards it: above 0 to 1. */
  readonly weight: number;
  readonly transition: number;
}

export interface DrawnFault {
  readonly fault: FeedFaultKind;
  readonly source: string;
  readonly assets: readonly string[];
  readonly at: number;
  readonly lasts: number;
  readonly size: number;
}
