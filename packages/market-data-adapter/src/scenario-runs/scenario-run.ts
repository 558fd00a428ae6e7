import type { Timestamp } from "@tse/domain";
import type { JsonObject, PageRequest } from "@tse/storage/rows";

export const LIVE_SCENARIO_STATES = ["SCHEDULED", "BUILDUP", "SUSTAIN", "RECOVERY"] as const;
const ENDED_SCENARIO_STATES = ["COMPLETED", "STOPPED", "REJECTED"] as const;
export const SCENARIO_STATES = [...LIVE_SCENARIO_STATES, ...ENDED_SCENARIO_STATES] as const;

export type ScenarioState = (typeof SCENARIO_STATES)[number];

/** One run of a scenario that moves the shared market. */
export interface ScenarioRun {
  readonly scenarioId: string;
  readonly scenarioType: string;
  /** At least one. */
  readonly symbols: readonly string[];
  readonly parameters: JsonObject;
  /** 64 bits, signed. */
  readonly seed: bigint;
  readonly state: ScenarioState;
  readonly actor: string;
  readonly correlationId: string | undefined;
  readonly startsAt: Timestamp;
  /** As planned, after `startsAt`. */
  readonly endsAt: Timestamp;
  readonly stoppedAt: Timestamp | undefined;
  readonly createdAt: Timestamp;
  /** Set by the repository with every change. */
  readonly updatedAt: Timestamp;
}

/** What is absent is filled in: a new id, no parameters, `SCHEDULED`. The last two times are the repository's. */
export type NewScenarioRun = Pick<
  ScenarioRun,
  "scenarioType" | "symbols" | "seed" | "actor" | "startsAt" | "endsAt"
> &
  Partial<Omit<ScenarioRun, "createdAt" | "updatedAt">>;

/** Latest start first unless it says otherwise. */
export interface ScenarioRunQuery extends PageRequest {
  readonly scenarioType?: string;
  /** One or any of several. */
  readonly state?: ScenarioState | readonly ScenarioState[];
  readonly actor?: string;
  readonly correlationId?: string;
  /** Included. */
  readonly startsFrom?: Timestamp;
  /** Excluded. */
  readonly startsTo?: Timestamp;
}
