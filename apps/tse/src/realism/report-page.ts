import {
  type Area,
  type Assessment,
  AUC_DAYS_MIN,
  AUC_GOAL,
  isEnough,
  type JudgedRun,
  SCORE_GOAL,
} from "./assessment.ts";
import { type Chart, chartMarkup } from "./chart.ts";
import { factTable } from "./fact-table.ts";
import { escaped } from "./markup.ts";
import type { Names } from "./price-charts.ts";
import { REPORT_STYLE } from "./report-style.ts";
import {
  isEnoughOf,
  isRealistic,
  TICK_GOAL,
  type TickAssessment,
  type TickRun,
} from "./tick-assessment.ts";

export interface ReportParts {
  /** `Is the simulated market realistic?` */
  readonly question: string;
  /** Seeds, mode, days, version. */
  readonly subject: string;
  /** Without runs when no candles were judged. */
  readonly assessment: Assessment;
  /** `undefined` when no order flow was judged. */
  readonly ticks: TickAssessment | undefined;
  readonly names: Names;
  readonly charts: readonly { readonly title: string; readonly charts: readonly Chart[] }[];
}

/** One HTML file that needs nothing else: no script, nothing from the network. */
export function reportPage(parts: ReportParts): string {
  const { question, subject } = parts;
  const sections = parts.charts
    .filter(({ charts }) => charts.length > 0)
    .map(
      ({ title, charts }) =>
        `<h2>${escaped(title)}</h2>\n<div class="charts">\n${charts.map(chartMarkup).join("\n")}\n</div>`,
    );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(`${question} ${subject}`)}</title>
<link rel="icon" href="data:,">
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(question)}</h1>
<p class="soft">${escaped(subject)}</p>
${summary(parts)}
${sections.join("\n")}
${candleFacts(parts)}
${tickFacts(parts)}
${sources(parts)}
</main>
</body>
</html>
`;
}

function summary({ assessment, ticks, names }: ReportParts): string {
  const { runs, beside } = assessment;
  const verdict = isRealistic({ assessment, ticks })
    ? '<span class="chip good">✓ realistic</span>'
    : '<span class="chip bad">✗ not realistic</span>';
  const cards = [
    ...runs.map((run) => scoreCard(run, names.judged)),
    ...beside.slice(0, 1).map(() => besideCard(beside, names.beside)),
    ...assessment.areas.map((area) => areaCard(area, names.beside)),
    ...(ticks?.runs.map(tickCard) ?? []),
  ];
  const why = [
    ...candleVerdict(assessment),
    ...areaVerdict(assessment),
    ...(ticks === undefined ? [] : [tickVerdict(ticks)]),
  ];
  return `<p>${verdict} ${why.join(" ")}</p>\n<div class="cards">\n${cards.join("\n")}\n</div>`;
}

function candleVerdict({ runs, passed }: Assessment): string[] {
  const goal = Math.round(SCORE_GOAL * 100);
  if (runs.length === 0) return [];
  return [
    passed
      ? `Every run has at least ${goal} % of its facts in the range of real markets.`
      : `Less than ${goal} % of facts are in the range of real markets.`,
  ];
}

function areaVerdict({ areas }: Assessment): string[] {
  const apart = areas.filter(({ passed }) => !passed).map(({ asset }) => asset);
  if (apart.length === 0) return [];
  return [
    `Days of ${apart.join(" and ")} can be told from real ones, with an area above ${AUC_GOAL}.`,
  ];
}

function tickVerdict({ passed }: TickAssessment): string {
  const goal = `${TICK_GOAL.inRange} of ${TICK_GOAL.of}`;
  return passed
    ? `Order flow has at least ${goal} facts in the range of real tapes.`
    : `Order flow has less than ${goal} facts in the range of real tapes.`;
}

function tickCard(run: TickRun): string {
  const { seed, asset, judgement } = run;
  const { inRange, judged } = judgement.score;
  const title = `${asset} order flow${seed === undefined ? "" : `, seed ${seed}`}`;
  const sign = isEnoughOf([run]) ? "✓" : "✗";
  return card(title, `${inRange} of ${judged} ${sign}`, "facts in range");
}

function scoreCard({ seed, judgement: { score } }: JudgedRun, name: string): string {
  const title = seed === undefined ? name : `${name}, seed ${seed}`;
  const sign = isEnough(score) ? "✓" : "✗";
  return card(
    title,
    `${percent(score.share)} ${sign}`,
    `${score.inRange} of ${score.judged} facts in range`,
  );
}

function besideCard(beside: readonly JudgedRun[], name: string): string {
  const scores = beside.map(({ judgement }) => judgement.score);
  const shares = [...new Set(scores.map(({ share }) => percent(share)))];
  const facts = scores.map(({ inRange }) => inRange).join(", ");
  const sign = scores.every(isEnough) ? "✓" : "✗";
  return card(
    `${name}, for comparison`,
    `${shares.at(0)} ${sign}`,
    `${facts} of ${scores[0]?.judged} facts in range`,
  );
}

function areaCard({ asset, area, beside, passed }: Area, name: string): string {
  const title = `${asset}: told from real days`;
  if (area === undefined)
    return card(title, "–", `${AUC_DAYS_MIN} days of either are needed to say`);
  const compared = beside === undefined ? "" : `; ${name} ${beside.toFixed(2)}`;
  return card(
    title,
    `${area.toFixed(2)} ${passed ? "✓" : "✗"}`,
    `area under the curve, goal ${AUC_GOAL} or less${compared}. 0.5: never, 1: always`,
  );
}

function card(title: string, value: string, note: string): string {
  return `<div class="card"><p>${escaped(title)}</p><p class="value">${escaped(value)}</p><p class="soft">${escaped(note)}</p></div>`;
}

function candleFacts({ assessment, names }: ReportParts): string {
  const { facts, runs } = assessment;
  if (runs.length === 0) return "";
  const markets = [...new Set(facts.map(({ market }) => market))];
  const tables = markets.map((market) => {
    const of = facts.filter((fact) => fact.market === market);
    const title = market === "BTC-ETH" ? "BTC and ETH together" : market;
    return details(`${title}: ${of.length} facts`, factTable(of, names.judged, names.beside));
  });
  return `<h2>Facts</h2>
<p class="soft">Each is the median over windows of a week (of four weeks for the slow ones), and over seeds; dots are the seeds. A value far outside
its range stands at the end of its rail. The formula shows on a fact's name.</p>
${tables.join("\n")}`;
}

function tickFacts({ ticks, names }: ReportParts): string {
  if (ticks === undefined) return "";
  const { facts, runs } = ticks;
  const judged = runs[0]?.seed === undefined ? names.judged : "order flow";
  const markets = [...new Set(facts.map(({ market }) => market))];
  const tables = markets.map((market) => {
    const of = facts.filter((fact) => fact.market === market);
    return details(`${market}: ${of.length} facts of order flow`, factTable(of, judged));
  });
  return `<h2>Facts of order flow</h2>
<p class="soft">Of trades and of the quotes just before them. Trades of one side in one millisecond are one market order. The formula shows on a fact's name.</p>
${tables.join("\n")}`;
}

/** Where the ranges come from. */
function sources({ assessment: { runs }, ticks }: ReportParts): string {
  const isReal = runs.some(({ auc }) => Object.keys(auc).length > 0);
  const candles =
    "1-minute candles of BTC and ETH against USDT, windows of 2023 to 2025, and longer periods for the slow facts";
  const tapes =
    "trades and best quotes of BTC and ETH against USDT, some minutes of August 2024, and candles of 2025 for trades a second";
  const all = [...(runs.length > 0 ? [candles] : []), ...(ticks === undefined ? [] : [tapes])];
  return `<footer>Ranges: Binance public market data, ${all.join("; ")}.
They are numbers in the program: no price of a real market is in this file${isReal ? ", but for curves made from the candles that you gave" : ""}.</footer>`;
}

function details(title: string, content: string): string {
  return `<details open><summary>${title}</summary>${content}</details>`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
