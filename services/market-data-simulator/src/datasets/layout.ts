import type { DatasetKind } from "@tse/market-data-adapter";

/** Where in a record each figure of a point stands. */
export interface Layout {
  readonly kind: DatasetKind;
  /** Whether the record that showed the layout names the columns, and is no point itself. */
  readonly header: boolean;
  /** Columns that every record has. */
  readonly width: number;
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Absent when nothing says how much was traded: it counts as 0. */
  readonly volume: number | undefined;
  /**
   * Whether several points may share a time: a file of single trades, where one order makes many. They
   * are put a microsecond apart, in the order of the file.
   */
  readonly sharedTimes: boolean;
}

/** For a refusal: what the first record may be. */
export const KNOWN_LAYOUTS =
  "has a header with timestamp (ts, time) and price, or open, high, low, close (and volume), each name once, " +
  "or is a Binance kline (12 columns), trade or aggregate trade";

/** The layout that the first record of a file shows; `undefined` when it shows none. */
export function layoutOf(first: readonly string[]): Layout | undefined {
  return first.some((value) => /^[a-z]/i.test(value) && !isBoolean(value))
    ? layoutOfHeader(first)
    : layoutOfValues(first);
}

/** Names as they are after `plain`, those that decide first. */
const NAMES = {
  time: ["timestamp", "ts", "time", "opentime", "transacttime", "datetime", "date"],
  price: ["price", "close", "last"],
  open: ["open"],
  high: ["high"],
  low: ["low"],
  close: ["close"],
  volume: ["volume", "vol", "qty", "quantity", "size", "amount"],
  trade: ["isbuyermaker", "side", "aggtradeid", "tradeid", "id"],
} as const;

const KNOWN_NAMES: readonly string[] = Object.values(NAMES).flat();

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

function layoutOfHeader(header: readonly string[]): Layout | undefined {
  const names = header.map(plain);
  if (KNOWN_NAMES.some((name) => names.indexOf(name) !== names.lastIndexOf(name))) return undefined;
  const column = (of: keyof typeof NAMES): number | undefined =>
    NAMES[of].map((name) => names.indexOf(name)).find((index) => index >= 0);
  const common = { header: true, width: header.length, volume: column("volume") };

  const time = column("time");
  const price = column("price");
  if (time === undefined || price === undefined) return undefined;
  const [open, high, low, close] = [column("open"), column("high"), column("low"), column("close")];
  if (open !== undefined && high !== undefined && low !== undefined && close !== undefined) {
    return { ...common, kind: "CANDLES", time, open, high, low, close, sharedTimes: false };
  }
  // Half a candle is a mistake, not a price.
  if (open !== undefined || high !== undefined || low !== undefined) return undefined;
  return { ...common, ...ticks(time, price), sharedTimes: column("trade") !== undefined };
}

/**
 * Binance's files without a header:
 * ```
 * 12  open time, open, high, low, close, volume, close time, quote volume, trades, 2 × taker, unused
 *  8  aggregate id, price, quantity, first id, last id, time, buyer is maker, best match
 *  7  the same of futures, without best match
 *  7  id, price, quantity, quote quantity, time, buyer is maker, best match
 *  6  the same of futures, without best match
 * ```
 */
function layoutOfValues(values: readonly string[]): Layout | undefined {
  const common = { header: false, width: values.length };
  const flags = values.map((value) => (isBoolean(value) ? "b" : "n")).join("");
  switch (flags) {
    case "nnnnnnnnnnnn": {
      const prices = { open: 1, high: 2, low: 3, close: 4, volume: 5 };
      return { ...common, kind: "CANDLES", time: 0, ...prices, sharedTimes: false };
    }
    case "nnnnnnbb":
    case "nnnnnnb":
      return { ...common, ...ticks(5, 1), volume: 2, sharedTimes: true };
    case "nnnnnbb":
    case "nnnnnb":
      return { ...common, ...ticks(4, 1), volume: 2, sharedTimes: true };
    default:
      return undefined;
  }
}

function ticks(time: number, price: number) {
  return { kind: "TICKS", time, open: price, high: price, low: price, close: price } as const;
}

function isBoolean(value: string): boolean {
  return /^(true|false)$/i.test(value);
}
