import type { AssetClass, Judgement, TickFactId } from "@tse/market-statistics";
import { ASSET_CLASSES, type AssessedFact, type Assessment, assessedFacts } from "./assessment.ts";

/** Of the 19 facts of order flow a market needs so many in range to be called realistic. */
export const TICK_GOAL = { inRange: 15, of: 19 } as const;

/** One tape, and what was found. */
export interface TickRun {
  /** `undefined` for a file. */
  readonly seed: number | undefined;
  /** The class of real market that it is judged against. */
  readonly asset: AssetClass;
  readonly judgement: Judgement<TickFactId>;
}

export interface TickAssessment {
  readonly runs: readonly TickRun[];
  readonly facts: readonly AssessedFact[];
  /** Whether each symbol has enough of its facts in range, in the mean over its runs. */
  readonly passed: boolean;
}

/** What several tapes show; some minutes of a single one are too few to blame a market for. */
export function assessTicks(runs: readonly TickRun[]): TickAssessment {
  const byAsset = ASSET_CLASSES.map((asset) => runs.filter((run) => run.asset === asset));
  const some = byAsset.filter((of) => of.length > 0);
  return {
    runs,
    facts: some.flatMap((of) =>
      assessedFacts(
        of.map(({ judgement }) => judgement),
        [],
      ),
    ),
    passed: some.length > 0 && some.every(isEnoughOf),
  };
}

/** Whether the facts in range reach the goal as a share of those judged. */
export function isEnoughOf(runs: readonly TickRun[]): boolean {
  const scores = runs.map(({ judgement }) => judgement.score);
  const inRange = scores.reduce((sum, score) => sum + score.inRange, 0);
  const judged = scores.reduce((sum, score) => sum + score.judged, 0);
  return judged > 0 && inRange * TICK_GOAL.of >= judged * TICK_GOAL.inRange;
}

/** Everything that was judged, be it candles, order flow or both, has what it needs. */
export function isRealistic({
  assessment,
  ticks,
}: {
  readonly assessment: Assessment;
  readonly ticks: TickAssessment | undefined;
}): boolean {
  const { runs, areas, passed } = assessment;
  if (runs.length === 0) return ticks?.passed === true;
  return passed && areas.every((area) => area.passed) && ticks?.passed !== false;
}
