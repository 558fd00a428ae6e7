import { performance } from "node:perf_hooks";
import { boolean, InvalidConfiguration, integer, setting, text } from "@tse/service-kit";
import { command } from "../command.ts";
import { CANDLE_HEADER, candleFileName, candleLines } from "../market/candle-text.ts";
import { DEFAULT_PARAMETERS } from "../market/market-parameters.ts";
import { DAYS_MAX, MARKET_SETTINGS, midnight } from "../market/market-settings.ts";
import { type MarketSymbol, symbolsNamed } from "../market/market-symbols.ts";
import { nextCandles } from "../market/minute-candles.ts";
import {
  assetsOf,
  type MarketOptions,
  openMarket,
  type TradedMarket,
} from "../market/open-market.ts";
import { readParameterFile } from "../market/parameter-file.ts";
import { WholeFiles } from "../market/whole-files.ts";
import { ProgressLine } from "../progress.ts";
import { countText, facts, jsonLine, plural } from "../readable.ts";
import { JSON_SETTING } from "../settings.ts";

const MINUTES_A_DAY = 1_440;
const SECONDS_A_DAY = 86_400;

/** Writes the prices of a market, so that others can judge them with their own tools. */
export const marketSimulate = command({
  verb: "market simulate",
  about: "write simulated 1-minute candles as CSV files, one a symbol",
  more: `Columns: ts (ms UTC, the minute's beginning), open, high, low, close, volume (base units). Made from ticks of a
second; the same options make the same bytes. Files appear when all are whole.`,
  settings: {
    ...MARKET_SETTINGS,
    days: setting({ flag: "days", parser: integer(1, DAYS_MAX), default: 28, about: "how many" }),
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
    const { out, days, seed, mode, start, params } = config;
    if (out === undefined) throw new InvalidConfiguration(["market simulate needs --out DIR"]);
    const parameters = params === undefined ? DEFAULT_PARAMETERS : await readParameterFile(params);
    const symbols = symbolsNamed(config.symbols);
    const market = { mode, parameters, symbols, seed, start: midnight(start) };
    await using files = await WholeFiles.open(out, symbols.map(candleFileName), config.force);
    const progress = new ProgressLine(terminal.notes);
    const seconds = await writeDays(openMarket(market), symbols, files, {
      days,
      onDay: (done) => progress.show({ doing: "simulating days", done, total: days }),
    });
    progress.end();
    const written = await files.finish();
    const speed = speedOf(market, days, seconds);
    terminal.output.write(
      config.json
        ? jsonLine({
            files: written,
            symbols: config.symbols,
            mode,
            seed,
            days,
            start,
            ...speed,
          })
        : report({ ...config, written, ...speed }),
    );
    return 0;
  },
});

/** Returns the seconds that prices and candles took, writing aside. */
async function writeDays(
  market: TradedMarket,
  symbols: readonly MarketSymbol[],
  files: WholeFiles,
  { days, onDay }: { readonly days: number; onDay(done: number): void },
): Promise<number> {
  for (const symbol of symbols) await files.write(candleFileName(symbol), CANDLE_HEADER);
  let taken = 0;
  for (let day = 0; day < days; day++) {
    const begin = performance.now();
    const candles = nextCandles(market, symbols, MINUTES_A_DAY);
    taken += performance.now() - begin;
    for (const [i, symbol] of symbols.entries()) {
      const lines = candles[i] === undefined ? "" : candleLines(candles[i], symbol);
      await files.write(candleFileName(symbol), lines);
    }
    onDay(day + 1);
  }
  return taken / 1_000;
}

interface Speed {
  readonly seconds: number;
  readonly simulatedSecondsPerSecond: number;
  readonly microsecondsPerAssetSecond: number;
}

function speedOf({ parameters, symbols }: MarketOptions, days: number, seconds: number): Speed {
  const simulated = days * SECONDS_A_DAY;
  const assets = assetsOf(parameters, symbols).length;
  return {
    seconds: Number(seconds.toFixed(3)),
    simulatedSecondsPerSecond: Math.round(simulated / seconds),
    microsecondsPerAssetSecond: Number(((seconds * 1e6) / (simulated * assets)).toFixed(3)),
  };
}

function report(
  done: Speed & {
    readonly written: readonly string[];
    readonly days: number;
    readonly mode: string;
    readonly seed: number;
    readonly start: string;
  },
): string {
  const rate = countText(done.simulatedSecondsPerSecond);
  return facts([
    [
      "Market",
      `mode ${done.mode}, seed ${done.seed}, ${plural(done.days, "day")} from ${done.start}`,
    ],
    ...done.written.map((path, i): [string, string] => [i === 0 ? "Written" : "", path]),
    [
      "Speed",
      `${rate} simulated seconds per second, ${done.microsecondsPerAssetSecond} µs per asset-second, candles included`,
    ],
  ]);
}
