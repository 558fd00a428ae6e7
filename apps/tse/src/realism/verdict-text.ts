import { figure } from "../market/figure.ts";
import { facts, jsonLine, plural, table } from "../readable.ts";
import {
  ASSET_CLASSES,
  type Assessment,
  AUC_GOAL,
  isEnough,
  type JudgedRun,
  meanAuc,
  SCORE_GOAL,
} from "./assessment.ts";
import { middle, verdictWord } from "./fact-table.ts";
import type { Names } from "./price-charts.ts";

export interface Told {
  readonly question: string;
  readonly subject: string;
  readonly names: Names;
  readonly assessment: Assessment;
  /** The report's file. */
  readonly out: string | undefined;
}

/** The table of facts, then the scores. */
export function realismText({ subject, names, assessment, out }: Told): string {
  const { runs, beside, passed } = assessment;
  const columns = [
    { title: "" },
    { title: "fact" },
    { title: "real markets", isFigure: true },
    { title: names.judged, isFigure: true },
    { title: "" },
    { title: names.beside, isFigure: true },
    { title: "" },
  ];
  const rows = assessment.facts.map((fact) => [
    fact.market,
    fact.title,
    `${figure(fact.range.low)} to ${figure(fact.range.high)}`,
    figure(middle(fact.values)),
    verdictWord(fact.verdicts),
    figure(middle(fact.besideValues)),
    fact.besideVerdicts.length === 0 ? "" : verdictWord(fact.besideVerdicts),
  ]);
  const goal = Math.round(SCORE_GOAL * 100);
  return [
    `  ${subject}\n\n`,
    table(columns, rows),
    "\n",
    facts([
      ...runs.map((run) => scoreRow(run, names.judged)),
      ...beside.map((run) => scoreRow(run, names.beside)),
      ...areaRows(assessment, names),
      [
        "Verdict",
        passed ? `realistic: at least ${goal} % in range` : `not realistic: below ${goal} %`,
      ],
      ...(out === undefined ? [] : [["Report", out] as const]),
    ]),
  ].join("");
}

function scoreRow({ seed, judgement: { score } }: JudgedRun, name: string): [string, string] {
  const title = seed === undefined ? name : `${name}, seed ${seed}`;
  const share = (score.share * 100).toFixed(1);
  return [title, `${share} %, ${score.inRange} of ${plural(score.judged, "fact")} in range`];
}

function areaRows({ runs, beside }: Assessment, names: Names): [string, string][] {
  return ASSET_CLASSES.flatMap((asset): [string, string][] => {
    const area = meanAuc(runs, asset);
    if (area === undefined) return [];
    const other = meanAuc(beside, asset);
    const compared = other === undefined ? "" : `, ${names.beside} ${other.toFixed(3)}`;
    const met = area <= AUC_GOAL ? "met" : "missed";
    return [
      [
        `${asset} against real days`,
        `area ${area.toFixed(3)}, goal ${AUC_GOAL} or less: ${met}${compared}`,
      ],
    ];
  });
}

/** The same for machines. */
export function realismJson({ subject, assessment, out }: Told): string {
  const { passed, facts: all, runs, beside } = assessment;
  const short = ({ seed, judgement, auc }: JudgedRun) => ({
    seed,
    ...judgement.score,
    passed: isEnough(judgement.score),
    auc,
  });
  return jsonLine({
    passed,
    subject,
    goal: { score: SCORE_GOAL, auc: AUC_GOAL },
    runs: runs.map(short),
    gbm: beside.map(short),
    facts: all.map(({ besideValues, besideVerdicts, ...fact }) => ({
      ...fact,
      gbm: { values: besideValues, verdicts: besideVerdicts },
    })),
    report: out,
  });
}
