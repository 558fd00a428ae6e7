import { autocorrelation } from "../estimators/autocorrelation.ts";
import { pearson } from "../estimators/correlation.ts";
import { mean } from "../estimators/moments.ts";
import { median } from "../estimators/quantile.ts";
import { finite } from "../estimators/values.ts";
import { volatilityOver } from "./middles.ts";
import type { TickFact } from "./tick-fact.ts";
import type { MarketOrders, TickSample } from "./tick-sample.ts";

const ORDERS_MIN = 200;
const MANY_ORDERS = 500;
const BASIS_POINTS = 1e4;

/**
 * Rows 10 to 16: the quotes that market orders meet, and how the middle moves from one to the next. Imbalance
 * that foretells the next move: Gould and Bonart (2016). A volatility that is the same at any scale: no
 * profit without risk, Bouchaud et al. (2004).
 */
export const QUOTE_FACTS = {
  oneTickSpread: {
    row: 10,
    title: "share of spreads of one tick",
    unit: "",
    formula: "share of market orders with ask - bid = 1 tick before",
    orders: ORDERS_MIN,
    measure: oneTickSpread,
  },
  meanSpread: {
    row: 11,
    title: "spread, bp",
    unit: "bp",
    formula: "E((ask - bid) / m) before market orders",
    orders: ORDERS_MIN,
    measure: ({ quoted }) => meanSpread(quoted),
  },
  touchSize: {
    row: 12,
    title: "quantity at the best price, base units",
    unit: "base",
    formula: "median of bid and ask quantities before market orders",
    orders: ORDERS_MIN,
    measure: ({ quoted }) => median([...quoted.bidSizes, ...quoted.askSizes]),
  },
  jump: {
    row: 13,
    title: "move of the middle, bp",
    unit: "bp",
    formula: "median |Δ ln m| from one market order to the next, where m moved",
    orders: ORDERS_MIN,
    measure: ({ quoted }) => jump(quoted),
  },
  returnAcf: {
    row: 14,
    title: "correlation of returns",
    unit: "",
    formula: "acf(r) at 1, r = Δ ln m from one market order to the next",
    orders: MANY_ORDERS,
    measure: ({ quoted }) => autocorrelation(returnsOf(quoted), 1),
  },
  signature: {
    row: 15,
    title: "volatility over 10 s over that over 1 s",
    unit: "",
    formula: "σ(10 s) / σ(1 s), σ(τ)² = E((ln m(t + τ) - ln m(t))²) / τ (random walk: 1)",
    orders: MANY_ORDERS,
    measure: signature,
  },
  imbalance: {
    row: 16,
    title: "imbalance and the next move",
    unit: "",
    formula: "corr((bid_qty - ask_qty) / (bid_qty + ask_qty), sign of the next change of m)",
    orders: MANY_ORDERS,
    measure: ({ quoted }) => imbalance(quoted),
  },
} as const satisfies Record<string, TickFact>;

function oneTickSpread({ quoted, tick }: TickSample): number | undefined {
  if (tick === undefined) return undefined;
  let narrow = 0;
  for (const [i, ask] of quoted.asks.entries()) {
    if (Math.round((ask - quoted.bids[i]!) / tick) === 1) narrow += 1;
  }
  return finite(narrow / quoted.asks.length);
}

function meanSpread({ bids, asks }: MarketOrders): number | undefined {
  return mean(asks.map((ask, i) => ((ask - bids[i]!) / (ask + bids[i]!)) * 2 * BASIS_POINTS));
}

function jump(orders: MarketOrders): number | undefined {
  const moves = returnsOf(orders).filter((move) => move !== 0);
  const middle = median(moves.map(Math.abs));
  return middle && middle * BASIS_POINTS;
}

function returnsOf({ middles }: MarketOrders): Float64Array {
  return middles.subarray(1).map((middle, i) => middle - middles[i]!);
}

function signature({ quoted }: TickSample): number | undefined {
  const [long, short] = [volatilityOver(quoted, 10_000), volatilityOver(quoted, 1_000)];
  return long === undefined || short === undefined ? undefined : finite(long / short);
}

function imbalance({ bidSizes, askSizes, middles }: MarketOrders): number | undefined {
  const leans: number[] = [];
  const moves: number[] = [];
  let next = 0;
  for (let i = middles.length - 2; i >= 0; i--) {
    if (middles[i] !== middles[i + 1]) next = Math.sign(middles[i + 1]! - middles[i]!);
    if (next === 0) continue;
    leans.push((bidSizes[i]! - askSizes[i]!) / (bidSizes[i]! + askSizes[i]!));
    moves.push(next);
  }
  return pearson(leans, moves);
}
