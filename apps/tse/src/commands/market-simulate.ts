import { boolean, InvalidConfiguration, integer, setting, text } from "@tse/service-kit";
import { command } from "../command.ts";
import { candleFileName } from "../market/candle-text.ts";
import { flaggedFile } from "../market/flagged-file.ts";
import { DEFAULT_PARAMETERS } from "../market/market-parameters.ts";
import { DAYS_MAX, MARKET_SETTINGS, midnight } from "../market/market-settings.ts";
import { symbolsNamed } from "../market/market-symbols.ts";
import { assetsOf, type MarketOptions } from "../market/open-market.ts";
import { readParameterFile } from "../market/parameter-file.ts";
import { type CandleSpeed, candleSpeed, type Speed, speedOf, speedText } from "../market/speed.ts";
import { tickFileName } from "../market/tick-text.ts";
import { WholeFiles } from "../market/whole-files.ts";
import { writeCandles } from "../market/write-candles.ts";
import { writeTicks } from "../market/write-ticks.ts";
import { ProgressLine } from "../progress.ts";
import { countText, facts, jsonLine, plural } from "../readable.ts";
import { JSON_SETTING } from "../settings.ts";

const SECONDS_A_DAY = 86_400;
const TICK_SECONDS = 600;

/** Writes the prices of a market, so that others can judge them with their own tools. */
export const marketSimulate = command({
  verb: "market simulate",
  about: "write simulated 1-minute candles, or ticks, as CSV files, one a symbol",
  more: `Candles have ts (ms UTC, the minute's beginning), open, high, low, close, volume (base units), from ticks of a second.
--ticks writes trades of the full order flow instead, each with the quote just before it: time (ms UTC), price, qty, side
(the taker's), bid, ask, bid_qty, ask_qty. The same options make the same bytes. Files appear when all are whole.`,
  settings: {
    ...MARKET_SETTINGS,
    days: setting({ flag: "days", parser: integer(1, DAYS_MAX), default: 28, about: "how many" }),
    ticks: setting({
      flag: "ticks",
      parser: boolean(),
      default: false,
      about: "trades instead of candles",
    }),
    seconds: setting<number | undefined>({
      flag: "seconds",
      parser: integer(1, SECONDS_A_DAY),
      default: undefined,
      about: `how many seconds of ticks, with --ticks; ${TICK_SECONDS} when not given`,
    }),
    out: setting<string | undefined>({
      flag: "out",
      parser: text(),
      default: undefined,
      about: "directory to write to; made when it is not there",
    }),
    force: setting({
      flag: "force",
      parser: boolean(),
      default: false,
      about: "replace files that are there",
    }),
    json: JSON_SETTING,
  },
  async run(config, terminal) {
    const { out, seed, mode, start, params, ticks } = config;
    if (out === undefined) throw new InvalidConfiguration(["market simulate needs --out DIR"]);
    if (ticks && mode !== "realistic") {
      throw new InvalidConfiguration(["--ticks wants --mode realistic"]);
    }
    if (!ticks && config.seconds !== undefined) {
      throw new InvalidConfiguration(["--seconds wants --ticks: candles are of whole --days"]);
    }
    const parameters =
      params === undefined
        ? DEFAULT_PARAMETERS
        : await flaggedFile("params", params, readParameterFile);
    const symbols = symbolsNamed(config.symbols);
    const market = { mode, parameters, symbols, seed, start: midnight(start) };
    const names = symbols.map(ticks ? tickFileName : candleFileName);
    await using files = await flaggedFile("out", out, (path) =>
      WholeFiles.open(path, names, config.force),
    );
    const progress = new ProgressLine(terminal.notes);
    const { seconds = TICK_SECONDS } = config;
    const made = await write(market, files, { ...config, seconds }, progress);
    progress.end();
    const told = {
      mode,
      seed,
      start,
      symbols: config.symbols,
      files: await files.finish(),
      ...made,
    };
    terminal.output.write(config.json ? jsonLine(told) : report(told));
    return 0;
  },
});

type Made = (Speed | CandleSpeed) & { readonly trades?: number };

async function write(
  market: MarketOptions,
  files: WholeFiles,
  asked: { readonly ticks: boolean; readonly seconds: number; readonly days: number },
  progress: ProgressLine,
): Promise<Made> {
  if (asked.ticks) {
    const total = asked.seconds * market.symbols.length;
    const { trades, seconds } = await writeTicks(market, files, {
      seconds: asked.seconds,
      onSecond: (done) => progress.show({ doing: "simulating seconds", done, total }),
    });
    return { trades, ...speedOf(asked.seconds, seconds, market.symbols.length) };
  }
  const { days } = asked;
  const seconds = await writeCandles(market, files, {
    days,
    onDay: (done) => progress.show({ doing: "simulating days", done, total: days }),
  });
  const assets = assetsOf(market.parameters, market.symbols).length;
  return candleSpeed(days * SECONDS_A_DAY, seconds, { times: 1, assets });
}

function report(
  told: Made & {
    readonly files: readonly string[];
    readonly mode: string;
    readonly seed: number;
    readonly start: string;
  },
): string {
  const { trades } = told;
  const length =
    trades === undefined
      ? plural(told.simulatedSeconds / SECONDS_A_DAY, "day")
      : plural(told.simulatedSeconds, "second");
  return facts([
    ["Market", `mode ${told.mode}, seed ${told.seed}, ${length} from ${told.start}`],
    ...(trades === undefined ? [] : [["Trades", countText(trades)] as const]),
    ...told.files.map((path, i): [string, string] => [i === 0 ? "Written" : "", path]),
    ["Speed", speedText(told)],
  ]);
}
