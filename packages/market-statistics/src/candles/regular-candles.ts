import { type Candles, COLUMNS, MINUTE_MS } from "./candles.ts";

/** Why candles cannot be measured; the order is the order of checks. `at` is the place, from 0. */
export type CandleRefusal =
  | { readonly code: "unequal_columns"; readonly field: keyof Candles }
  | { readonly code: "off_grid"; readonly at: number; readonly field: "ts" }
  | { readonly code: "bad_price"; readonly at: number; readonly field: keyof Candles }
  | { readonly code: "bad_volume"; readonly at: number; readonly field: "volume" }
  | { readonly code: "not_ascending"; readonly at: number; readonly field: "ts" }
  | { readonly code: "gap_too_long"; readonly at: number; readonly minutes: number };

/** What `regularCandles` answers. */
export type RegularCandles =
  | { readonly status: "regular"; readonly candles: Candles; readonly filled: number }
  | { readonly status: "refused"; readonly refusal: CandleRefusal };

/** A venue's maintenance lasts an hour or two; a longer hole is another series. */
const GAP_MINUTES_MAX = 240;

/**
 * Checks candles and fills their gaps, so that each minute has one.
 *
 * The rule: up to `GAP_MINUTES_MAX` missing minutes in a row become flat candles at the close before
 * them, without volume; more are refused. `filled` counts them.
 * Refused as well: columns of different lengths, a time that is not a whole minute or not after the
 * one before, a price that is not a positive number or outside low to high, a volume below 0.
 */
export function regularCandles(candles: Candles): RegularCandles {
  const refusal = firstFault(candles);
  if (refusal !== undefined) return { status: "refused", refusal };
  const minutes = minutesSpanned(candles);
  const filled = minutes - candles.ts.length;
  return { status: "regular", candles: filled === 0 ? candles : fill(candles, minutes), filled };
}

function minutesSpanned({ ts }: Candles): number {
  return ts.length === 0 ? 0 : (ts.at(-1)! - ts[0]!) / MINUTE_MS + 1;
}

function firstFault(candles: Candles): CandleRefusal | undefined {
  for (const field of COLUMNS) {
    if (candles[field].length !== candles.ts.length) return { code: "unequal_columns", field };
  }
  for (let at = 0; at < candles.ts.length; at++) {
    const fault = faultOf(candles, at) ?? faultOfOrder(candles.ts, at);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultOf(candles: Candles, at: number): CandleRefusal | undefined {
  if (!Number.isInteger(candles.ts[at]! / MINUTE_MS)) return { code: "off_grid", at, field: "ts" };
  const high = candles.high[at]!;
  const low = candles.low[at]!;
  for (const field of ["open", "high", "low", "close"] as const) {
    const price = candles[field][at]!;
    const known = price > 0 && price < Number.POSITIVE_INFINITY;
    if (!known || price > high || price < low) return { code: "bad_price", at, field };
  }
  const volume = candles.volume[at]!;
  if (!(volume >= 0 && volume < Number.POSITIVE_INFINITY)) {
    return { code: "bad_volume", at, field: "volume" };
  }
  return undefined;
}

function faultOfOrder(ts: Float64Array, at: number): CandleRefusal | undefined {
  if (at === 0) return undefined;
  const missing = (ts[at]! - ts[at - 1]!) / MINUTE_MS - 1;
  if (missing < 0) return { code: "not_ascending", at, field: "ts" };
  return missing > GAP_MINUTES_MAX ? { code: "gap_too_long", at, minutes: missing } : undefined;
}

function fill(candles: Candles, minutes: number): Candles {
  const from = candles.ts[0]!;
  const places = candles.ts.map((ts) => (ts - from) / MINUTE_MS);
  const column = (values: Float64Array, between: (at: number) => number): Float64Array => {
    const result = new Float64Array(minutes);
    for (let at = 0; at < values.length; at++) {
      const place = places[at]!;
      result[place] = values[at]!;
      result.fill(between(at), place + 1, places[at + 1] ?? minutes);
    }
    return result;
  };
  const flat = (at: number): number => candles.close[at]!;
  return {
    ts: Float64Array.from({ length: minutes }, (_, i) => from + i * MINUTE_MS),
    open: column(candles.open, flat),
    high: column(candles.high, flat),
    low: column(candles.low, flat),
    close: column(candles.close, flat),
    volume: column(candles.volume, () => 0),
  };
}
