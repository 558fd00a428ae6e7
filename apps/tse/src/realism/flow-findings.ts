import { assert } from "@tse/domain";
import { type AssetClass, judgeTicks, type Tape } from "@tse/market-statistics";
import { type MarketSymbol, symbolsNamed } from "../market/market-symbols.ts";
import type { MarketOptions } from "../market/open-market.ts";
import type { ProgressLine } from "../progress.ts";
import { ASSET_CLASSES } from "./assessment.ts";
import type { Chart } from "./chart.ts";
import { bookCharts, tapeCharts } from "./flow-charts.ts";
import { sampleFlow } from "./flow-sample.ts";
import { assessTicks, type TickAssessment, type TickRun } from "./tick-assessment.ts";

/** Charts below a title of the report. */
export interface Section {
  readonly title: string;
  readonly charts: readonly Chart[];
}

/** What was found in tapes, and what shows it. */
export interface FlowFindings {
  readonly assessment: TickAssessment;
  readonly sections: readonly Section[];
}

/** How much order flow is judged. */
export interface FlowAsked {
  readonly seeds: readonly number[];
  /** Simulated time of each. */
  readonly seconds: number;
  /** Whether charts show the book, too. */
  readonly withBook: boolean;
}

/** The full order flow of BTC/USD and ETH/USD with each seed, as `market simulate --ticks` makes it; charts are of the first seed. */
export function judgeFlow(
  market: Omit<MarketOptions, "mode" | "symbols" | "seed">,
  { seeds, seconds, withBook }: FlowAsked,
  progress: ProgressLine,
): FlowFindings {
  const parts = seeds.flatMap((seed) => ASSET_CLASSES.map((asset) => ({ seed, asset })));
  const total = parts.length * seconds;
  const runs: TickRun[] = [];
  const sections: Section[] = [];
  for (const { seed, asset } of parts) {
    const before = runs.length * seconds;
    const symbol = symbolOf(asset);
    const sample = sampleFlow({ ...market, seed }, symbol, seconds, (done) =>
      progress.show({ doing: "simulating order flow", done: before + done, total }),
    );
    runs.push({ seed, asset, judgement: judgeTicks(sample.tape, asset) });
    if (seed !== seeds[0]) continue;
    const drawn = { symbol: symbol.symbol, asset, name: "order flow" };
    const book = withBook ? bookCharts(sample, drawn) : [];
    const title = `${symbol.symbol}: order flow, ${seconds} seconds, seed ${seed}`;
    sections.push({ title, charts: [...book, ...tapeCharts(sample.tape, drawn)] });
  }
  return { assessment: assessTicks(runs), sections };
}

function symbolOf(asset: AssetClass): MarketSymbol {
  const [symbol] = symbolsNamed([`${asset}/USD`]);
  assert(symbol !== undefined, `there is a symbol of ${asset}`);
  return symbol;
}

/** A tape of the user's. */
export function judgeTape(
  tape: Tape,
  { symbol, asset }: { readonly symbol: string; readonly asset: TickRun["asset"] },
): FlowFindings {
  const run = { seed: undefined, asset, judgement: judgeTicks(tape, asset) };
  const charts = tapeCharts(tape, { symbol, asset, name: symbol });
  return { assessment: assessTicks([run]), sections: [{ title: `${symbol}: order flow`, charts }] };
}
