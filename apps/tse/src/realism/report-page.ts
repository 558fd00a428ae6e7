import {
  ASSET_CLASSES,
  type Assessment,
  AUC_GOAL,
  isEnough,
  type JudgedRun,
  meanAuc,
  SCORE_GOAL,
} from "./assessment.ts";
import { type Chart, chartMarkup } from "./chart.ts";
import { factTable } from "./fact-table.ts";
import { escaped } from "./markup.ts";
import type { Names } from "./price-charts.ts";
import { REPORT_STYLE } from "./report-style.ts";

export interface ReportParts {
  /** `Is the simulated market realistic?` */
  readonly question: string;
  /** Seeds, mode, days, version. */
  readonly subject: string;
  readonly assessment: Assessment;
  readonly names: Names;
  readonly charts: readonly { readonly title: string; readonly charts: readonly Chart[] }[];
}

/** One HTML file that needs nothing else: no script, nothing from the network. */
export function reportPage(parts: ReportParts): string {
  const { question, subject, assessment, names } = parts;
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
${summary(assessment, names)}
${sections.join("\n")}
<h2>Facts</h2>
<p class="soft">Each is the median over windows of a week (of four weeks for the slow ones), and over seeds; dots are the seeds. A value far outside
its range stands at the end of its rail. The formula shows on a fact's name.</p>
${tables(assessment, names)}
<footer>Ranges: Binance public market data, 1-minute candles of BTC and ETH against USDT, windows of 2023 to 2025, and longer periods for the slow facts.
They are numbers in the program: no price of a real market is in this file${assessment.runs.some(({ auc }) => Object.keys(auc).length > 0) ? ", but for curves made from the candles that you gave" : ""}.</footer>
</main>
</body>
</html>
`;
}

function summary({ runs, beside, passed }: Assessment, names: Names): string {
  const goal = Math.round(SCORE_GOAL * 100);
  const verdict = passed
    ? `<span class="chip good">✓ realistic</span> Every run has at least ${goal} % of its facts in the range of real markets.`
    : `<span class="chip bad">✗ not realistic</span> Less than ${goal} % of facts are in the range of real markets.`;
  const areas = ASSET_CLASSES.flatMap((asset) => {
    const area = meanAuc(runs, asset);
    return area === undefined ? [] : [areaCard(asset, area, meanAuc(beside, asset), names)];
  });
  const cards = [
    ...runs.map((run) => scoreCard(run, names.judged)),
    ...beside.slice(0, 1).map(() => besideCard(beside, names.beside)),
    ...areas,
  ];
  return `<p>${verdict}</p>\n<div class="cards">\n${cards.join("\n")}\n</div>`;
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

function areaCard(asset: string, area: number, other: number | undefined, names: Names): string {
  const sign = area <= AUC_GOAL ? "✓" : "✗";
  const beside = other === undefined ? "" : `; ${names.beside} ${other.toFixed(2)}`;
  return card(
    `${asset}: told from real days`,
    `${area.toFixed(2)} ${sign}`,
    `area under the curve, goal ${AUC_GOAL} or less${beside}. 0.5: never, 1: always`,
  );
}

function card(title: string, value: string, note: string): string {
  return `<div class="card"><p>${escaped(title)}</p><p class="value">${escaped(value)}</p><p class="soft">${escaped(note)}</p></div>`;
}

function tables({ facts }: Assessment, names: Names): string {
  const markets = [...new Set(facts.map(({ market }) => market))];
  return markets
    .map((market) => {
      const of = facts.filter((fact) => fact.market === market);
      const title = market === "BTC-ETH" ? "BTC and ETH together" : market;
      return `<details open><summary>${title}: ${of.length} facts</summary>${factTable(of, names.judged, names.beside)}</details>`;
    })
    .join("\n");
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
