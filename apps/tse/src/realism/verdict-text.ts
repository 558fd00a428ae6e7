import { figure } from "../market/figure.ts";
import { type CandleSpeed, speedText } from "../market/speed.ts";
import { facts, jsonLine, plural, table } from "../readable.ts";
import {
  type Area,
  type AssessedFact,
  type Assessment,
  AUC_DAYS_MIN,
  AUC_GOAL,
  isEnough,
  type JudgedRun,
  SCORE_GOAL,
} from "./assessment.ts";
import { middle, verdictWord } from "./fact-table.ts";
import type { Names } from "./price-charts.ts";
import {
  isEnoughOf,
  isRealistic,
  TICK_GOAL,
  type TickAssessment,
  type TickRun,
} from "./tick-assessment.ts";

export interface Told {
  readonly question: string;
  readonly subject: string;
  readonly names: Names;
  /** Without runs when no candles were judged. */
  readonly assessment: Assessment;
  /** `undefined` when no order flow was judged. */
  readonly ticks: TickAssessment | undefined;
  /** Of the prices; `undefined` when none were simulated. */
  readonly speed: CandleSpeed | undefined;
  /** The report's file. */
  readonly out: string | undefined;
}

/** The tables of facts, then the scores. */
export function realismText(told: Told): string {
  const { subject, names, assessment, ticks, speed, out } = told;
  const { runs, beside } = assessment;
  return [
    `  ${subject}\n\n`,
    ...(runs.length === 0 ? [] : [candleTable(assessment, names), "\n"]),
    ...(ticks === undefined ? [] : [tickTable(ticks, names), "\n"]),
    facts([
      ...runs.map((run) => scoreRow(run, names.judged)),
      ...beside.map((run) => scoreRow(run, names.beside)),
      ...assessment.areas.map((area) => areaRow(area, names.beside)),
      ...(ticks?.runs.map(tickScoreRow) ?? []),
      ["Verdict", verdictSentence(told)],
      ...(speed === undefined ? [] : [["Speed", speedText(speed)] as const]),
      ...(out === undefined ? [] : [["Report", out] as const]),
    ]),
  ].join("");
}

const FIGURE = { isFigure: true };

function candleTable({ facts: all }: Assessment, names: Names): string {
  const columns = [
    { title: "" },
    { title: "fact" },
    { title: "real markets", ...FIGURE },
    { title: names.judged, ...FIGURE },
    { title: "" },
    { title: names.beside, ...FIGURE },
    { title: "" },
  ];
  const rows = all.map((fact) => [
    ...factCells(fact),
    figure(middle(fact.besideValues)),
    fact.besideVerdicts.length === 0 ? "" : verdictWord(fact.besideVerdicts),
  ]);
  return table(columns, rows);
}

function tickTable({ facts: all, runs }: TickAssessment, names: Names): string {
  const judged = runs[0]?.seed === undefined ? names.judged : "order flow";
  const columns = [
    { title: "" },
    { title: "fact of order flow" },
    { title: "real markets", ...FIGURE },
    { title: judged, ...FIGURE },
    { title: "" },
  ];
  return table(columns, all.map(factCells));
}

function factCells(fact: AssessedFact): string[] {
  return [
    fact.market,
    fact.title,
    `${figure(fact.range.low)} to ${figure(fact.range.high)}`,
    figure(middle(fact.values)),
    verdictWord(fact.verdicts),
  ];
}

/** What was judged, and whether it is enough. */
function verdictSentence(told: Told): string {
  const { assessment, ticks } = told;
  const goal = `${Math.round(SCORE_GOAL * 100)} %`;
  const flowGoal = `${TICK_GOAL.inRange} of ${TICK_GOAL.of}`;
  const hasCandles = assessment.runs.length > 0;
  const apart = assessment.areas.filter(({ passed }) => !passed).map(({ asset }) => asset);
  if (isRealistic(told)) {
    const met = [
      ...(hasCandles ? [`at least ${goal} in range`] : []),
      ...(assessment.areas.some(({ area }) => area !== undefined)
        ? [`area at most ${AUC_GOAL}`]
        : []),
      ...(ticks === undefined ? [] : [`order flow at least ${flowGoal}`]),
    ];
    return `realistic: ${met.join(", ")}`;
  }
  const missed = [
    ...(hasCandles && !assessment.passed ? [`below ${goal}`] : []),
    ...(apart.length > 0
      ? [`${apart.join(" and ")} told from real days, area above ${AUC_GOAL}`]
      : []),
    ...(ticks?.passed === false ? [`order flow below ${flowGoal}`] : []),
  ];
  return `not realistic: ${missed.join(", ")}`;
}

function tickScoreRow({ seed, asset, judgement: { score } }: TickRun): [string, string] {
  const title = seed === undefined ? asset : `${asset} order flow, seed ${seed}`;
  return [title, `${score.inRange} of ${plural(score.judged, "fact")} in range`];
}

function scoreRow({ seed, judgement: { score } }: JudgedRun, name: string): [string, string] {
  const title = seed === undefined ? name : `${name}, seed ${seed}`;
  const share = (score.share * 100).toFixed(1);
  return [title, `${share} %, ${score.inRange} of ${plural(score.judged, "fact")} in range`];
}

function areaRow({ asset, area, beside, passed }: Area, name: string): [string, string] {
  const title = `${asset} against real days`;
  if (area === undefined) return [title, `${AUC_DAYS_MIN} days of either are needed to say`];
  const compared = beside === undefined ? "" : `, ${name} ${beside.toFixed(3)}`;
  const met = passed ? "met" : "missed";
  return [title, `area ${area.toFixed(3)}, goal ${AUC_GOAL} or less: ${met}${compared}`];
}

/** The same for machines. */
export function realismJson(told: Told): string {
  const { subject, assessment, ticks, speed, out } = told;
  const { facts: all, runs, beside } = assessment;
  const short = ({ seed, judgement, auc }: JudgedRun) => ({
    seed,
    ...judgement.score,
    passed: isEnough(judgement.score),
    auc,
  });
  return jsonLine({
    passed: isRealistic(told),
    subject,
    areas: assessment.areas,
    goal: { score: SCORE_GOAL, auc: AUC_GOAL, ticks: TICK_GOAL },
    runs: runs.map(short),
    gbm: beside.map(short),
    facts: all.map(({ besideValues, besideVerdicts, ...fact }) => ({
      ...fact,
      gbm: { values: besideValues, verdicts: besideVerdicts },
    })),
    ticks: ticks && {
      passed: ticks.passed,
      runs: ticks.runs.map(({ seed, asset, judgement }) => ({
        seed,
        market: asset,
        ...judgement.score,
        passed: isEnoughOf([{ seed, asset, judgement }]),
      })),
      facts: ticks.facts.map(({ besideValues: _, besideVerdicts: __, ...fact }) => fact),
    },
    speed,
    report: out,
  });
}
