import { autocorrelation } from "../estimators/autocorrelation.ts";
import { hill } from "../estimators/hill.ts";
import { mean, standardDeviation } from "../estimators/moments.ts";
import { median } from "../estimators/quantile.ts";
import { finite } from "../estimators/values.ts";
import type { TickFact } from "./tick-fact.ts";
import type { MarketOrders, TickSample } from "./tick-sample.ts";

const ORDERS_MIN = 200;
/** A memory, a tail and a cluster want more. */
const MANY_ORDERS = 500;

/**
 * Rows 1 to 9: when market orders come, how large, and on which side. Power laws of size, memory of signs:
 * Lillo and Farmer (2004); Bouchaud et al. (2004). Arrivals near criticality: Hardiman, Bercot and Bouchaud,
 * arXiv 1302.1405; their branching ratio from mean and variance: Hardiman and Bouchaud, arXiv 1403.5227.
 */
export const ORDER_FACTS = {
  tradeRate: {
    row: 1,
    title: "trades a second",
    unit: "per s",
    formula: "(trades - 1) / seconds from the first to the last",
    orders: ORDERS_MIN,
    measure: ({ trades, seconds }) => finite((trades - 1) / seconds),
  },
  fillsPerOrder: {
    row: 2,
    title: "trades per market order",
    unit: "",
    formula: "trades / market orders",
    orders: ORDERS_MIN,
    measure: ({ trades, orders }) => finite(trades / orders.times.length),
  },
  arrivalSpread: {
    row: 3,
    title: "clustering of market orders",
    unit: "",
    formula: "sd(gap) / E(gap) of the times between them (at random: 1)",
    orders: MANY_ORDERS,
    measure: ({ orders }) => arrivalSpread(orders),
  },
  branching: {
    row: 4,
    title: "market orders caused by others",
    unit: "",
    formula: "1 - 1 / √(var(N) / E(N)), N orders in windows of 50 on average (at random: 0)",
    orders: MANY_ORDERS,
    measure: ({ orders }) => branching(orders, 50),
  },
  sizeSpread: {
    row: 5,
    title: "spread of sizes",
    unit: "",
    formula: "sd(ln q)",
    orders: ORDERS_MIN,
    measure: ({ orders }) => standardDeviation(orders.sizes.map(Math.log)),
  },
  sizeRatio: {
    row: 6,
    title: "mean size over the median",
    unit: "",
    formula: "E(q) / median(q)",
    orders: ORDERS_MIN,
    measure: ({ orders }) => sizeRatio(orders),
  },
  sizeTail: {
    row: 7,
    title: "tail index of sizes",
    unit: "",
    formula: "Hill's estimator of q, largest 5 %",
    orders: MANY_ORDERS,
    measure: ({ orders }) => hill(orders.sizes, 0.05),
  },
  signAcf1: signAcf(8, 1),
  signAcf10: signAcf(9, 10),
} as const satisfies Record<string, TickFact>;

function signAcf(row: number, lag: number): TickFact {
  return {
    row,
    title: `memory of sides, ${lag} on`,
    unit: "",
    formula: `acf(s) at ${lag}`,
    orders: MANY_ORDERS,
    measure: ({ orders }: TickSample) => autocorrelation(orders.signs, lag),
  };
}

function arrivalSpread({ times }: MarketOrders): number | undefined {
  const gaps = times.subarray(1).map((time, i) => time - times[i]!);
  const deviation = standardDeviation(gaps);
  const usual = mean(gaps);
  return deviation === undefined || usual === undefined ? undefined : finite(deviation / usual);
}

/** Fewer windows than this have no variance to speak of. */
const WINDOWS_MIN = 8;

/**
 * Share of market orders that another one caused, if arrivals are a Hawkes process: its counts in long windows
 * have a variance of E(N) / (1 - n)². Below 0 where orders come more evenly than by chance.
 */
function branching({ times }: MarketOrders, perWindow: number): number | undefined {
  const windows = Math.floor((times.length - 1) / perWindow);
  if (windows < WINDOWS_MIN) return undefined;
  const first = times[0]!;
  const length = ((times.at(-1)! - first) / (times.length - 1)) * perWindow;
  const counts = new Float64Array(windows);
  for (const time of times) {
    const window = Math.floor((time - first) / length);
    if (window < windows) counts[window]! += 1;
  }
  const deviation = standardDeviation(counts);
  const usual = mean(counts);
  if (deviation === undefined || usual === undefined) return undefined;
  return finite(1 - Math.sqrt(usual) / deviation);
}

function sizeRatio({ sizes }: MarketOrders): number | undefined {
  const usual = mean(sizes);
  const middle = median(sizes);
  return usual === undefined || middle === undefined ? undefined : finite(usual / middle);
}
