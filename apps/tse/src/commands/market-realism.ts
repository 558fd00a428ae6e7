import { basename } from "node:path";
import { performance } from "node:perf_hooks";
import { EXCHANGE_SETTINGS } from "@tse/exchange-simulator";
import type { AssetClass } from "@tse/market-statistics";
import {
  boolean,
  InvalidConfiguration,
  integer,
  list,
  type Parser,
  setting,
  text,
} from "@tse/service-kit";
import { command } from "../command.ts";
import { readCandleFile } from "../market/candle-file.ts";
import { flaggedFile } from "../market/flagged-file.ts";
import { DEFAULT_PARAMETERS, type MarketParameters } from "../market/market-parameters.ts";
import { distinct, MARKET_SETTINGS, midnight } from "../market/market-settings.ts";
import { symbolsNamed } from "../market/market-symbols.ts";
import { nextCandles } from "../market/minute-candles.ts";
import { type MarketMode, openMarket } from "../market/open-market.ts";
import { readParameterFile } from "../market/parameter-file.ts";
import { type CandleSpeed, candleSpeed } from "../market/speed.ts";
import { isTickFile, readTickFile } from "../market/tick-file.ts";
import { writeWholeFile } from "../market/whole-file.ts";
import { ProgressLine } from "../progress.ts";
import { plural } from "../readable.ts";
import {
  ASSET_CLASSES,
  type Assessment,
  AUC_GOAL,
  assess,
  type CandlesOf,
  type JudgedRun,
  judgeRun,
  type Reference,
} from "../realism/assessment.ts";
import { type FlowFindings, judgeFlow, judgeTape } from "../realism/flow-findings.ts";
import { priceCharts } from "../realism/price-charts.ts";
import { readReference } from "../realism/reference-candles.ts";
import { reportPage } from "../realism/report-page.ts";
import { isRealistic, TICK_GOAL } from "../realism/tick-assessment.ts";
import { realismJson, realismText } from "../realism/verdict-text.ts";
import { Refused } from "../refused.ts";
import { JSON_SETTING } from "../settings.ts";

const MINUTES_A_DAY = 1_440;
const DAYS_MIN = 7;
const DAYS_MAX = 366;
const SEEDS_MAX = 20;

const {
  mode: modeSetting,
  start: startSetting,
  params: paramsSetting,
  speed: speedSetting,
} = MARKET_SETTINGS;
const files = (asset: AssetClass) =>
  setting<readonly string[] | undefined>({
    flag: `reference-${asset.toLowerCase()}`,
    parser: list(text()),
    default: undefined,
    about: `files of real ${asset} candles`,
  });

/** Tells whether a market has the facts of real ones. */
export const marketRealism = command({
  verb: "market realism",
  about: "judge the simulated market, or a file of candles or trades, by the facts of real ones",
  more: `Simulates BTC/USD and ETH/USD, measures their stylised facts, and says which are in the range that real markets
show, with geometric Brownian motion beside it; then the same of some minutes of their full order flow. With --csv it
judges your candles instead, or your trades with the quote before each, as market simulate --ticks writes them. Exit
code 0 when every run has at least 90 % of its facts in range and the order flow of each symbol ${TICK_GOAL.inRange} of ${TICK_GOAL.of} in the mean
over the seeds, else 1. --reference adds real candles of yours: their curves are in the report, and a two-sample test
says how well simulated days can be told from them. An area above ${AUC_GOAL}, in the mean over the seeds, is exit code 1, too.`,
  settings: {
    mode: modeSetting,
    start: startSetting,
    params: paramsSetting,
    speed: speedSetting,
    days: setting({
      flag: "days",
      parser: integer(DAYS_MIN, DAYS_MAX),
      default: 28,
      about: "how many; slow facts need 28",
    }),
    seeds: setting<readonly number[]>({
      flag: "seeds",
      parser: distinct(list(integer(0, Number.MAX_SAFE_INTEGER))),
      default: [1, 2, 3],
      about: "one market for each",
    }),
    csv: setting<string | undefined>({
      flag: "csv",
      parser: text(),
      default: undefined,
      about: "judge this file of 1-minute candles, or of trades with quotes, instead",
    }),
    symbol: setting({
      flag: "symbol",
      parser: text(/^[A-Za-z0-9]{2,12}[/-]?[A-Za-z0-9]{2,12}$/, "a symbol such as BTC/USD"),
      default: "BTC/USD",
      about: "of that file: one that begins with BTC is judged against BTC, any other against ETH",
    }),
    out: setting<string | undefined>({
      flag: "out",
      parser: text(),
      default: undefined,
      about: "write an HTML report to this file; replaced when it is there",
    }),
    reference: setting<string | undefined>({
      flag: "reference",
      parser: text(),
      default: undefined,
      about: "directory of real 1-minute candles, with BTC or ETH and 1m in their names",
    }),
    referenceBtc: files("BTC"),
    referenceEth: files("ETH"),
    seconds: setting({
      flag: "seconds",
      parser: flowSeconds(),
      default: 600,
      about: "how much order flow to judge; 0 for none",
    }),
    ticks: setting({
      flag: "ticks",
      parser: boolean(),
      default: false,
      about: "show the book of the order flow in the report, too: spread, depth",
    }),
    version: EXCHANGE_SETTINGS.version,
    json: JSON_SETTING,
  },
  async run(config, { output, notes }) {
    const problems = problemsOf(config);
    if (problems.length > 0) throw new InvalidConfiguration(problems);
    const reference = await readReference(config.reference, {
      BTC: config.referenceBtc ?? [],
      ETH: config.referenceEth ?? [],
    });
    const progress = new ProgressLine(notes);
    const subject = await subjectOf(config);
    const assessment = subject.assess(reference, progress);
    const flow = subject.flow(progress);
    if (config.out !== undefined) {
      await writeWholeFile(config.out, report(subject, assessment, reference, flow));
    }
    progress.end();
    const speed = subject.speed();
    const told = { ...subject, assessment, ticks: flow?.assessment, speed, out: config.out };
    output.write(config.json ? realismJson(told) : realismText(told));
    return isRealistic(told) ? 0 : 1;
  },
});

/** 0, or as many seconds as there is something to judge in. */
function flowSeconds(): Parser<number> {
  const { parse } = integer(0, 86_400);
  return {
    expected: "0, or a whole number from 60 to 86400",
    parse(value) {
      const seconds = parse(value);
      return seconds === undefined || (seconds > 0 && seconds < 60) ? undefined : seconds;
    },
  };
}

function problemsOf({ seeds, ticks, out, csv, mode, seconds }: Asked): string[] {
  return [
    ...(seeds.length > SEEDS_MAX ? [`--seeds has at most ${SEEDS_MAX}`] : []),
    ...(ticks && out === undefined ? ["--ticks wants --out FILE"] : []),
    ...(ticks && csv !== undefined ? ["--ticks shows a simulated book: not with --csv"] : []),
    ...(ticks && mode !== "realistic" ? ["--ticks wants --mode realistic"] : []),
    ...(ticks && seconds === 0 ? ["--ticks wants --seconds above 0"] : []),
  ];
}

interface Asked {
  readonly csv: string | undefined;
  readonly symbol: string;
  readonly seeds: readonly number[];
  readonly days: number;
  readonly mode: MarketMode;
  readonly start: string;
  readonly params: string | undefined;
  readonly version: string;
  /** Of order flow. */
  readonly seconds: number;
  readonly ticks: boolean;
  readonly out: string | undefined;
}

/** What is judged. */
interface Subject {
  readonly question: string;
  /** Seeds, mode, days, version. */
  readonly subject: string;
  readonly names: { readonly judged: string; readonly beside: string };
  assess(reference: Reference, progress: ProgressLine): Assessment;
  /** `undefined` where there is no order flow to judge. */
  flow(progress: ProgressLine): FlowFindings | undefined;
  /** Of the prices that were assessed, candles included, judging aside; `undefined` for a file. */
  speed(): CandleSpeed | undefined;
}

const BESIDE = "GBM";

async function subjectOf(asked: Asked): Promise<Subject> {
  const { params, csv } = asked;
  const parameters =
    params === undefined
      ? DEFAULT_PARAMETERS
      : await flaggedFile("params", params, readParameterFile);
  if (csv === undefined) return simulated(asked, parameters);
  return (await flaggedFile("csv", csv, isTickFile))
    ? await givenTape(asked, csv)
    : await given(asked, csv, parameters);
}

function simulated(asked: Asked, parameters: MarketParameters): Subject {
  const { seeds, days, mode, start, params, version, seconds, ticks } = asked;
  const named = `mode ${mode}${params === undefined ? "" : ` with ${params}`}`;
  const minutes = days * MINUTES_A_DAY;
  let taken = 0;
  return {
    question: "Is the simulated market realistic?",
    subject: `BTC/USD and ETH/USD, ${named}, seeds ${seeds.join(", ")}, ${days} days from ${start}, version ${version}`,
    names: { judged: mode, beside: BESIDE },
    assess(reference, progress) {
      const modes = mode === "gbm" ? (["gbm"] as const) : ([mode, "gbm"] as const);
      const total = seeds.length * modes.length;
      const [runs = [], beside = []] = modes.map((one, i) =>
        seeds.map((seed, j): JudgedRun => {
          progress.show({ doing: "judging markets", done: i * seeds.length + j, total });
          const market = { mode: one, parameters, seed, start: midnight(start) };
          const begin = performance.now();
          const candles = simulate(market, minutes, ASSET_CLASSES);
          if (one === mode) taken += performance.now() - begin;
          return judgeRun(seed, candles, reference);
        }),
      );
      return assess(runs, beside);
    },
    flow(progress) {
      // Brownian prices have no order flow of their own.
      if (mode !== "realistic" || seconds === 0) return undefined;
      const market = { parameters, start: midnight(start) };
      return judgeFlow(market, { seeds, seconds, withBook: ticks }, progress);
    },
    speed: () =>
      candleSpeed(minutes * 60, taken / 1_000, {
        times: seeds.length,
        assets: ASSET_CLASSES.length,
      }),
  };
}

async function given(
  { symbol, seeds, version }: Asked,
  csv: string,
  parameters: MarketParameters,
): Promise<Subject> {
  const { candles, filled } = await readCandleFile(csv);
  const minutes = candles.ts.length;
  const days = Math.floor(minutes / MINUTES_A_DAY);
  if (days < DAYS_MIN) {
    throw new Refused(`${csv}: has ${plural(days, "whole day")}; at least ${DAYS_MIN} are needed`);
  }
  const asset = assetLike(symbol);
  const note = filled === 0 ? "" : `, ${plural(filled, "missing minute")} filled`;
  return {
    question: `Are the candles of ${symbol} realistic?`,
    subject: `${basename(csv)}, ${days} days${note}, judged against real ${asset}, version ${version}`,
    names: { judged: symbol, beside: BESIDE },
    assess(reference) {
      const seed = seeds[0] ?? 1;
      const start = midnight(new Date(candles.ts[0] ?? 0).toISOString().slice(0, 10));
      const market = { mode: "gbm", parameters, seed, start } as const;
      const length = Math.min(days, DAYS_MAX) * MINUTES_A_DAY;
      const other = judgeRun(seed, simulate(market, length, [asset]), reference);
      return assess([judgeRun(undefined, { [asset]: candles }, reference)], [other]);
    },
    flow: () => undefined,
    speed: () => undefined,
  };
}

async function givenTape({ symbol, version }: Asked, csv: string): Promise<Subject> {
  const tape = await readTickFile(csv);
  const asset = assetLike(symbol);
  const flow = judgeTape(tape, { symbol, asset });
  if (flow.assessment.runs.every(({ judgement }) => judgement.score.judged === 0)) {
    throw new Refused(`${csv}: ${plural(tape.time.length, "trade")} are too few to judge`);
  }
  const seconds = Math.round(((tape.time.at(-1) ?? 0) - (tape.time[0] ?? 0)) / 1000);
  const length = `${plural(tape.time.length, "trade")} of ${plural(seconds, "second")}`;
  return {
    question: `Are the trades of ${symbol} realistic?`,
    subject: `${basename(csv)}, ${length}, judged against real ${asset}, version ${version}`,
    names: { judged: symbol, beside: BESIDE },
    assess: () => assess([], []),
    flow: () => flow,
    speed: () => undefined,
  };
}

function assetLike(symbol: string): AssetClass {
  return /^btc/i.test(symbol) ? "BTC" : "ETH";
}

function simulate(
  market: Omit<Parameters<typeof openMarket>[0], "symbols">,
  minutes: number,
  assets: readonly AssetClass[],
): CandlesOf {
  const symbols = symbolsNamed(assets.map((asset) => `${asset}/USD`));
  const candles = nextCandles(openMarket({ ...market, symbols }), symbols, minutes);
  return Object.fromEntries(assets.map((asset, i) => [asset, candles[i]])) as CandlesOf;
}

function report(
  subject: Subject,
  assessment: Assessment,
  reference: Reference,
  flow: FlowFindings | undefined,
): string {
  const { names } = subject;
  const prices = ASSET_CLASSES.map((asset) => ({
    title: asset,
    charts: priceCharts(assessment, reference, asset, names),
  }));
  const charts = [...prices, ...(flow?.sections ?? [])];
  return reportPage({ ...subject, assessment, ticks: flow?.assessment, charts });
}
