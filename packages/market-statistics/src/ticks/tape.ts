/**
 * One symbol's trades, a column a field, all of one length, in the order in which they happened. Each stands
 * beside the best quote just before the order that traded.
 *
 * ```
 * time     ms UTC since 1970, with a fraction or not, never less than the one before
 * price    of the trade, any currency, above 0
 * qty      traded, base units, above 0
 * side     of the taker: 1 bought, -1 sold
 * bid      best bid            \  the taker's order not yet seen;
 * ask      best ask, above bid  |  NaN, price and quantity both,
 * bid_qty  offered at the bid   |  where a side had no order
 * ask_qty  offered at the ask  /
 * ```
 */
export interface Tape {
  readonly time: Float64Array;
  readonly price: Float64Array;
  readonly qty: Float64Array;
  readonly side: Float64Array;
  readonly bid: Float64Array;
  readonly ask: Float64Array;
  readonly bid_qty: Float64Array;
  readonly ask_qty: Float64Array;
}

/** The columns, as `tse market simulate --ticks` writes them. */
export const TAPE_COLUMNS = [
  "time",
  "price",
  "qty",
  "side",
  "bid",
  "ask",
  "bid_qty",
  "ask_qty",
] as const satisfies readonly (keyof Tape)[];

/** The trades from `from` (inclusive) to `to` (exclusive), in places; a view, not a copy. */
export function sliceTape(tape: Tape, from: number, to: number): Tape {
  const columns = TAPE_COLUMNS.map((field) => [field, tape[field].subarray(from, to)]);
  return Object.fromEntries(columns) as Record<keyof Tape, Float64Array>;
}
