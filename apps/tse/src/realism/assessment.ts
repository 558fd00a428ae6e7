import type {
  AssetClass,
  Candles,
  JudgedFact,
  Judgement,
  Range,
  Score,
  Verdict,
} from "@tse/market-statistics";
import { dayFeatures, judge, judgeSymbol, twoSampleAuc } from "@tse/market-statistics";

/** The least share of facts in range that a market needs to be called realistic. */
export const SCORE_GOAL = 0.9;
/** The most that a two-sample test may tell simulated days from real ones. */
export const AUC_GOAL = 0.93;
/** Days of either sample that the test needs. */
export const AUC_DAYS_MIN = 10;

/** Candles by the class of real market that they are judged against: one, or both of one world. */
export type CandlesOf = Readonly<Partial<Record<AssetClass, Candles>>>;

/** Real candles, several periods of each. */
export type Reference = Readonly<Record<AssetClass, readonly Candles[]>>;

export const ASSET_CLASSES: readonly AssetClass[] = ["BTC", "ETH"];

/** One series of candles, or two of one world, and what was found. */
export interface JudgedRun {
  /** `undefined` for a file. */
  readonly seed: number | undefined;
  readonly candles: CandlesOf;
  readonly judgement: Judgement;
  /** How well its days can be told from real ones: `undefined` for too few days, no key without real ones. */
  readonly auc: Readonly<Partial<Record<AssetClass, number | undefined>>>;
}

/** How well simulated days can be told from real ones, mean over the runs. */
export interface Area {
  readonly asset: AssetClass;
  /** Under the ROC curve: 0.5 for never, 1 for always; `undefined` for too few days to say. */
  readonly area: number | undefined;
  /** Of geometric Brownian motion. */
  readonly beside: number | undefined;
  /** Whether it is at most `AUC_GOAL`; so is one that can't be told. */
  readonly passed: boolean;
}

/** One fact over all runs. */
export interface AssessedFact
  extends Pick<JudgedFact<string>, "market" | "id" | "title" | "formula" | "unit"> {
  readonly range: Range;
  readonly values: readonly (number | undefined)[];
  readonly verdicts: readonly Verdict[];
  /** Of the same fact of geometric Brownian motion. */
  readonly besideValues: readonly (number | undefined)[];
  readonly besideVerdicts: readonly Verdict[];
}

export interface Assessment {
  readonly runs: readonly JudgedRun[];
  /** Geometric Brownian motion with the same seeds. */
  readonly beside: readonly JudgedRun[];
  readonly facts: readonly AssessedFact[];
  /** Of the assets that have real candles to be told from. */
  readonly areas: readonly Area[];
  /** Whether every run has enough of its facts in range. */
  readonly passed: boolean;
}

export function judgeRun(
  seed: number | undefined,
  candles: CandlesOf,
  reference: Reference,
): JudgedRun {
  const auc: Partial<Record<AssetClass, number | undefined>> = {};
  for (const asset of ASSET_CLASSES) {
    const simulated = candles[asset];
    const real = reference[asset];
    if (simulated === undefined || real.length === 0) continue;
    auc[asset] = twoSampleAuc(real.flatMap(dayFeatures), dayFeatures(simulated));
  }
  return { seed, candles, judgement: judgementOf(candles), auc };
}

export function assess(runs: readonly JudgedRun[], beside: readonly JudgedRun[]): Assessment {
  const judgements = (some: readonly JudgedRun[]) => some.map(({ judgement }) => judgement);
  const facts = assessedFacts(judgements(runs), judgements(beside));
  const passed = runs.length > 0 && runs.every(({ judgement }) => isEnough(judgement.score));
  return { runs, beside, facts, areas: areasOf(runs, beside), passed };
}

function areasOf(runs: readonly JudgedRun[], beside: readonly JudgedRun[]): readonly Area[] {
  return ASSET_CLASSES.filter((asset) => runs.some(({ auc }) => asset in auc)).map((asset) => {
    const area = meanAuc(runs, asset);
    const passed = area === undefined || area <= AUC_GOAL;
    return { asset, area, beside: meanAuc(beside, asset), passed };
  });
}

/** Each fact over several runs of the same facts, in the order of the first. */
export function assessedFacts(
  runs: readonly Judgement<string>[],
  beside: readonly Judgement<string>[],
): readonly AssessedFact[] {
  return (runs[0]?.facts ?? []).map((fact, i): AssessedFact => {
    const { market, id, title, formula, unit, range } = fact;
    const across = (some: readonly Judgement<string>[]) =>
      some.flatMap(({ facts }) => facts[i] ?? []);
    return {
      ...{ market, id, title, formula, unit, range },
      values: across(runs).map(({ value }) => value),
      verdicts: across(runs).map(({ verdict }) => verdict),
      besideValues: across(beside).map(({ value }) => value),
      besideVerdicts: across(beside).map(({ verdict }) => verdict),
    };
  });
}

export function isEnough({ share }: Score): boolean {
  return share >= SCORE_GOAL;
}

/** Mean over the runs that have one. */
function meanAuc(runs: readonly JudgedRun[], asset: AssetClass): number | undefined {
  const areas = runs.flatMap(({ auc }) => auc[asset] ?? []);
  if (areas.length === 0) return undefined;
  return areas.reduce((sum, area) => sum + area, 0) / areas.length;
}

function judgementOf({ BTC, ETH }: CandlesOf): Judgement {
  if (BTC !== undefined && ETH !== undefined) return judge(BTC, ETH);
  if (BTC !== undefined) return judgeSymbol(BTC, "BTC");
  if (ETH !== undefined) return judgeSymbol(ETH, "ETH");
  return { facts: [], score: { inRange: 0, judged: 0, share: 0 } };
}
