import { ascending } from "../estimators/values.ts";
import { TAPE_COLUMNS, type Tape } from "./tape.ts";

/** Market orders in order of time, a column a field, each with the quote that it met. */
export interface MarketOrders {
  /** Whole ms UTC. */
  readonly times: Float64Array;
  /** 1 bought, -1 sold. */
  readonly signs: Float64Array;
  /** Base units, all trades of the order. */
  readonly sizes: Float64Array;
  readonly bids: Float64Array;
  readonly asks: Float64Array;
  readonly bidSizes: Float64Array;
  readonly askSizes: Float64Array;
  /** Natural logarithm of the middle of bid and ask. */
  readonly middles: Float64Array;
}

/**
 * What tick facts are computed from. Trades that follow one another in the same millisecond and on the same
 * side count as one market order: a public tape does not say more.
 */
export interface TickSample {
  readonly trades: number;
  /** From the first trade to the last. */
  readonly seconds: number;
  /** Step of prices: the smallest one between any two prices of the tape; `undefined` when there is one price only. */
  readonly tick: number | undefined;
  readonly orders: MarketOrders;
  /** Those of `orders` that met a bid and an ask. */
  readonly quoted: MarketOrders;
}

export function tickSample(tape: Tape): TickSample {
  const orders = ordersOf(tape);
  const isQuoted = orders.middles.map((middle) => (Number.isNaN(middle) ? 0 : 1));
  const keep = (column: Float64Array): Float64Array => column.filter((_, i) => isQuoted[i] === 1);
  return {
    trades: tape.time.length,
    seconds: ((tape.time.at(-1) ?? 0) - (tape.time[0] ?? 0)) / 1000,
    tick: smallestStep(tape),
    orders,
    quoted: isQuoted.includes(0) ? mapColumns(orders, keep) : orders,
  };
}

function ordersOf(tape: Tape): MarketOrders {
  const { bid, ask } = tape;
  const firsts = Uint32Array.from(placesOfFirsts(tape));
  const pick = (column: Float64Array): Float64Array =>
    Float64Array.from(firsts, (place) => column[place]!);
  return {
    times: pick(tape.time).map(Math.floor),
    signs: pick(tape.side),
    sizes: Float64Array.from(firsts, (from, i) => sum(tape.qty, from, firsts[i + 1])),
    bids: pick(bid),
    asks: pick(ask),
    bidSizes: pick(tape.bid_qty),
    askSizes: pick(tape.ask_qty),
    middles: Float64Array.from(firsts, (place) => Math.log((bid[place]! + ask[place]!) / 2)),
  };
}

/** Where in the tape each market order begins. */
function placesOfFirsts({ time, side }: Tape): number[] {
  const places: number[] = [];
  for (let i = 0; i < time.length; i++) {
    const isSame = side[i] === side[i - 1] && Math.floor(time[i]!) === Math.floor(time[i - 1]!);
    if (!isSame) places.push(i);
  }
  return places;
}

function sum(values: Float64Array, from: number, to = values.length): number {
  let total = 0;
  for (let i = from; i < to; i++) total += values[i]!;
  return total;
}

function mapColumns(
  orders: MarketOrders,
  change: (column: Float64Array) => Float64Array,
): MarketOrders {
  const columns = Object.entries<Float64Array>({ ...orders });
  return Object.fromEntries(columns.map(([name, column]) => [name, change(column)])) as {
    [Field in keyof MarketOrders]: Float64Array;
  };
}

/** Prices closer than this share are one price, written or rounded differently. */
const ROUNDING = 1e-10;

function smallestStep(tape: Tape): number | undefined {
  let smallest = Number.POSITIVE_INFINITY;
  const prices = TAPE_COLUMNS.filter(
    (name) => name === "price" || name === "bid" || name === "ask",
  );
  const sorted = ascending(prices.flatMap((name) => [...new Set(tape[name])]));
  for (let i = 1; i < sorted.length; i++) {
    const step = sorted[i]! - sorted[i - 1]!;
    if (step > ROUNDING * sorted[i]! && step < smallest) smallest = step;
  }
  return Number.isFinite(smallest) ? smallest : undefined;
}
