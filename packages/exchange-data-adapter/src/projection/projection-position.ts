import type { Timestamp } from "@tse/domain";

/** How far a projection has come: the last command of a world whose rows are stored. */
export interface ProjectionPosition {
  readonly projection: string;
  readonly worldId: string;
  readonly lastSequence: number;
  readonly updatedAt: Timestamp;
}

/** One step of a projection. */
export interface ProjectionStep {
  readonly projection: string;
  readonly worldId: string;
  /** Where it has to stand; 0 before its first step. */
  readonly expected: number;
  /** Where it stands afterwards; above `expected`. */
  readonly last: number;
}
