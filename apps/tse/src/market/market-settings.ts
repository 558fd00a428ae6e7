import { type Timestamp, timestamp } from "@tse/domain";
import { integer, list, oneOf, type Parser, setting, text } from "@tse/service-kit";
import { SYMBOL_NAMES } from "./market-symbols.ts";
import { MARKET_MODES, type MarketMode } from "./open-market.ts";

export const DAYS_MAX = 3_660;

const SYMBOLS = oneOf(...SYMBOL_NAMES);

export const MARKET_SETTINGS = {
  symbols: setting<readonly string[]>({
    flag: "symbols",
    parser: distinct(list(SYMBOLS)),
    default: ["BTC/USD", "ETH/USD"],
    about: `some of ${SYMBOL_NAMES.join(", ")}`,
  }),
  seed: setting({
    flag: "seed",
    parser: integer(0, Number.MAX_SAFE_INTEGER),
    default: 42,
    about: "everything follows from it",
  }),
  mode: setting<MarketMode>({
    flag: "mode",
    parser: oneOf(...MARKET_MODES),
    default: "realistic",
    about: `how prices are made: ${MARKET_MODES.join(" or ")}`,
  }),
  start: setting({
    flag: "start",
    parser: date(),
    default: "2026-01-05",
    about: "first day, UTC",
  }),
  speed: setting<"max">({
    flag: "speed",
    parser: oneOf("max"),
    default: "max",
    about: "max, as fast as it can; there is no other",
  }),
  params: setting<string | undefined>({
    flag: "params",
    parser: text(),
    default: undefined,
    about: "a file of parameters, as market calibrate writes it",
  }),
} as const;

/** A day of the calendar, as text. */
function date(): Parser<string> {
  return {
    expected: "a date from 1970-01-01 to 2199-12-31, such as 2026-01-05",
    parse(value) {
      if (!/^\d{4}-\d{2}-\d{2}$/.test(value) || value > "2199-12-31") return undefined;
      const ms = Date.parse(`${value}T00:00:00Z`);
      // `Date` takes 30 February for 2 March.
      const isThere = ms >= 0 && new Date(ms).toISOString().startsWith(value);
      return isThere ? value : undefined;
    },
  };
}

/** Midnight UTC of a day as `MARKET_SETTINGS.start` reads it. */
export function midnight(date: string): Timestamp {
  return timestamp(Date.parse(`${date}T00:00:00Z`) * 1000);
}

/** At least one item, each once. */
export function distinct<T>(items: Parser<readonly T[]>): Parser<readonly T[]> {
  return {
    expected: `${items.expected}, each once`,
    parse(value) {
      const parsed = items.parse(value);
      if (parsed === undefined || parsed.length === 0) return undefined;
      return new Set(parsed).size === parsed.length ? parsed : undefined;
    },
    ...(items.write && { write: items.write }),
  };
}
