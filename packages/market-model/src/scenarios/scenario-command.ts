import type { Random, Timestamp } from "@tse/domain";
import type { ScenarioDefinition, ScenarioKind } from "./definition.ts";
import type { DrawnScenario } from "./drawn-scenario.ts";
import type { PathStages } from "./price-path.ts";

/** How far and how long a scenario may go; what is left out is not limited. */
export interface ScenarioLimits {
  /** Largest move of a price away from where it stands at the start, as a share of it: 0.25 is 25 %. */
  readonly maxDeviation?: number;
  /** Microseconds. */
  readonly maxDuration?: number;
}

/** What someone wants of the board. */
export type ScenarioRequest =
  | ({ readonly kind: "start" | "replace" } & StartOptions)
  | { readonly kind: "stop"; readonly id: string; readonly at: Timestamp }
  | { readonly kind: "clear"; readonly at: Timestamp };

export interface StartOptions {
  /** Of this run; `replace` ends the run that has it and starts the new one at the same moment. */
  readonly id: string;
  readonly definition: ScenarioDefinition;
  readonly at: Timestamp;
  /** Values are drawn from a fork named by `id`. */
  readonly random: Random;
  /** What `random` was made from, for the record only. */
  readonly seed?: string;
  /** From 0, 1 by default: no effect at 0, more with more. */
  readonly intensity?: number;
  /** Size of price moves alone; from 0, 1 by default. */
  readonly scale?: number;
  /** Stretches every time; above 0, 1 by default. */
  readonly timeFactor?: number;
  /** The only assets to act on; `*` stands for these, stablecoins included. */
  readonly assets?: readonly string[];
  /** Instead of what the definition says. */
  readonly pinned?: boolean;
  /** Whether what it does to prices may halt them: without, its moves are exempt. */
  readonly respectHalt?: boolean;
  /** Log price of an asset at `at`. Needed where a scenario is pinned, pulls, or moves to a price. */
  readonly logPrice?: (asset: string) => number | undefined;
  readonly limits?: ScenarioLimits;
}

/** Why the board refuses. Codes go out on the wire: never rename one. */
export type ScenarioRefusalCode =
  | "invalid_parameter"
  | "in_the_past"
  | "scenario_exists"
  | "no_such_scenario"
  | "too_many_scenarios"
  | "invalid_definition"
  | "no_asset"
  | "price_unknown"
  | "price_deviation_too_large"
  | "scenario_too_long";

/** `field` names what is wrong with the request, `rule` what must hold. */
export interface ScenarioRefusal {
  readonly code: ScenarioRefusalCode;
  readonly field: string;
  readonly rule: string;
}

/** A run as it was started, with its drawn values. Plain data. */
export interface ScenarioStart {
  readonly id: string;
  readonly seed: string;
  readonly intensity: number;
  readonly scale: number;
  readonly timeFactor: number;
  readonly scenario: DrawnScenario;
  /** Log prices at the start, as far as they were known. */
  readonly logPrices: Readonly<Record<string, number>>;
  /** Its moves may halt prices. */
  readonly respectHalt?: true;
}

/**
 * A change of the board, to be journaled: the same commands at the same times make the same overlay, without
 * definitions or chance. Plain data.
 */
export type ScenarioCommand =
  | {
      readonly kind: "start_scenario" | "replace_scenario";
      readonly time: Timestamp;
      readonly start: ScenarioStart;
    }
  | { readonly kind: "stop_scenario"; readonly time: Timestamp; readonly id: string }
  | { readonly kind: "clear_scenarios"; readonly time: Timestamp };

export type EndReason = "completed" | "stopped" | "replaced" | "cleared";

/** The truth about a scenario, for the audit trail and for those who judge what detectors saw. */
export interface ScenarioEvent {
  readonly event: "started" | "phase" | "ended";
  readonly time: Timestamp;
  readonly id: string;
  readonly name: string;
  readonly kind: ScenarioKind;
  readonly seed: string;
  readonly intensity: number;
  /** The phase that begins, at a `phase`. */
  readonly phase?: string;
  /** When each begins, as planned; at a `started`. */
  readonly phases?: readonly { readonly name: string; readonly at: Timestamp }[];
  /** At an `ended`. */
  readonly reason?: EndReason;
  readonly assets: readonly AssetTruth[];
  readonly startsAt: Timestamp;
  /** As planned. */
  readonly endsAt: Timestamp;
}

/** Prices are in the unit of account; left out where they are not known. */
export interface AssetTruth extends PathStages {
  readonly asset: string;
  readonly originalPrice?: number;
  /** Where the scenario alone takes the price, at its farthest. */
  readonly targetPrice?: number;
}
