import { basename } from "node:path";
import { EXCHANGE_SETTINGS } from "@tse/exchange-simulator";
import type { AssetClass } from "@tse/market-statistics";
import { boolean, InvalidConfiguration, integer, list, setting, text } from "@tse/service-kit";
import { command } from "../command.ts";
import { readCandleFile } from "../market/candle-file.ts";
import { DEFAULT_PARAMETERS, type MarketParameters } from "../market/market-parameters.ts";
import { distinct, MARKET_SETTINGS, midnight } from "../market/market-settings.ts";
import { symbolsNamed } from "../market/market-symbols.ts";
import { nextCandles } from "../market/minute-candles.ts";
import { type MarketMode, openMarket } from "../market/open-market.ts";
import { readParameterFile } from "../market/parameter-file.ts";
import { writeWholeFile } from "../market/whole-file.ts";
import { ProgressLine } from "../progress.ts";
import { plural } from "../readable.ts";
import {
  ASSET_CLASSES,
  type Assessment,
  assess,
  type CandlesOf,
  type JudgedRun,
  judgeRun,
  type Reference,
} from "../realism/assessment.ts";
import { flowCharts } from "../realism/flow-charts.ts";
import { sampleFlow } from "../realism/flow-sample.ts";
import { priceCharts } from "../realism/price-charts.ts";
import { readReference } from "../realism/reference-candles.ts";
import { reportPage } from "../realism/report-page.ts";
import { realismJson, realismText } from "../realism/verdict-text.ts";
import { Refused } from "../refused.ts";
import { JSON_SETTING } from "../settings.ts";

const MINUTES_A_DAY = 1_440;
const DAYS_MIN = 7;
const DAYS_MAX = 366;
const SEEDS_MAX = 20;

const { mode: modeSetting, start: startSetting, params: paramsSetting } = MARKET_SETTINGS;
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
  about: "judge the simulated market, or a file of candles, by the facts of real ones",
  more: `Simulates BTC/USD and ETH/USD, measures their stylised facts, and says which are in the range that real markets
show, with geometric Brownian motion beside it. With --csv it judges your candles instead. Exit code 0 when every
run has at least 90 % of its facts in range, else 1. --reference adds real candles of yours: their curves are in the
report, and a two-sample test says how well simulated days can be told from them (goal: area of 0.93 or less).`,
  settings: {
    mode: modeSetting,
    start: startSetting,
    params: paramsSetting,
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
      about: "judge this file of 1-minute candles instead",
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
    ticks: setting({
      flag: "ticks",
      parser: boolean(),
      default: false,
      about: "show the full order flow in the report, too: spread, depth, impact, orders",
    }),
    seconds: setting({
      flag: "seconds",
      parser: integer(60, 86_400),
      default: 3_600,
      about: "how many seconds of it",
    }),
    version: EXCHANGE_SETTINGS.version,
    json: JSON_SETTING,
  },
  async run(config, { output, notes }) {
    const problems = [
      ...(config.seeds.length > SEEDS_MAX ? [`--seeds has at most ${SEEDS_MAX}`] : []),
      ...(config.ticks && config.out === undefined ? ["--ticks wants --out FILE"] : []),
    ];
    if (problems.length > 0) throw new InvalidConfiguration(problems);
    const reference = await readReference(config.reference, {
      BTC: config.referenceBtc ?? [],
      ETH: config.referenceEth ?? [],
    });
    const progress = new ProgressLine(notes);
    const subject = await subjectOf(config);
    const assessment = subject.assess(reference, progress);
    if (config.out !== undefined) {
      const flow = config.ticks ? await flowsOf(config, progress) : [];
      await writeWholeFile(config.out, report(subject, assessment, reference, flow));
    }
    progress.end();
    const told = { ...subject, assessment, out: config.out };
    output.write(config.json ? realismJson(told) : realismText(told));
    return assessment.passed ? 0 : 1;
  },
});

interface Asked {
  readonly csv: string | undefined;
  readonly symbol: string;
  readonly seeds: readonly number[];
  readonly days: number;
  readonly mode: MarketMode;
  readonly start: string;
  readonly params: string | undefined;
  readonly version: string;
}

/** What is judged. */
interface Subject {
  readonly question: string;
  /** Seeds, mode, days, version. */
  readonly subject: string;
  readonly names: { readonly judged: string; readonly beside: string };
  assess(reference: Reference, progress: ProgressLine): Assessment;
}

const BESIDE = "GBM";

async function subjectOf(asked: Asked): Promise<Subject> {
  const { params, csv } = asked;
  const parameters = params === undefined ? DEFAULT_PARAMETERS : await readParameterFile(params);
  return csv === undefined ? simulated(asked, parameters) : await given(asked, csv, parameters);
}

function simulated(
  { seeds, days, mode, start, params, version }: Asked,
  parameters: MarketParameters,
): Subject {
  const named = `mode ${mode}${params === undefined ? "" : ` with ${params}`}`;
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
          return judgeRun(seed, simulate(market, days * MINUTES_A_DAY, ASSET_CLASSES), reference);
        }),
      );
      return assess(runs, beside);
    },
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
  const asset = /^btc/i.test(symbol) ? "BTC" : "ETH";
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
  };
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

type Section = Parameters<typeof reportPage>[0]["charts"][number];

/** Charts of the full order flow with the first seed. */
async function flowsOf(
  { params, seeds, start, seconds }: Asked & { readonly seconds: number },
  progress: ProgressLine,
): Promise<readonly Section[]> {
  const parameters = params === undefined ? DEFAULT_PARAMETERS : await readParameterFile(params);
  const seed = seeds[0] ?? 1;
  const options = { parameters, seed, start: midnight(start) };
  return symbolsNamed(ASSET_CLASSES.map((asset) => `${asset}/USD`)).map((symbol) => {
    const sample = sampleFlow(options, symbol, seconds, (done) =>
      progress.show({
        doing: `simulating the order flow of ${symbol.symbol}`,
        done,
        total: seconds,
      }),
    );
    const title = `${symbol.symbol}: order flow, ${seconds} seconds, seed ${seed}`;
    return { title, charts: flowCharts(sample, options.start) };
  });
}

function report(
  subject: Subject,
  assessment: Assessment,
  reference: Reference,
  flow: readonly Section[],
): string {
  const { names } = subject;
  const prices = ASSET_CLASSES.map((asset) => ({
    title: asset,
    charts: priceCharts(assessment, reference, asset, names),
  }));
  return reportPage({ ...subject, assessment, charts: [...prices, ...flow] });
}
