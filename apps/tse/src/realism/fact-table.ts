import type { Range, Verdict } from "@tse/market-statistics";
import { figure } from "../market/figure.ts";
import type { AssessedFact } from "./assessment.ts";
import { escaped } from "./markup.ts";
import { scaleOf } from "./scale.ts";

const WIDTH = 150;
const HEIGHT = 18;
/** How far the small scale goes beyond the range, as a share of it. */
const BEYOND = 0.7;

/** What several runs show of one fact, as one word. */
export function verdictWord(verdicts: readonly Verdict[]): string {
  const good = verdicts.filter((verdict) => verdict === "in range").length;
  if (good === verdicts.length) return "in range";
  if (verdicts.every((verdict) => verdict === verdicts[0])) {
    return verdicts[0] === "too_short" ? "too short" : (verdicts[0] ?? "–");
  }
  return `${good} of ${verdicts.length}`;
}

/** The middle one of the values that there are. */
export function middle(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  const half = Math.floor(known.length / 2);
  if (known.length % 2 === 1) return known[half];
  const [below, above] = [known[half - 1], known[half]];
  return below === undefined || above === undefined ? undefined : (below + above) / 2;
}

/** Facts of one market as an HTML table. @param beside what stands beside, when something does */
export function factTable(facts: readonly AssessedFact[], judged: string, beside?: string): string {
  const hidden = '<th scope="col"><span class="unseen">verdict</span></th>';
  const columns = (name: string, tone: string) =>
    `<th scope="col" class="figure${tone}">${escaped(name)}</th>${hidden}`;
  const rows = facts.map(
    (fact) => `<tr><th scope="row" title="${escaped(fact.formula)}">${escaped(fact.title)}</th>
<td class="figure">${figure(fact.range.low)} to ${figure(fact.range.high)}</td>
<td class="place">${rangeBar(fact)}</td>
<td class="figure">${figure(middle(fact.values))}</td><td>${chip(fact.verdicts)}</td>${beside === undefined ? "" : besideCells(fact)}</tr>`,
  );
  return `<div class="wide"><table><thead><tr><th scope="col">fact</th><th scope="col" class="figure">real markets</th>
<th scope="col" class="place"><span class="unseen">place in the range</span></th>
${columns(judged, "")}${beside === undefined ? "" : columns(beside, " beside")}</tr></thead>
<tbody>${rows.join("\n")}</tbody></table></div>`;
}

function besideCells({ besideValues, besideVerdicts }: AssessedFact): string {
  return `
<td class="figure beside">${figure(middle(besideValues))}</td><td>${chip(besideVerdicts)}</td>`;
}

function chip(verdicts: readonly Verdict[]): string {
  if (verdicts.length === 0) return "";
  const word = verdictWord(verdicts);
  const good = verdicts.filter((verdict) => verdict === "in range").length;
  const short = verdicts.every((verdict) => verdict === "too_short");
  const tone = short ? "none" : good === verdicts.length ? "good" : good > 0 ? "some" : "bad";
  const sign = { good: "✓", some: "◐", bad: "✗", none: "–" }[tone];
  return `<span class="chip ${tone}"><span aria-hidden="true">${sign}</span> ${word}</span>`;
}

/** The range of real markets, and where the values stand; those far away stand at the end. */
function rangeBar({ range, values, besideValues }: AssessedFact): string {
  const at = placer(range);
  const dots = (some: readonly (number | undefined)[], tone: string, radius: number) =>
    some.flatMap((value) =>
      value === undefined || !Number.isFinite(value)
        ? []
        : [`<circle class="${tone}" cx="${at(value)}" cy="${HEIGHT / 2}" r="${radius}"/>`],
    );
  const [from, to] = [at(range.low), at(range.high)];
  return `<svg class="bar" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" aria-hidden="true"><line class="rail" x1="4" x2="${WIDTH - 4}" y1="${HEIGHT / 2}" y2="${HEIGHT / 2}"/><rect class="range" x="${from}" width="${Math.round((to - from) * 10) / 10}" y="4" height="${HEIGHT - 8}" rx="2"/>${dots(besideValues, "gbm", 2.5).join("")}${dots(values, "simulated", 3.2).join("")}</svg>`;
}

function placer({ low, high }: Range): (value: number) => number {
  const beyond = (high - low) * BEYOND;
  const scale = scaleOf({ kind: "linear", low: low - beyond, high: high + beyond });
  return (value) => {
    const place = Math.min(Math.max(scale.at(value), 0), 1);
    return Math.round((5 + place * (WIDTH - 10)) * 10) / 10;
  };
}
