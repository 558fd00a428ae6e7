import { timestamp } from "@tse/domain";
import {
  CALIBRATION_DAYS_MIN,
  type Calibration,
  calibrate,
  type MovingAsset,
  REALISTIC_ASSETS,
  REALISTIC_SHAPE,
} from "@tse/market-model";
import { type Candles, STYLISED_FACTS, stylisedFacts } from "@tse/market-statistics";
import { InvalidConfiguration, oneOf, setting, text } from "@tse/service-kit";
import { command } from "../command.ts";
import { readCandleFile } from "../market/candle-file.ts";
import { figure } from "../market/figure.ts";
import { flaggedFile } from "../market/flagged-file.ts";
import { DEFAULT_PARAMETERS, withAssets } from "../market/market-parameters.ts";
import { MARKET_SETTINGS } from "../market/market-settings.ts";
import { MARKET_SYMBOLS, type MarketSymbol, symbolsNamed } from "../market/market-symbols.ts";
import { nextCandles } from "../market/minute-candles.ts";
import { openMarket } from "../market/open-market.ts";
import { marketFaults, parameterText } from "../market/parameter-file.ts";
import { writeWholeFile } from "../market/whole-file.ts";
import { ProgressLine } from "../progress.ts";
import { facts, jsonLine, plural, table } from "../readable.ts";
import { Refused } from "../refused.ts";
import { JSON_SETTING } from "../settings.ts";

const MINUTES_A_DAY = 1_440;
/** What is fitted shows on a market of as many days as the file has, and no more than this. */
const SHOWN_DAYS_MAX = 56;
/** Lags in minutes at which the memory of sizes is told. */
const TOLD_LAGS = [1, 5, 30, 60, 240, 1_440, 4_320, 10_080];

const ASSETS = REALISTIC_ASSETS.filter((asset) => asset.kind === "moving");
const SYMBOLS = MARKET_SYMBOLS.filter(
  ({ baseAsset, quoteAsset }) =>
    quoteAsset.startsWith("USD") && ASSETS.some(({ asset }) => asset === baseAsset),
).map(({ symbol }) => symbol);

/** One fact of the file's candles and of a market with the parameters found. */
interface Comparison {
  readonly fact: string;
  readonly formula: string;
  readonly measured: number | undefined;
  readonly fitted: number | undefined;
}

/** Finds the parameters of a market in its candles. */
export const marketCalibrate = command({
  verb: "market calibrate",
  about: "find the parameters of a market in a CSV file of its 1-minute candles",
  more: `Takes the layouts of an import (Binance klines, or a header with ts, open, high, low, close, volume), packed or not.
Shows facts of the file beside those of a market simulated with what was found. --out keeps the parameters for
market simulate --params and market realism --params.`,
  settings: {
    csv: setting<string | undefined>({
      flag: "csv",
      parser: text(),
      default: undefined,
      about: `file of candles, more than ${CALIBRATION_DAYS_MIN} days`,
    }),
    symbol: setting({
      flag: "symbol",
      parser: oneOf(...SYMBOLS),
      default: "BTC/USD",
      about: `whose they are: ${SYMBOLS.join(", ")}`,
    }),
    out: setting<string | undefined>({
      flag: "out",
      parser: text(),
      default: undefined,
      about: "file to write the parameters to; replaced when it is there",
    }),
    seed: MARKET_SETTINGS.seed,
    json: JSON_SETTING,
  },
  async run({ csv, symbol: name, out, seed, json }, { output, notes }) {
    if (csv === undefined) throw new InvalidConfiguration(["market calibrate needs --csv FILE"]);
    const [symbol] = symbolsNamed([name]);
    const like = ASSETS.find(({ asset }) => asset === symbol?.baseAsset);
    if (symbol === undefined || like === undefined)
      throw new Refused(`${name} can't be calibrated`);
    const { candles, filled } = await flaggedFile("csv", csv, readCandleFile);
    const found = foundIn(csv, candles, like);
    const progress = new ProgressLine(notes);
    progress.show({ doing: "simulating what was found", done: 0, total: 1 });
    const compared = compare(candles, found, symbol, seed);
    progress.end();
    const source = { symbol: name, from: isoOf(candles.ts[0]), to: isoOf(candles.ts.at(-1)) };
    if (out !== undefined) {
      const { asset, shape } = found;
      const content = parameterText({ source, assets: [asset], shape });
      await flaggedFile("out", out, (path) => writeWholeFile(path, content));
    }
    const told = { source, minutes: candles.ts.length, filled, out };
    output.write(
      json ? jsonLine({ ...told, ...found, compared }) : report({ ...told, found, compared }),
    );
    return 0;
  },
});

function foundIn(csv: string, candles: Candles, like: MovingAsset): Calibration {
  const found = calibrate(candles, like, REALISTIC_SHAPE);
  if (!("code" in found)) {
    const faults = marketFaults([found.asset], found.shape);
    if (faults.length === 0) return found;
    throw new Refused(faults.map((fault) => `${csv}: no market moves so: ${fault}`).join("\n"));
  }
  const { code } = found;
  const rule = {
    too_few_days: `has ${plural(candles.ts.length, "minute")}; more than ${CALIBRATION_DAYS_MIN} days are needed`,
    never_moves: "holds a price that never moves",
    never_trades: "holds no volume",
  }[code];
  throw new Refused(`${csv}: ${rule}`);
}

function compare(
  candles: Candles,
  { asset, shape }: Calibration,
  symbol: MarketSymbol,
  seed: number,
): readonly Comparison[] {
  const minutes = Math.min(candles.ts.length, SHOWN_DAYS_MAX * MINUTES_A_DAY);
  const parameters = withAssets({ ...DEFAULT_PARAMETERS, shape }, [asset]);
  const start = timestamp((candles.ts[0] as number) * 1000);
  const symbols = [symbol];
  const market = openMarket({ mode: "realistic", parameters, symbols, seed, start });
  const [simulated] = nextCandles(market, symbols, minutes);
  const measured = stylisedFacts(candles);
  const fitted = simulated === undefined ? measured : stylisedFacts(simulated);
  const ids = Object.keys(STYLISED_FACTS) as (keyof typeof STYLISED_FACTS)[];
  return ids
    .filter((id) => measured[id] !== undefined)
    .map((id) => ({
      fact: STYLISED_FACTS[id].title,
      formula: STYLISED_FACTS[id].formula,
      measured: measured[id],
      fitted: fitted[id],
    }));
}

function report(told: {
  readonly source: { readonly symbol: string; readonly from: string; readonly to: string };
  readonly minutes: number;
  readonly filled: number;
  readonly out: string | undefined;
  readonly found: Calibration;
  readonly compared: readonly Comparison[];
}): string {
  const { source, found, compared, out } = told;
  const memory = TOLD_LAGS.flatMap((lag) => {
    const near = found.memory.reduce((best, one) =>
      Math.abs(Math.log(one.lag / lag)) < Math.abs(Math.log(best.lag / lag)) ? one : best,
    );
    return Math.abs(Math.log(near.lag / lag)) < 0.2 ? [near] : [];
  });
  const rows = compared.map((one) => [one.fact, figure(one.measured), figure(one.fitted)]);
  const columns = [
    { title: "" },
    { title: "measured", isFigure: true },
    { title: "fitted", isFigure: true },
  ];
  const curve = memory.map(({ lag, measured, fitted }) => [
    `${lag} min`,
    figure(measured),
    figure(fitted),
  ]);
  return [
    facts([
      [
        "Candles",
        `${source.symbol}, ${plural(told.minutes, "minute")} from ${source.from} to ${source.to}, ${told.filled} filled`,
      ],
      ["Volatility", `${figure(found.asset.volatility * 100)} % a year`],
      ["Volume", `${figure(found.asset.dayVolume)} in a median day`],
      ...(out === undefined ? [] : [["Written", out] as const]),
    ]),
    "\n  Memory of log sizes: autocovariance\n",
    table([{ title: "lag" }, ...columns.slice(1)], curve, "    "),
    "\n  Facts of the file, and of a market simulated with what was found\n",
    table([{ title: "fact" }, ...columns.slice(1)], rows, "    "),
  ].join("");
}

function isoOf(ms: number | undefined): string {
  return new Date(ms ?? 0).toISOString().slice(0, 16).replace("T", " ");
}
