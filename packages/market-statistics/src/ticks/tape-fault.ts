import { TAPE_COLUMNS, type Tape } from "./tape.ts";

/** What is wrong with a tape; the order is the order of checks. `at` is the trade's place, from 0. */
export type TapeFault =
  | { readonly code: "unequal_columns"; readonly field: keyof Tape }
  | { readonly code: TradeRule; readonly at: number; readonly field: keyof Tape };

/** The rule that a trade breaks; `TAPE_RULES` has them as sentences. */
export type TradeRule = keyof typeof TAPE_RULES;

/** Rules of a trade, each to be read behind the name of the field. */
export const TAPE_RULES = {
  bad_time: "is a time in milliseconds from 0",
  not_ascending: "is not before that of the trade in front",
  bad_price: "is a number above 0",
  bad_quantity: "is a number above 0",
  bad_side: "is buy (1) or sell (-1)",
  half_quote: "has both a price and a quantity, or neither",
  crossed_quote: "is below ask",
} as const;

/**
 * The first fault of a tape; `undefined` when it can be measured. A side without orders (price and quantity
 * NaN) is no fault, nor is a trade outside its quote: hidden orders make such trades.
 */
export function tapeFault(tape: Tape): TapeFault | undefined {
  for (const field of TAPE_COLUMNS) {
    if (tape[field].length !== tape.time.length) return { code: "unequal_columns", field };
  }
  for (let at = 0; at < tape.time.length; at++) {
    const fault = faultOfTrade(tape, at) ?? faultOfQuote(tape, at);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultOfTrade(tape: Tape, at: number): TapeFault | undefined {
  const time = tape.time[at]!;
  if (!(time >= 0 && time < Number.POSITIVE_INFINITY))
    return { code: "bad_time", at, field: "time" };
  if (at > 0 && time < tape.time[at - 1]!) return { code: "not_ascending", at, field: "time" };
  if (!isPositive(tape.price[at]!)) return { code: "bad_price", at, field: "price" };
  if (!isPositive(tape.qty[at]!)) return { code: "bad_quantity", at, field: "qty" };
  return Math.abs(tape.side[at]!) === 1 ? undefined : { code: "bad_side", at, field: "side" };
}

function faultOfQuote(tape: Tape, at: number): TapeFault | undefined {
  for (const side of ["bid", "ask"] as const) {
    const price = tape[side][at]!;
    const offered = tape[`${side}_qty`][at]!;
    if (Number.isNaN(price) && Number.isNaN(offered)) continue;
    if (Number.isNaN(price) || Number.isNaN(offered))
      return { code: "half_quote", at, field: side };
    if (!isPositive(price)) return { code: "bad_price", at, field: side };
    if (!isPositive(offered)) return { code: "bad_quantity", at, field: `${side}_qty` };
  }
  return tape.bid[at]! >= tape.ask[at]! ? { code: "crossed_quote", at, field: "bid" } : undefined;
}

function isPositive(value: number): boolean {
  return value > 0 && value < Number.POSITIVE_INFINITY;
}
