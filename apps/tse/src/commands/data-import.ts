import { basename } from "node:path";
import { boolean, InvalidConfiguration, setting, text } from "@tse/service-kit";
import { command } from "../command.ts";
import { ProgressLine } from "../progress.ts";
import { countText, facts, jsonLine, plural, sizeText } from "../readable.ts";
import { ACCESS_SETTINGS, JSON_SETTING, URL_SETTING } from "../settings.ts";
import {
  forMachines,
  importContent,
  MARKET_ADMIN,
  readContent,
  type ShownDataset,
} from "../world-datasets.ts";

/** A world remembers no longer source. */
const SOURCE_LENGTH = 100;

/** Gives a running world prices of yours, for replays and more. */
export const dataImport = command({
  verb: "data import",
  about: "give a running world a file of candles or trades, to replay or draw prices from",
  more: `Takes CSV and JSON lines, packed (.gz) or not: timestamp with price, or with open, high, low, close, volume; Binance
klines and trades; market simulate's own files. Times increase, prices are above 0, high and low enclose the others. All
bad rows are named by line, and nothing is kept when there is one, unless --skip-bad. A file that is there already for
its symbol is not kept twice. The data set is then replay:NAME or bootstrap:NAME for PRICE_MODE and the admin listener.`,
  settings: {
    file: setting<string | undefined>({
      flag: "file",
      parser: text(),
      default: undefined,
      about: "what to import",
    }),
    name: setting<string | undefined>({
      flag: "name",
      parser: text(/^[\w.-]{1,100}$/, "1 to 100 letters, digits, dots, dashes and underscores"),
      default: undefined,
      about: "of the data set",
    }),
    symbol: setting({
      flag: "symbol",
      parser: text(),
      default: "BTC/USD",
      about: "whose prices they are",
    }),
    skipBad: setting({
      flag: "skip-bad",
      parser: boolean(),
      default: false,
      about: "leave bad rows out instead of refusing the file",
    }),
    ...ACCESS_SETTINGS,
    url: setting({ ...URL_SETTING, default: MARKET_ADMIN }),
    json: JSON_SETTING,
  },
  async run(config, { output, notes }) {
    const { file, name, symbol, skipBad, url, json } = config;
    if (file === undefined) throw new InvalidConfiguration(["data import needs --file FILE"]);
    if (name === undefined) throw new InvalidConfiguration(["data import needs --name NAME"]);
    const progress = new ProgressLine(notes);
    const content = await readContent(file);
    const source = basename(file).slice(0, SOURCE_LENGTH);
    const asked = { url, file, content, name, symbol, source, skipBad };
    progress.wait(`importing ${sizeText(Buffer.byteLength(content))}`);
    const dataset = await importContent(asked, config).finally(() => progress.end());
    output.write(
      json
        ? jsonLine({ ...forMachines(dataset), imported: dataset.imported })
        : report(dataset, name),
    );
    return 0;
  },
});

function report(dataset: ShownDataset & { readonly imported: boolean }, asked: string): string {
  const { name, symbol, kind, interval, points, checksum, imported } = dataset;
  const skipped = dataset.skipped_rows;
  const length = interval === null ? "" : ` of ${interval}`;
  const known = name === asked ? "already there" : `already there as ${name}`;
  return facts([
    [imported ? "Imported" : "Unchanged", imported ? name : `${known}: nothing was stored`],
    ["Prices", `${symbol}, ${kind.toLowerCase()}${length}`],
    [
      "Rows",
      `${countText(points)}${skipped === 0 ? "" : `, ${plural(skipped, "bad one")} left out`}`,
    ],
    ["From", dataset.first_at],
    ["To", dataset.last_at],
    ["SHA-256", checksum],
  ]);
}
