import { seededRandom } from "@tse/simulation";
import type { Tape } from "../src/index.ts";
import { MONDAY } from "./market.ts";

/** A market order that a test makes up: what is left out is the same for all. */
export interface MadeOrder {
  /** Milliseconds after the beginning. */
  readonly at: number;
  readonly sign: number;
  /** Base units of each of its trades. */
  readonly fills?: readonly number[];
  /** Middle of the quote that it meets, and its width. */
  readonly middle?: number;
  readonly spread?: number;
  readonly bidSize?: number;
  readonly askSize?: number;
}

/** The trades of orders, at the touch, in a market of one-cent ticks. */
export function tapeOf(orders: readonly MadeOrder[]): Tape {
  const rows = orders.flatMap((order) => {
    const { at, sign, fills = [1], middle = 60_000.005, spread = 0.01 } = order;
    const bid = cents(middle - spread / 2);
    const ask = cents(middle + spread / 2);
    const price = sign > 0 ? ask : bid;
    const offered = [order.bidSize ?? 1, order.askSize ?? 1];
    return fills.map((qty) => [MONDAY + at, price, qty, sign, bid, ask, ...offered]);
  });
  const column = (i: number): Float64Array => Float64Array.from(rows, (row) => row[i]!);
  return {
    time: column(0),
    price: column(1),
    qty: column(2),
    side: column(3),
    bid: column(4),
    ask: column(5),
    bid_qty: column(6),
    ask_qty: column(7),
  };
}

function cents(price: number): number {
  return Math.round(price * 100) / 100;
}

/**
 * What a market is not: orders that come at random, ten a second, on either side, of exponential size and one
 * fill, while the price walks on its own and the quote leans nowhere.
 */
export function randomTape(seconds: number, seed: number): Tape {
  const random = seededRandom(seed);
  const exponential = (mean: number): number => -mean * Math.log(1 - random.next());
  const orders: MadeOrder[] = [];
  let middle = 60_000;
  for (let at = exponential(100); at < seconds * 1000; at += exponential(100)) {
    middle += random.normal();
    orders.push({
      at: Math.floor(at),
      sign: random.next() < 0.5 ? -1 : 1,
      fills: [0.001 + exponential(0.05)],
      middle,
      spread: 0.01 * (1 + random.integer(4)),
      bidSize: 0.01 + exponential(1),
      askSize: 0.01 + exponential(1),
    });
  }
  return tapeOf(orders);
}
